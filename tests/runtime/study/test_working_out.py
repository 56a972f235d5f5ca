"""Solutions that code works out, and what it leaves alone."""

import pytest

from runtime.marking.item import Item, Task
from runtime.study.equation_steps import solve_steps
from runtime.study.sums import find_sum, work_out
from runtime.study.working_out import derivation, next_step
from tests.runtime.study import classroom


def lines(question: str) -> list[str]:
    return [step.line for step in work_out(find_sum(question))]


@pytest.mark.parametrize(
    ("question", "worked"),
    [
        ("What is 7 × 8?", ["7 × 8 = 56"]),
        ("Work out 3/4 + 5/6.", ["3/4 = 9/12", "5/6 = 10/12", "9/12 + 10/12 = 19/12"]),
        ("2 × (3 + 4) - 6 ÷ 4", ["3 + 4 = 7", "2 × 7 = 14", "6 ÷ 4 = 1.5", "14 − 1.5 = 12.5"]),
        ("Work out 0.5 + 1.25.", ["0.5 + 1.25 = 1.75"]),
        ("1 1/2 × 2/3", ["3/2 × 2/3 = 1"]),
        ("What is 7 x 8?", ["7 × 8 = 56"]),
    ],
)
def test_sums_are_worked_one_operation_at_a_time(question: str, worked: list[str]) -> None:
    assert lines(question) == worked


@pytest.mark.parametrize(
    "question", ["", "5 ÷ 0", "(2 + 3", "2 + + 3)", "A jacket costs 80 euros.", "1 + " * 300 + "1"]
)
def test_what_is_no_sum_is_left_alone(question: str) -> None:
    assert lines(question) == []


@pytest.mark.parametrize(
    ("equation", "worked"),
    [
        ("Solve 3(x + 4) = 27.", ["3x + 12 = 27", "3x = 15", "x = 5"]),
        ("Solve 5x - 3 = 2x + 9", ["3x - 3 = 9", "3x = 12", "x = 4"]),
        ("-2y = 8", ["y = -4"]),
        ("27 = 3x", ["x = 9"]),
        ("x = 3", []),
        ("0x = 4", []),
        ("x = x", []),
    ],
)
def test_equations_are_solved_one_step_at_a_time(equation: str, worked: list[str]) -> None:
    assert [step.line for step in solve_steps(equation)] == worked


def test_a_solution_that_is_not_the_reference_is_none() -> None:
    misprint = Item(id="1", task=Task.MATH, question="What is 7 × 8?", reference="54")
    assert derivation(misprint) == ()


def test_the_next_step_goes_on_from_the_childs_last_right_line() -> None:
    item = Item(
        id="1",
        task=Task.MATH,
        question="Solve 3(x + 4) = 27.",
        reference="x = 5",
        answer="3x + 12 = 27\n3x = 39",
    )
    step = next_step(item, 1)
    assert step is not None
    assert (step.line, step.values) == ("3x = 15", {"amount": "12"})


def test_the_next_step_of_a_sum_is_the_first_that_is_not_written_yet() -> None:
    item = Item(
        id="1",
        task=Task.MATH,
        question=classroom.FRACTIONS.question,
        reference="19/12",
        answer="3/4=9/12",
    )
    step = next_step(item, 1)
    assert step is not None
    assert step.line == "5/6 = 10/12"


def test_no_step_is_made_for_writing_or_without_a_reference() -> None:
    assert next_step(classroom.PUDDLE, 0) is None
    assert next_step(Item(id="1", task=Task.MATH, question="7 × 8?"), 0) is None
