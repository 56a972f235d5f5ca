"""Calculations: whether each link of a statement holds, exactly and under every fair reading.

A link is false only if no fair reading makes it true: percent signs as hundredths or as a unit,
units converted or dropped, 1.500 as 1.5 or 1500, results rounded or cut at two or more decimals,
and rounded to any place where the line says so (≈, about, rounded).
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from fractions import Fraction
from itertools import pairwise

import msgspec

from runtime.marking.maths.expression import parse
from runtime.marking.maths.polynomial import NotExactError, Polynomial
from runtime.marking.maths.remainders import divisions
from runtime.marking.maths.sides import Side
from runtime.marking.maths.statements import Statement, find_statements, has_time_of_day
from runtime.marking.maths.tokens import Token
from runtime.marking.maths.units import find_unit

_ROUNDED = re.compile(
    r"≈|~|\babout\b|\bapprox|\bround(?:ed|s|ing|\W+(?:up|down|off|to|it))\b|\bnearest\b|\bnearly\b|"
    r"\balmost\b|\broughly\b|\bremainder\b|\bleft ?over\b|\br ?\d|\.\.\.|…|\bwhole number|circa",
    re.IGNORECASE,
)
_PERCENTS = (Fraction(1, 100), Fraction(1))
_ECHO = Fraction(1, 200)
"""Relative error allowed where an operand is itself a rounded endless decimal (33.33, 0.67)."""


class Truth(Enum):
    """What is known of a link."""

    HOLDS = auto()
    FALSE = auto()
    RUN_ON = auto()
    """The calculation goes on behind the result: 12 + 5 = 17 - 2 = 15."""
    OPEN = auto()
    """No calculation, or one that cannot be judged."""


class Link(msgspec.Struct, frozen=True):
    """One ``left = right``: the places of both sides in the line's text, end exclusive."""

    left: tuple[int, int]
    right: tuple[int, int]
    truth: Truth


def check_links(text: str, *, identities: bool = False, ends: Sequence[int] = ()) -> list[Link]:
    """Return the judged links of plain text; ``ends`` are the places where its lines end.

    With ``identities`` every = between terms of the same variables claims that they are the same
    for all values, 2(x + 3) = 2x + 3; without, it may be an equation to solve.
    """
    links = _without_remainder(text, identities, ends)
    return _with_remainder(text) + links


def _with_remainder(text: str) -> list[Link]:
    return [
        Link(left, right, Truth.HOLDS if holds else Truth.FALSE)
        for left, right, holds in divisions(text)
    ]


def _without_remainder(text: str, identities: bool, ends: Sequence[int]) -> list[Link]:
    readings = [_links(text, swap, identities, ends) for swap in (False, True)]
    if len(readings[0]) != len(readings[1]):
        return readings[0]
    pairs = zip(*readings, strict=True)
    return [other if first.truth is Truth.FALSE else first for first, other in pairs]


def _links(text: str, swap: bool, identities: bool, ends: Sequence[int]) -> list[Link]:
    found = []
    for statement in find_statements(text, swap):
        for index, (left, right) in enumerate(pairwise(statement.sides)):
            if left is not None and right is not None:
                last = index + 2 == len(statement.sides)
                if any(right.start < end < right.end for end in ends):
                    last = False  # "= 36", and "+ 5" below it: what follows works on with 36
                truth = _truth(statement, left, right, last)
                if index and truth is Truth.OPEN and not _has_letters(statement):
                    truth = _truth_of_results(left, right, last)
                if identities and truth is Truth.OPEN and _is_no_identity(left, right):
                    truth = Truth.FALSE
                found.append(Link((left.start, left.end), (right.start, right.end), truth))
    return found


def _truth(statement: Statement, left: Side, right: Side, last: bool) -> Truth:
    if left.loose or (right.loose and last) or not (left.calculates or (right.calculates and last)):
        return Truth.OPEN
    if has_time_of_day(statement.text) or _has_clock(left) or _has_clock(right):
        return Truth.OPEN
    try:
        return _judged(statement, left, right, last)
    except NotExactError:
        return Truth.OPEN


