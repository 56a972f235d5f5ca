"""What a child wrote, with what the findings point at: underlined, and numbered as below.

    marked_text("3/4+1/4=2/8", [Pointer(8, 11, "a wrong sum")])     2/8 underlined, ₁ behind it

Nothing in the text is run or styled: see ``plain``.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from textual.content import Content

from runtime.app.plain import shown
from runtime.words import _, number

MOST_CHARS = 20_000
"""More than any school essay; drawing more would be felt."""

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Pointer(NamedTuple):
    """A piece of the text, in code points with the end exclusive, and what is said about it."""

    start: int
    end: int
    message: str


def number_words(number: int) -> str:
    """Return a number as it stands behind what it points at."""
    return str(number).translate(_DIGITS)


def marked_text(text: str, pointers: Sequence[Pointer], most: int = MOST_CHARS) -> Content:
    """Return the text with every pointer's piece underlined and its number behind it."""
    if not text.strip():
        return Content.styled(_("(nothing was written)"), "italic")
    length = min(len(text), most)
    cuts = {0, length}
    for one in pointers:
        cuts |= {min(one.start, length), min(one.end, length)}
    edges = sorted(cuts)
    parts: list[Content] = []
    for start, end in pairwise(edges):
        inside = any(one.start < end and start < one.end for one in pointers)
        piece = shown(text[start:end])
        parts.append(Content.styled(piece, "underline bold") if inside else Content(piece))
        numbers = [n for n, one in enumerate(pointers, 1) if min(one.end, length) == end]
        if numbers:
            said = ",".join(map(number_words, numbers))
            parts.append(Content.styled(said, "$accent bold"))
    if length < len(text):
        parts.append(Content(f" … (+{number(len(text) - length)})"))
    return Content("").join(parts)
