"""Numbers as they stand in a line of working, and how they are written; exact, never floats.

shown(Fraction("7.5"), Notation(comma=True))  # "7,5"
"""

from fractions import Fraction
from typing import NamedTuple

import msgspec

MAX_PLACES = 3
"""More decimals than grade-school working has."""


class Pair(NamedTuple):
    """A fraction as it is written, simplified or not."""

    over: int
    under: int

    @property
    def value(self) -> Fraction:
        """The number it stands for."""
        return Fraction(self.over, self.under)


class Own(Fraction):
    """A number that does not stand in the question: found on the way, or known by heart."""


Token = Fraction | Pair | str
Side = tuple[Token, ...]


class Notation(msgspec.Struct, frozen=True):
    """How one child writes signs and numbers; the values are what stands on paper."""

    times: str = "×"
    over: str = "÷"
    spaced: bool = True
    comma: bool = False
    brackets: bool = True
    """Whether a negative number after a sign stands in brackets."""


def places(value: Fraction) -> int | None:
    """Return how many decimals ``value`` needs, ``None`` if more than ``MAX_PLACES``."""
    return next((n for n in range(MAX_PLACES + 1) if (value * 10**n).denominator == 1), None)


def decimal(value: Fraction, least: int = 0, comma: bool = False) -> str:
    """Return ``value`` with at least ``least`` decimals. Raises ``ValueError`` if it needs more
    than ``MAX_PLACES``.
    """
    needed = places(value)
    if needed is None:
        raise ValueError(f"{value} has no short decimal form")
    count = max(least, needed)
    digits = str(abs(int(value * 10**count))).zfill(count + 1)
    body = f"{digits[:-count]}{',' if comma else '.'}{digits[-count:]}" if count else digits
    return f"-{body}" if value < 0 else body


def shown(token: Token, notation: Notation) -> str:
    """Return one token as a child with this notation writes it."""
    if isinstance(token, Pair):
        return str(token.over) if token.under == 1 else f"{token.over}/{token.under}"
    if isinstance(token, Fraction):
        return decimal(token, comma=notation.comma)
    return {"*": notation.times, "/": notation.over}.get(token, token)


def shown_side(side: Side, notation: Notation) -> str:
    """Return one side of an equals sign: "3 × 4", "(-3) + 5", "2x + 1"."""
    parts: list[str] = []
    for at, token in enumerate(side):
        text = shown(token, notation)
        after_sign = at > 0 and side[at - 1] in ("+", "-", "*", "/")
        if isinstance(token, Fraction) and token < 0 and (notation.brackets or after_sign):
            text = f"({text})" if after_sign else text
        parts.append(text)
    return _joined(parts, {"+", "-", notation.times, notation.over}, notation.spaced)


def _joined(parts: list[str], signs: set[str], spaced: bool) -> str:
    text = ""
    for at, part in enumerate(parts):
        # A sign that opens a side belongs to its number.
        wide = spaced and at > 0 and part in signs
        text += f" {part} " if wide else part
    return text


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int) -> str:
    """Return a number from 0 to 99 in words."""
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
