"""Divisions with remainder in a line of working: 17 ÷ 5 = 3 r 2."""

import re
from collections.abc import Iterator

_DIVISION = re.compile(
    r"(?<![\d.,/*+:-])\s*(?P<left>(?P<whole>\d{1,12})\s?[/:]\s?(?P<by>\d{1,12}))\s*=\s*"
    r"(?P<right>(?P<quotient>\d{1,12})\s?,?\s?(?:remainder|resto|rem|r)\.?\s?(?P<rest>\d{1,12}))"
    r"(?![\d/])",
    re.IGNORECASE,
)


def divisions(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], bool]]:
    """Yield the spans of both sides of every division with remainder, and whether it holds.

    It holds when divisor times quotient plus remainder is the dividend and the remainder is
    smaller than the divisor.
    """
    for match in _DIVISION.finditer(text):
        whole, by, quotient, rest = (
            int(match[name]) for name in ("whole", "by", "quotient", "rest")
        )
        yield match.span("left"), match.span("right"), by * quotient + rest == whole and rest < by
