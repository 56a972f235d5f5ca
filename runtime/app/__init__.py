"""The Textual app: screens over the same core as the command line. ``kindmark app`` starts it.

``app`` is the program, ``screens`` has a module or folder for each place one can be in, and
``widgets`` what several of them show. What a session or a marking desk does is in ``runtime.study``
and ``runtime.desk``, which know no Textual.
"""
