"""The app in a browser of the same room, through textual-serve (the extra ``web``).

``serving`` is the server, ``codes`` says who may come in, ``pages`` are its two pages.
"""
