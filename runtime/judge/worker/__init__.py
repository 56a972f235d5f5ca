"""The marker in a process of its own, so that no screen waits and no crash takes one with it.

``messages`` is what the two sides say to each other, ``process`` the side that marks, ``client``
the side that asks.
"""
