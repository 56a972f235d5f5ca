"""Asks the terminal whether its background is dark, while the app is still being imported.

    with asking() as question:
        from runtime.app.app import KindmarkApp         meanwhile the terminal answers
        heard = question.heard()                        heard.dark: True, False, or None

The question is xterm's OSC 11; behind it goes one that every terminal answers (DA1), so that one
which does not know the first is not waited for. What people type meanwhile comes to the same place
as the answer: it is in ``heard.typed``, and ``driver`` gives it to the app.
"""

import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

try:
    import termios
except ImportError:
    # Windows; its terminals are dark, or say so by COLORFGBG.
    _terminals = False
else:
    _terminals = True

PATIENCE_SECONDS = 0.05
"""Longest wait once there is nothing else to do. Most terminals have answered long before."""

_QUESTION = b"\x1b]11;?\x1b\\\x1b[c"
_DEAF = re.compile(r"$|dumb|unknown|linux|cons|vt\d|ansi|xterm-mono|.*-m$")
"""Terminals without such colours, which might draw the question instead of answering it."""

ANSWERS = re.compile(rb"\x1b\]11;([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b\[\?[\d;]*c")
_LAST = re.compile(rb"\x1b\[\?[\d;]*c")
_PART = rb"([\da-f]{1,4})"
_COLOUR = re.compile(rb"rgba?:%b/%b/%b(?:/[\da-f]+)?" % (_PART, _PART, _PART), re.IGNORECASE)


class Heard(NamedTuple):
    """``dark`` is ``None`` where nothing was said; ``here``: there is a terminal of our own."""

    dark: bool | None = None
    typed: bytes = b""
    here: bool = False


NOTHING_HEARD = Heard()


class Question:
    """A question that was put to the terminal ``number``; ``None``: to nobody."""

    def __init__(self, number: int | None) -> None:
        self._number = number

    def heard(self, patience: float = PATIENCE_SECONDS) -> Heard:
        """Return what has come until the last answer, waiting no longer than ``patience``."""
        if self._number is None:
            return Heard(here=_is_terminal(0) and _is_terminal(1))
        said, until = b"", time.monotonic() + patience
        while not _LAST.search(said) and (left := until - time.monotonic()) > 0:
            if select.select([self._number], [], [], left)[0]:
                piece = os.read(self._number, 4096)
                if not piece:
                    break
                said += piece
        colours = [match[1] for match in ANSWERS.finditer(said) if match[1] is not None]
        dark = is_dark(colours[0]) if colours else None
        return Heard(dark, ANSWERS.sub(b"", said), here=True)


@contextmanager
def asking(wanted: bool = True) -> Iterator[Question]:
    """Put the question, if ``wanted`` and there is a terminal that may answer it.

    Inside, what is typed is not echoed and comes at once; afterwards all is as it was.
    """
    number = _terminal() if wanted else None
    if number is None:
        yield Question(None)
        return
    before = termios.tcgetattr(number)
    quiet = termios.tcgetattr(number)
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
    try:
        # Now, and without a flush: what was typed already stays.
        termios.tcsetattr(number, termios.TCSANOW, quiet)
        os.write(1, _QUESTION)
        yield Question(number)
    finally:
        with suppress(termios.error):
            termios.tcsetattr(number, termios.TCSANOW, before)


def is_dark(colour: bytes) -> bool | None:
    """Return whether a colour ("rgb:1e1e/1e1e/2e2e") is dark; ``None`` if it is no colour."""
    match = _COLOUR.fullmatch(colour.strip())
    if not match:
        return None
    red, green, blue = (int(part, 16) / float(16 ** len(part) - 1) for part in match.groups())
    # Luma (ITU-R BT.601): which of the two texts, black or white, is read better on it.
    return bool(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)


def _terminal() -> int | None:
    """Return the number of the terminal that keys come from, if it may be asked."""
    if not _terminals or "NO_COLOR" in os.environ or _DEAF.match(os.environ.get("TERM", "")):
        return None
    return 0 if _is_terminal(0) and _is_terminal(1) else None


def _is_terminal(number: int) -> bool:
    try:
        return os.isatty(number)
    except OSError:
        return False