def _truth_of_results(left: Side, right: Side, last: bool) -> Truth:
    """Judge what follows a result in a chain: 2 + 3 = 5 = 10, and 25 × 4 = 100 = 100 + 7 = 107.

    Only plain numbers: of "5 = 10 pairs" nobody knows what is meant.
    """
    if left.loose or right.loose or left.calculates or not _is_plain(left) or not _is_plain(right):
        return Truth.OPEN
    rounded = any(token.decimals for token in (*left.tokens, *right.tokens))
    try:
        first = [parse(left.tokens, rate) for rate in _PERCENTS]
        second = [parse(right.tokens, rate) for rate in _PERCENTS]
    except NotExactError:
        return Truth.OPEN
    pairs = [(a.constant, b.constant) for a in first for b in second]
    if any(_agree(a, b, left, right, rounded) for a, b in pairs):
        return Truth.HOLDS
    if right.calculates and not last and first[0].constant in _running(right):
        return Truth.RUN_ON
    return Truth.FALSE


def _has_letters(statement: Statement) -> bool:
    """Whether a letter stands in it: below 3x = 27, "= 9" may well mean x."""
    tokens = (token for side in statement.sides if side for token in side.tokens)
    return any(token.kind == "name" for token in tokens)


def _is_plain(side: Side) -> bool:
    return side.tokens == side.whole


def _judged(statement: Statement, left: Side, right: Side, last: bool) -> Truth:
    rounded = statement.approximate or _ROUNDED.search(statement.text) is not None
    values = [(parse(left.tokens, rate), parse(right.tokens, rate)) for rate in _PERCENTS]
    if any(token.kind == "name" for token in (*left.tokens, *right.tokens)):
        return _algebraic(values[0], left, right)
    mixed = [(first, second) for first, _ in values for _, second in values]
    if any(_agree(a.constant, b.constant, left, right, rounded) for a, b in mixed):
        return Truth.HOLDS
    if _agree_in_units(left, right, rounded) or _agrees_without_label(left, right, rounded):
        return Truth.HOLDS
    if any(value.constant is None for value in values[0]):
        return Truth.OPEN
    runs_on = right.calculates and any(
        _agree(value.constant, first, left, right, rounded)
        for value, _ in values
        for first in _running(right)
    )
    return Truth.RUN_ON if runs_on and not last else Truth.FALSE


def _algebraic(values: tuple[Polynomial, Polynomial], left: Side, right: Side) -> Truth:
    """Judge a step that collects terms, 2x + 3x = 6x; other equations are no statements."""
    first, second = values
    if first == second:
        return Truth.HOLDS
    names = first.variables
    terms = [key for value in values for key in value.terms]
    alike = len(names) == 1 and second.variables == names and len(set(terms)) == 1
    return Truth.FALSE if alike and left.calculates and not right.calculates else Truth.OPEN


def _is_no_identity(left: Side, right: Side) -> bool:
    """Whether two terms of the same variables differ; a term is more than a letter."""
    if left.loose or right.loose or not left.calculates:
        return False
    try:
        first, second = parse(left.tokens), parse(right.tokens)
    except NotExactError:
        return False
    return bool(first.variables) and first.variables == second.variables and first != second


def _running(side: Side) -> list[Fraction | None]:
    """Return the values of the beginnings of a side, up to each + or - outside brackets."""
    values: list[Fraction | None] = []
    depth = 0
    for index, token in enumerate(side.tokens):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if index and not depth and token.text in ("+", "-", "*", "/", ":"):
            try:
                values.append(parse(side.tokens[:index]).constant)
            except NotExactError:
                continue
    return values


