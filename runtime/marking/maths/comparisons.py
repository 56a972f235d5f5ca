"""Comparisons: 3/4 < 2/3 in a line of working, and whether it is true.

untrue_comparisons("3/4 < 2/3")   # [(0, 9)]
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from runtime.marking.maths.expression import parse
from runtime.marking.maths.polynomial import NotExactError
from runtime.marking.maths.sides import Side, prefix, suffix
from runtime.marking.maths.statements import pieces
from runtime.marking.maths.tokens import Token

_SIGNS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    "≤": operator.le,
    ">=": operator.ge,
    "≥": operator.ge,
    "!=": operator.ne,
    "≠": operator.ne,
}
_PERCENTS = (Fraction(1, 100), Fraction(1))


def untrue_comparisons(text: str) -> list[tuple[int, int]]:
    """Return the places of comparisons of plain numbers that no reading makes true.

    With a unit, a word or a letter on a side nothing is said: 30 cm > 1 m needs more than order.
    """
    if not any(sign in text for sign in "<>≤≥≠!"):
        return []
    readings = [_untrue(text, swap) for swap in (False, True)]
    return [place for place in readings[0] if place in readings[1]]


def _untrue(text: str, swap: bool) -> list[tuple[int, int]]:
    return [
        (left.start, right.end)
        for left, sign, right in _compared(text, swap)
        if not any(_holds(left, sign, right, rate) for rate in _PERCENTS)
    ]


def _compared(text: str, swap: bool) -> Iterator[tuple[Side, str, Side]]:
    for before, sign, after in pieces(text, swap):
        if sign.text not in _SIGNS or _is_arrow(before, sign):
            continue
        left, right = suffix(before), prefix(after)
        if left and right and _is_plain(left) and _is_plain(right) and _is_whole(right, after):
            yield left, sign.text, right


def _is_arrow(before: Sequence[Token], sign: Token) -> bool:
    return bool(before) and before[-1].text == "-" and not sign.spaced


def _is_plain(side: Side) -> bool:
    names = any(token.kind == "name" for token in side.tokens)
    return not side.loose and not names and side.tokens == side.whole


def _is_whole(side: Side, after: Sequence[Token]) -> bool:
    return len(side.whole) == len(after)


def _holds(left: Side, sign: str, right: Side, rate: Fraction) -> bool:
    try:
        first, second = parse(left.tokens, rate).constant, parse(right.tokens, rate).constant
    except NotExactError:
        return True
    return first is None or second is None or _SIGNS[sign](first, second)
