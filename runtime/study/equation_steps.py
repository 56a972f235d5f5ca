"""Linear equations in one variable, solved one step at a time.

for step in solve_steps("3(x + 4) = 27"):
    step.action, step.line        "3x + 12 = 27", "3x = 15", "x = 5"
"""

from collections.abc import Iterator
from fractions import Fraction

from runtime.marking.child_words import ByAge
from runtime.marking.maths.describe import describe
from runtime.marking.maths.equations import solve
from runtime.marking.maths.expression import parse
from runtime.marking.maths.notation import plain
from runtime.marking.maths.polynomial import NotExactError, Polynomial
from runtime.marking.maths.sides import Side
from runtime.marking.maths.statements import find_statements
from runtime.marking.maths.values import Algebra
from runtime.study import moves
from runtime.study.sums import Step

_MOST = 2000


def solve_steps(text: str) -> list[Step]:
    """Return the steps that solve the first equation in a text that is not solved yet."""
    for statement in find_statements(plain(text[:_MOST])):
        if len(statement.sides) == 2:
            left, right = statement.sides
            found = _steps_of(left, right) if left and right else []
            if found:
                return found
    return []


def _steps_of(left: Side, right: Side) -> list[Step]:
    solution = None if left.loose or right.loose else solve(left, right)
    if solution is None or solution.value is None or solution.solved:
        return []
    try:
        sides = parse(left.tokens), parse(right.tokens)
    except NotExactError:
        return []
    names = {name for side in sides for name in side.variables}
    brackets = any(token.text == "(" for token in (*left.tokens, *right.tokens))
    return list(_solved(*sides, names.pop(), brackets)) if len(names) == 1 else []


def _solved(left: Polynomial, right: Polynomial, name: str, brackets: bool) -> Iterator[Step]:
    if brackets:
        yield Step(moves.EXPAND, {}, _equation(left, right))
    if right.variables and _slope(right) > _slope(left):
        left, right = right, left
    if right.variables:
        letters = Polynomial({key: value for key, value in right.terms.items() if key})
        left, right = left - letters, right - letters
        yield Step(moves.LETTERS, {"name": name}, _equation(left, right))
    loose = left.terms.get((), Fraction(0))
    if loose:
        away = Polynomial({(): loose})
        left, right = left - away, right - away
        move = moves.TAKE_BOTH if loose > 0 else moves.ADD_BOTH
        yield _by(move, abs(loose), left, right)
    (factor,) = left.terms.values()
    if factor != 1:
        by = Polynomial({(): factor})
        yield _by(moves.SHARE_BOTH, factor, left / by, right / by)


def _slope(side: Polynomial) -> Fraction:
    return sum((value for key, value in side.terms.items() if key), Fraction(0))


def _by(move: ByAge, amount: Fraction, left: Polynomial, right: Polynomial) -> Step:
    return Step(move, {"amount": str(amount)}, _equation(left, right))


def _equation(left: Polynomial, right: Polynomial) -> str:
    return f"{_side(left)} = {_side(right)}"


def _side(side: Polynomial) -> str:
    said = describe(Algebra(side))
    return f"-{said[2:]}" if said.startswith("- ") else said