def _agree(
    first: Fraction | None, second: Fraction | None, left: Side, right: Side, rounded: bool
) -> bool:
    if first is None or second is None:
        return False
    if first == second:
        return True
    if not right.calculates and _is_rounding(first, second, right, rounded):
        return True
    if not left.calculates and _is_rounding(second, first, left, rounded):
        return True
    return (_echoes(left) or _echoes(right)) and abs(first - second) <= _ECHO * abs(first)


def _is_rounding(exact: Fraction, shown: Fraction, side: Side, rounded: bool) -> bool:
    """Whether ``shown`` is ``exact`` rounded or cut at the places that are written."""
    places = max((token.decimals for token in side.tokens), default=0)
    unit = Fraction(1, 10**places)
    if rounded and places == 0:
        return abs(exact - shown) <= max(1, _last_place(shown))
    enough = places >= 2 or (places == 1 and (exact * 1000).denominator != 1)
    return (enough or rounded) and abs(exact - shown) < unit


def _last_place(value: Fraction) -> int:
    """Return half the place that zeros at the end suggest a whole number was rounded to."""
    whole, place = abs(value.numerator), 1
    while whole and whole % 10 == 0 and place < 10**6:
        whole, place = whole // 10, place * 10
    return place // 2


def _echoes(side: Side) -> bool:
    """Whether an operand is an endless decimal written short."""
    return any(
        token.decimals >= 2 and re.search(r"(\d)\1$|[36]7$|83$|(\d\d)\2$", token.text)
        for token in side.tokens
        if token.kind == "number" and not token.text.endswith("00")
    )


def _has_clock(side: Side) -> bool:
    """Whether 2:30 may be a time, so that the colon is no division."""
    tokens = side.tokens
    return any(
        token.text == ":" and index + 1 < len(tokens) and len(tokens[index + 1].text) == 2
        and not token.spaced
        for index, token in enumerate(tokens)
    )  # fmt: skip


def _agree_in_units(left: Side, right: Side, rounded: bool) -> bool:
    """Compare with every known unit converted: 50 cm + 50 cm = 1 m."""
    try:
        first, second = parse(_in_base(left)).constant, parse(_in_base(right)).constant
    except NotExactError:
        return False
    if first is None or second is None:
        return False
    tolerance = abs(first) * Fraction(1, 1000) if rounded else Fraction(0)
    return abs(first - second) <= tolerance


def _in_base(side: Side) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for token in side.tokens:
        factor = _factor_behind(side.whole, token) if token.kind == "number" else Fraction(1)
        worth = token.value * factor if token.value is not None else None
        tokens.append(msgspec.structs.replace(token, value=worth) if worth else token)
    return tuple(token for token in tokens if token.kind != "name")


def _factor_behind(whole: tuple[Token, ...], token: Token) -> Fraction:
    index = whole.index(token)
    after = whole[index + 1] if index + 1 < len(whole) else None
    unit = find_unit(after.text) if after is not None and after.kind == "name" else None
    return unit.factor if unit is not None and unit.offset == 0 else Fraction(1)


def _is_label(tokens: tuple[Token, ...]) -> bool:
    """Whether a small number and a colon or dash number the line."""
    first, sign, after = tokens[:3]
    dash = sign.text == "-" and sign.spaced and after.spaced
    return (sign.text == ":" or dash) and first.value is not None and 0 < first.value <= 20


def _agrees_without_label(left: Side, right: Side, rounded: bool) -> bool:
    """Read "- 3 + 4 = 7" and "Day 3:4+5=9" without the bullet and the label."""
    bullet = left.tokens[0].text == "-" and left.tokens[1].spaced if left.tokens[1:] else False
    label = len(left.tokens) > 3 and _is_label(left.tokens)
    at = 1 if label else 0
    if not bullet and not label:
        return False
    rest = Side(left.tokens[at + 1 :], left.whole)
    try:
        first, second = parse(rest.tokens).constant, parse(right.tokens).constant
    except NotExactError:
        return False
    return rest.calculates and _agree(first, second, rest, right, rounded)
