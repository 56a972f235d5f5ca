"""Working by construction: right without a slip, wrong with one, and consistent either way."""

import random
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.train.simulate.lines import has_letter, holds, root, value
from train.simulate.maths.answers import TEMPLATES
from train.simulate.maths.attempts import (
    STRAY,
    Attempt,
    attempt_with,
    careful,
    presentable,
    slip,
)
from train.simulate.maths.hand import Hand
from train.simulate.maths.problem import Problem, same

seeds = st.integers(0, 2**32)
templates = st.sampled_from(TEMPLATES)
Template = Callable[[random.Random], Problem]

_BARE = re.compile(r"(?:Work out|Calculate) ([-\d+×÷/(). ]+)\.(?: [A-Z].*)?")
BY_VALUE = ("number", "fraction", "money", "percent", "letter")
"""Kinds of problem whose answer is the result of the last line."""


def wrong_lines(attempt: Attempt) -> list[int]:
    """Return the lines that state something false by themselves."""
    return [k for k, line in enumerate(attempt.lines) if not has_letter(line) and not holds(line)]


@given(templates, seeds)
def test_careful_working_holds_and_ends_in_the_answer(template: Template, seed: int) -> None:
    problem = template(random.Random(seed))
    for route in (0, 1):
        attempt = careful(problem, route)
        assert wrong_lines(attempt) == []
        assert presentable(problem, attempt)
        equations = [line for line in attempt.lines if has_letter(line)]
        assert {root(line) for line in equations} <= {attempt.answer.values[0]}
        if problem.kind in BY_VALUE and template.__name__ != "improper" and not equations:
            assert value(attempt.lines[-1].sides[-1]) == attempt.answer.values[0]


@given(templates, seeds)
def test_both_routes_and_no_simplifying_give_one_answer(template: Template, seed: int) -> None:
    problem = template(random.Random(seed))
    first = careful(problem).answer
    assert same(first, careful(problem, route=1).answer)
    assert same(first, careful(problem, simplifies=False).answer)


@given(templates, seeds)
def test_bare_sums_agree_with_a_computer_algebra_system(template: Template, seed: int) -> None:
    problem = template(random.Random(seed))
    bare = _BARE.fullmatch(problem.question)
    if bare is None or problem.kind == "remainder":
        return
    text = bare[1].replace("×", "*").replace("÷", "/")
    expected = sympy.sympify(text, rational=True)
    assert careful(problem).answer.values[0] == Fraction(int(expected.p), int(expected.q))


@given(templates, seeds)
def test_a_slip_is_wrong_and_the_only_one(template: Template, seed: int) -> None:
    rng = random.Random(seed)
    problem = template(rng)
    found = slip(problem, rng, route=rng.randrange(2), simplifies=True)
    assert found is not None
    assert not same(found.answer, careful(problem).answer)
    assert presentable(problem, found)
    # What stands before the slip holds, and what follows is worked rightly from the wrong number.
    assert set(wrong_lines(found)) <= {found.first_wrong}
    right = careful(problem).lines
    assert found.first_wrong < len(found.lines)
    if len(right) == 1 and found.first_wrong >= 0:
        assert found.lines != right


@given(templates, seeds)
def test_equations_after_a_slip_keep_the_wrong_solution(template: Template, seed: int) -> None:
    rng = random.Random(seed)
    problem = template(rng)
    found = slip(problem, rng, route=0, simplifies=True)
    assert found is not None
    if problem.kind == "letter" and found.first_wrong == 0:
        assert {root(line) for line in found.lines} == {found.answer.values[0]}


@given(templates, seeds)
def test_a_stray_line_is_wrong_and_the_answer_right(template: Template, seed: int) -> None:
    problem = template(random.Random(seed))
    hand = Hand()
    problem.solve(hand)
    for at in range(hand.chances[STRAY]):
        stray = attempt_with(problem, STRAY, at)
        assert same(stray.answer, careful(problem).answer)
        assert wrong_lines(stray) == [stray.first_wrong]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_a_template_has_several_wordings(template: Template) -> None:
    found = {template(random.Random(seed)).question for seed in range(40)}
    shapes = {re.sub(r"[\d.,]+", "#", re.sub(r"\b[A-Z]\w+", "N", text)) for text in found}
    assert len(found) > 20
    assert len(shapes) > 1


def test_there_are_many_templates() -> None:
    assert len(TEMPLATES) >= 50
