"""How long work tells what it is doing: a line at a time, wherever the caller shows it."""

from collections.abc import Callable

Say = Callable[[str], None]
