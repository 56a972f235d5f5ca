"""Knowledge tracing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.mark import Verdict
from runtime.study.mastery import EXPLAINED, PARAMETERS, Parameters, after, credit, expected

SHARE = st.floats(0, 1)


def shown(verdict: Verdict, attempt: int) -> float:
    return credit(verdict, confidence=0.99, hints=0, attempt=attempt)


def test_after_right_and_wrong_it_is_as_in_the_paper() -> None:
    plain = Parameters(start=0.5, learn=0.2, guess=0.2, slip=0.1)
    # p(L|right) = .5*.9 / (.5*.9 + .5*.2) and p(L|wrong) = .5*.1 / (.5*.1 + .5*.8), then learning.
    assert after(0.5, 1.0, plain) == pytest.approx(0.45 / 0.55 + 0.1 / 0.55 * 0.2)
    assert after(0.5, 0.0, plain) == pytest.approx(0.05 / 0.45 + 0.4 / 0.45 * 0.2)


@given(SHARE, SHARE, SHARE)
def test_more_credit_never_means_less_known(known: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= after(known, low) <= after(known, high) + 1e-12 <= 1 + 1e-9


@given(SHARE)
def test_a_right_answer_is_never_a_setback(known: float) -> None:
    assert after(known, 1.0) >= known


def test_three_right_answers_in_a_row_master_a_skill() -> None:
    known = PARAMETERS.start
    for _ in range(3):
        known = after(known, 1.0)
    assert known > 0.95


def test_each_hint_counts_for_less_and_a_copied_solution_for_nothing() -> None:
    credits = [credit(Verdict.CORRECT, 0.99, hints, 1) for hints in range(5)]
    assert credits == sorted(credits, reverse=True)
    assert credits[0] == pytest.approx(0.99)
    assert credits[4] == 0


def test_a_second_try_counts_for_less_than_a_first() -> None:
    assert shown(Verdict.INCORRECT, 1) < shown(Verdict.CORRECT, 2) < shown(Verdict.CORRECT, 1)


def test_an_unsure_mark_says_hardly_anything() -> None:
    assert credit(Verdict.CORRECT, 0.5, 0, 1) == 0.5
    assert credit(Verdict.INCORRECT, 0.5, 0, 1) == 0.5


def test_what_is_expected_lies_between_guessing_and_slipping() -> None:
    assert expected(0.0) == PARAMETERS.guess
    assert expected(1.0) == 1 - PARAMETERS.slip


def test_every_parameter_is_explained() -> None:
    assert set(EXPLAINED) == set(Parameters.__struct_fields__)
