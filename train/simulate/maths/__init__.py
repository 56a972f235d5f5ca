"""Maths problems of grade school, worked line by line, rightly and with named slips.

A template (``whole``, ``stories``, ``fractions``, ``decimals``, ``measures``, ``algebra``) makes a
``Problem`` whose ``solve`` is carried out by a ``Hand``: one that makes no slip gives the worked
solution, one with a slip makes it at one place and carries the mistake on. ``writing`` and
``finals`` put what the hand did on paper as children do, and ``answers`` labels it.
"""
