"""Sums that a question writes out, worked one operation at a time: 3/4 + 5/6, 2 × (3 + 4).

    for step in work_out("3/4 + 5/6"):
        step.action, step.line         what is done, and the line it gives

Whole numbers, decimals, fractions, brackets, + - × ÷; all exact. Where anything else stands,
nothing is worked out.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import msgspec

from runtime.marking.child_words import ByAge
from runtime.marking.maths.notation import plain
from runtime.study import moves

_EXPRESSION = re.compile(r"(?<![\w.,/])[(\d](?:[\d\s+\-*/().]|(?<=[\d)] )x(?= [\d(]))*[\d)]")
_TOKEN = re.compile(
    r"\s*(?:(?P<mixed>\d+ \d+/\d+)|(?P<fraction>\d+/\d+)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>.))"
)
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_MOST_CHARS, _MOST_TOKENS = 200, 40


class Step(msgspec.Struct, frozen=True):
    """One thing that is done: in words, with its numbers, and the line of working it gives."""

    action: ByAge
    values: dict[str, str]
    line: str


class _Number(msgspec.Struct, frozen=True):
    value: Fraction
    places: int | None = None
    """Decimal places as written; ``None`` for a fraction."""


class _Sum(msgspec.Struct, frozen=True):
    sign: str
    left: "_Number | _Sum"
    right: "_Number | _Sum"


class _NoSumError(Exception):
    """There is nothing here that can be worked out."""


def find_sum(question: str) -> str:
    """Return the longest written-out sum of a question, "" if there is none."""
    found = [match.group() for match in _EXPRESSION.finditer(plain(question[:2000]))]
    sums = [one for one in found if re.search(r"[\d)]\s*[-+*/x]\s*[\d(]", one)]
    best = max(sums, key=len, default="")
    return best if len(best) <= _MOST_CHARS else ""


def work_out(text: str) -> list[Step]:
    """Return the steps to the value of a sum; none where it cannot be read."""
    try:
        return list(_steps(_Reader(text).whole()))
    except (_NoSumError, ZeroDivisionError):
        return []


class _Reader:
    """Reads + and - below × and ÷, from the left."""

    def __init__(self, text: str) -> None:
        text = re.sub(r"\bx\b", "*", text)
        self._tokens = list(_TOKEN.finditer(text.strip()))[: _MOST_TOKENS + 1]
        if len(self._tokens) > _MOST_TOKENS:
            raise _NoSumError
        self._at = 0

    def whole(self) -> _Number | _Sum:
        found = self._total()
        if self._at < len(self._tokens):
            raise _NoSumError
        return found

    def _total(self) -> _Number | _Sum:
        found = self._product()
        while sign := self._sign("+", "-"):
            found = _Sum(sign, found, self._product())
        return found

    def _product(self) -> _Number | _Sum:
        found = self._single()
        while sign := self._sign("*", "/"):
            found = _Sum(sign, found, self._single())
        return found

    def _single(self) -> _Number | _Sum:
        if self._sign("("):
            found = self._total()
            if not self._sign(")"):
                raise _NoSumError
            return found
        if self._at >= len(self._tokens) or self._tokens[self._at]["sign"]:
            raise _NoSumError
        token = self._tokens[self._at]
        self._at += 1
        return _read(token)

    def _sign(self, *signs: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at]["sign"] in signs:
            self._at += 1
            return str(self._tokens[self._at - 1]["sign"])
        return ""


def _read(token: re.Match[str]) -> _Number:
    if token["mixed"]:
        whole, part = token["mixed"].split()
        return _Number(int(whole) + Fraction(part))
    if token["fraction"]:
        return _Number(Fraction(token["fraction"]))
    return _Number(Fraction(token["number"]), len(token["number"].partition(".")[2]))


def _steps(found: _Number | _Sum) -> Iterator[Step]:
    while isinstance(found, _Sum):
        first = _innermost(found)
        result = _result(first)
        yield from _worked(first, result)
        found = _put(found, first, result)


def _innermost(found: _Sum) -> _Sum:
    for side in (found.left, found.right):
        if isinstance(side, _Sum):
            return _innermost(side)
    return found


def _put(found: _Sum, done: _Sum, result: _Number) -> _Number | _Sum:
    """Return the sum with ``done`` replaced, at its first place only."""
    if found is done:
        return result
    if isinstance(found.left, _Sum):
        return _Sum(found.sign, _put(found.left, done, result), found.right)
    assert isinstance(found.right, _Sum)
    return _Sum(found.sign, found.left, _put(found.right, done, result))


def _result(one: _Sum) -> _Number:
    left, right = one.left, one.right
    assert isinstance(left, _Number)
    assert isinstance(right, _Number)
    value = {
        "+": lambda: left.value + right.value,
        "-": lambda: left.value - right.value,
        "*": lambda: left.value * right.value,
        "/": lambda: left.value / right.value,
    }[one.sign]()
    decimal = left.places is not None and right.places is not None
    places = (left.places or 0) + (right.places or 0) + (3 if one.sign == "/" else 0)
    exact = (value * 10**places).denominator == 1
    return _Number(value, places if decimal and exact else None)


def _worked(one: _Sum, result: _Number) -> Iterator[Step]:
    left, right = one.left, one.right
    assert isinstance(left, _Number)
    assert isinstance(right, _Number)
    sides = (left.value.denominator, right.value.denominator)
    fractions = left.places is None or right.places is None
    if one.sign in "+-" and fractions and sides[0] != sides[1]:
        below = lcm(*sides)
        for side in (left, right):
            if side.value.denominator != below:
                line = f"{_said(side)} = {_over(side.value, below)}"
                yield Step(moves.SAME_BELOW, {"below": str(below)}, line)
        both = f"{_over(left.value, below)} {_SIGNS[one.sign]} {_over(right.value, below)}"
        yield Step(moves.ADD_TOPS, {"sum": both}, f"{both} = {_said(result)}")
        return
    said = f"{_said(left)} {_SIGNS[one.sign]} {_said(right)}"
    values = {"sum": said, "left": _said(left), "right": _said(right)}
    yield Step(moves.for_sign(one.sign, fractions), values, f"{said} = {_said(result)}")


def _over(value: Fraction, below: int) -> str:
    return f"{value.numerator * (below // value.denominator)}/{below}"


def _said(number: _Number) -> str:
    value = number.value
    if value.denominator == 1:
        return str(value.numerator)
    if number.places is None:
        return f"{value.numerator}/{value.denominator}"
    return f"{float(value):.{number.places}f}".rstrip("0")
