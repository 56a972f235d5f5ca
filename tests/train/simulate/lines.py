"""An evaluator of lines of working that knows nothing of the hand that wrote them."""

from fractions import Fraction

from train.simulate.maths.hand import Line
from train.simulate.maths.numbers import Pair, Side

Linear = tuple[Fraction, Fraction]
"""a·x + b."""


def holds(line: Line) -> bool:
    """Whether all sides of a line without a letter are equal."""
    first, *others = [value(side) for side in line.sides]
    return all(other == first for other in others)


def has_letter(line: Line) -> bool:
    return any(isinstance(t, str) and t.isalpha() for side in line.sides for t in side)


def root(line: Line) -> Fraction:
    """Return the solution of a linear equation."""
    (a, b), (c, d) = (linear(side) for side in line.sides)
    return (d - b) / (a - c)


def value(side: Side) -> Fraction:
    slope, constant = linear(side)
    assert slope == 0
    return constant


def linear(side: Side) -> Linear:
    """Work out one operation, or a number before a letter."""
    if len(side) == 2:
        return _times(_single(side[0]), _single(side[1]))
    if len(side) == 1:
        return _single(side[0])
    left, sign, right = _single(side[0]), side[1], _single(side[2])
    if sign == "*":
        return _times(left, right)
    if sign == "/":
        return left[0] / right[1], left[1] / right[1]
    factor = 1 if sign == "+" else -1
    return left[0] + factor * right[0], left[1] + factor * right[1]


def _times(a: Linear, b: Linear) -> Linear:
    assert 0 in (a[0], b[0])
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def _single(token: object) -> Linear:
    if isinstance(token, str):
        return Fraction(1), Fraction(0)
    if isinstance(token, Pair):
        return Fraction(0), token.value
    assert isinstance(token, Fraction)
    return Fraction(0), Fraction(token)
