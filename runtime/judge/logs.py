"""Sends what llama.cpp prints to Python's ``logging`` instead of the terminal.

llama.cpp writes hundreds of lines to stderr while it loads a model. They go to the logger
``kindmark.llama``, which stays silent until an application gives it a handler::

    logging.getLogger("kindmark.llama").addHandler(logging.StreamHandler())
"""

import ctypes
import logging

from llama_cpp import llama_cpp as llama

LOGGER = logging.getLogger("kindmark.llama")
# Without a handler of its own, Python would print warnings to stderr as a last resort.
LOGGER.addHandler(logging.NullHandler())

# ggml_log_level of ggml.h; the list in llama-cpp-python's own logger is an older one.
_LEVELS = {1: logging.DEBUG, 2: logging.INFO, 3: logging.WARNING, 4: logging.ERROR}
_CONTINUES = 5


class _Lines:
    """Joins the pieces llama.cpp hands over into whole lines, each with the level it began with."""

    def __init__(self) -> None:
        self.level = logging.DEBUG
        self.text = ""

    def add(self, level: int, piece: str) -> None:
        if level != _CONTINUES:
            self.level = _LEVELS.get(level, logging.DEBUG)
        *whole, self.text = (self.text + piece).split("\n")
        for line in filter(None, map(str.strip, whole)):
            LOGGER.log(self.level, "%s", line)


_lines = _Lines()


def _receive(level: int, piece: bytes | None, _user_data: object) -> None:
    _lines.add(level, (piece or b"").decode("utf-8", "replace"))


# llama.cpp keeps only the address: this name keeps the callback itself alive.
_CALLBACK = llama.llama_log_callback(_receive)


def route() -> None:
    """Take over llama.cpp's log for the whole process; calling it again changes nothing."""
    llama.llama_log_set(_CALLBACK, ctypes.c_void_p(0))
