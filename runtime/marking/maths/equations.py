"""Equations: linear equations in one variable, solved exactly, and steps between them."""

from fractions import Fraction

import msgspec

from runtime.marking.maths.expression import parse
from runtime.marking.maths.notation import plain
from runtime.marking.maths.polynomial import NotExactError
from runtime.marking.maths.statements import Side, find_statements
from runtime.marking.maths.tokens import Token, tokenize

_PLACES_KEPT = 2
"""A solution written with at least so many decimals may be a rounded one."""


class Solution(msgspec.Struct, frozen=True):
    """What solves an equation: one ``value``, or every number, or none.

    ``decimals`` are the most decimal places written in it; ``solved`` tells a line x = 3.
    """

    name: str
    value: Fraction | None
    every: bool = False
    decimals: int = 0
    solved: bool = False
    start: int = 0
    end: int = 0


def solutions(text: str) -> list[Solution]:
    """Return the solution of every linear equation in one variable in a line of plain text."""
    found = []
    for statement in find_statements(text):
        pairs = zip(statement.sides, statement.sides[1:])
        for left, right in pairs:
            if left is None or right is None or left.loose or right.loose:
                continue
            solution = solve(left, right)
            if solution is not None:
                found.append(solution)
    return found


def solve(left: Side, right: Side) -> Solution | None:
    """Return what solves ``left = right``; ``None`` where it is not linear in one variable."""
    try:
        difference = parse(left.tokens) - parse(right.tokens)
    except NotExactError:
        return None
    names = {token.text for token in (*left.tokens, *right.tokens) if token.kind == "name"}
    name = next(iter(names)) if len(names) == 1 else ""
    line = difference.linear(name) if name else None
    if line is None:
        return None
    slope, constant = line
    decimals = max((token.decimals for token in (*left.tokens, *right.tokens)), default=0)
    value = -constant / slope if slope else None
    return Solution(
        name.casefold(), value, not slope and not constant, decimals, _is_solved(left, right), left.start,
        right.end,
    )  # fmt: skip


def _is_solved(left: Side, right: Side) -> bool:
    sides = sorted((left.tokens, right.tokens), key=len)
    short, long = (sides[0], sides[1])
    if len(short) == 1 and short[0].kind != "name":
        short, long = long, short
    alone = len(short) == 1 and short[0].kind == "name"
    digits = [token for token in long if token.text != "-"]
    if not alone or any(token.kind == "name" for token in long):
        return False
    if len(digits) == 1:
        return True
    parts = [token.value for token in long if token.value is not None]
    quotient = len(parts) == 2 and [token.text for token in digits[1:2]] == ["/"] and parts[1]
    return (
        bool(quotient)
        and len(long) - len(digits) < 2
        and long[-2].text == "/"
        and (Fraction(parts[0], parts[1]).denominator == parts[1])
    )


def same_solution(before: Solution, after: Solution) -> bool:
    """Whether two equations are solved by the same numbers, decimals being rounded or not."""
    if before.value is None or after.value is None:
        return before.every == after.every and before.value == after.value
    if before.value == after.value:
        return True
    places = max(before.decimals, after.decimals)
    if places < _PLACES_KEPT:
        return False
    return abs(before.value - after.value) < Fraction(1, 10**places)


def step_holds(before: str, after: str) -> bool | None:
    """Whether one equation follows from another; ``None`` where either is not linear."""
    first, second = _only(before), _only(after)
    if first is None or second is None or first.name != second.name:
        return None
    return same_solution(first, second)


def _only(text: str) -> Solution | None:
    tokens = tokenize(plain(text))
    cuts = [index for index, token in enumerate(tokens) if token.text == "="]
    if len(cuts) != 1:
        return None
    left, right = tokens[: cuts[0]], tokens[cuts[0] + 1 :]
    return solve(_side(left), _side(right)) if left and right else None


def _side(tokens: list[Token]) -> Side:
    return Side(tuple(tokens), tuple(tokens))
