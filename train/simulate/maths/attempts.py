"""Attempts at a problem: worked with care, or with one slip that makes the answer wrong.

    slip(problem, random.Random(0), route=0, simplifies=True).answer

A slip whose result happens to be right is no slip and is drawn again.
"""

import random
from fractions import Fraction

import msgspec

from train.simulate.maths.hand import Hand, Line
from train.simulate.maths.numbers import Pair, Token, places
from train.simulate.maths.problem import Answer, Problem, same

STRAY = "right_answer_wrong_step"
"""Not a slip: a line is written wrongly, and the hand goes on with the right number."""

_EVERYWHERE = frozenset(
    "copied_number wrong_operation off_by_one table_slip place_value stops_early "
    "miscopied_answer".split()
)
"""Rules that fit most problems: drawn less often, so that those of few problems occur as well."""

_WRITTEN_RULES = ("stops_early", "miscopied_answer")
"""Slips on paper, after the calculations."""

_LARGEST = 10**6
_TRIES = 400
"""In an average most slips lead to a broken number and are drawn again: one in two hundred
problems needs more than 40."""


class Attempt(msgspec.Struct, frozen=True):
    """What a hand did: its working and final answer; ``rule`` is empty for a careful one."""

    lines: tuple[Line, ...]
    answer: Answer
    first_wrong: int
    rule: str = ""


def careful(problem: Problem, route: int = 0, simplifies: bool = True) -> Attempt:
    """Work a problem without a slip."""
    hand = Hand(route=route, simplifies=simplifies)
    answer = problem.solve(hand)
    return Attempt(tuple(hand.lines), answer, -1)


def slip(problem: Problem, rng: random.Random, route: int, simplifies: bool) -> Attempt | None:
    """Work a problem with one slip that makes the answer wrong, or ``None`` if none is found."""
    reference = careful(problem)
    hand = Hand(route=route, simplifies=simplifies)
    answer = problem.solve(hand)
    chances = {rule: n for rule, n in hand.chances.items() if rule != STRAY}
    rules = [*sorted(chances), *_WRITTEN_RULES]
    weights = [1 if rule in _EVERYWHERE else 3 for rule in rules]
    for _ in range(_TRIES):
        [rule] = rng.choices(rules, weights)
        if rule in _WRITTEN_RULES:
            found = _on_paper_slip(rule, tuple(hand.lines), answer, problem)
        else:
            found = attempt_with(problem, rule, rng.randrange(chances[rule]), route, simplifies)
        if found and not same(found.answer, reference.answer) and presentable(problem, found):
            return found
    return None


def attempt_with(
    problem: Problem, rule: str, at: int, route: int = 0, simplifies: bool = True
) -> Attempt:
    """Work a problem and slip on chance ``at`` of ``rule``."""
    hand = Hand(rule, at, route, simplifies)
    answer = problem.solve(hand)
    return Attempt(tuple(hand.lines), answer, hand.first_wrong, rule)


def presentable(problem: Problem, attempt: Attempt) -> bool:
    """Whether the working looks like what a child gets on the way in such a problem.

    Where all numbers should be whole, a broken one would give a wrong answer away.
    """
    tokens = [token for line in careful(problem).lines for side in line.sides for token in side]
    whole = all(not isinstance(token, Fraction) or token.denominator == 1 for token in tokens)
    written = [token for line in attempt.lines for side in line.sides for token in side]
    values: list[Token] = [*written, *attempt.answer.values[: 0 if attempt.answer.pair else None]]
    if attempt.answer.pair:
        values.append(attempt.answer.pair)
    return all(_fits(token, whole, problem.signed) for token in values)


def _fits(token: Token, whole: bool, signed: bool) -> bool:
    if isinstance(token, Pair):
        return token.over > 0 and 0 < token.under < 400
    if not isinstance(token, Fraction):
        return True
    allowed = token.denominator == 1 if whole else places(token) is not None
    return allowed and abs(token) < _LARGEST and (signed or token >= 0)


def _on_paper_slip(
    rule: str, lines: tuple[Line, ...], answer: Answer, problem: Problem
) -> Attempt | None:
    if rule == "stops_early":
        if len(lines) < 2 or problem.kind not in ("number", "money", "letter", "fraction"):
            return None
        last = lines[-2].sides[-1][0]
        if isinstance(last, Pair):
            return Attempt(lines[:-1], Answer((last.value,), last), -1, rule)
        fits = isinstance(last, Fraction) and problem.kind != "fraction"
        return Attempt(lines[:-1], Answer((Fraction(last),)), -1, rule) if fits else None
    value = answer.values[0]
    digits = str(abs(value.numerator))
    if problem.kind not in ("number", "money", "letter") or len(digits) < 2:
        return None
    if len(digits) == 2 and digits[1] == "0":
        return None
    swapped = Fraction(int(digits[:-2] + digits[-1] + digits[-2]), value.denominator)
    return Attempt(lines, Answer((-swapped if value < 0 else swapped,)), -1, rule)
