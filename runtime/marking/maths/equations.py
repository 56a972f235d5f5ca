"""Equations: linear equations in one variable, solved exactly, and steps between them."""

from fractions import Fraction
from itertools import pairwise

import msgspec

from runtime.marking.maths.expression import parse
from runtime.marking.maths.notation import plain
from runtime.marking.maths.polynomial import NotExactError
from runtime.marking.maths.sides import Side
from runtime.marking.maths.statements import find_statements
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
        pairs = pairwise(statement.sides)
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
    every = not slope and not constant
    value = -constant / slope if slope else None
    solved = _is_solved(left, right)
    return Solution(name.casefold(), value, every, decimals, solved, left.start, right.end)


def _is_solved(left: Side, right: Side) -> bool:
    """Whether this is x = 3 or x = 3/4, with nothing left to work out."""
    names = [side.tokens for side in (left, right)]
    alone = [tokens for tokens in names if len(tokens) == 1 and tokens[0].kind == "name"]
    values = [tokens for tokens in names if all(token.kind != "name" for token in tokens)]
    if not alone or not values:
        return False
    tokens = values[0][1:] if values[0][0].text == "-" else values[0]
    if len(tokens) != 3 or tokens[1].text != "/":
        return len(tokens) == 1
    top, bottom = tokens[0].value, tokens[2].value
    return bool(top and bottom) and Fraction(top or 0, bottom or 1).denominator == bottom


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
