"""Rates of the maths evidence, measured and rounded down."""

import pytest

from runtime.marking.item import Item, Task
from train.calibrate import MIN_ANSWERS, calibrate, wilson_low
from train.graded import Graded


def graded(answer: str, right: bool) -> Graded:
    item = Item(id="1", task=Task.MATH, question="3 × 4?", answer=answer, reference="12")
    return Graded(item, "q", right)


def test_a_rate_is_the_low_end_of_wilsons_interval() -> None:
    # The interval of 81 out of 263 in Wilson (1927)-style textbook tables: 0.2553 to 0.3662.
    assert wilson_low(81, 263) == pytest.approx(0.2553, abs=1e-4)


def test_more_answers_promise_more() -> None:
    assert wilson_low(20, 20) < wilson_low(200, 200) < 1


def test_outcomes_are_counted_against_the_teacher() -> None:
    work = [graded("12", True)] * MIN_ANSWERS + [graded("11", False)] * (MIN_ANSWERS - 1)
    found = calibrate(work, ("made-up",))
    assert set(found.maths) == {"equal"}
    assert found.maths["equal"] == pytest.approx(wilson_low(MIN_ANSWERS, MIN_ANSWERS), abs=1e-4)


def test_a_teacher_who_disagrees_lowers_the_rate() -> None:
    agreed = calibrate([graded("12", True)] * 40, ())
    half = calibrate([graded("12", True)] * 20 + [graded("12", False)] * 20, ())
    assert half.maths["equal"] < 0.5 < agreed.maths["equal"]
