"""From sources to the parts of a stage: read, cleaned, split by question, balanced."""

from pathlib import Path

import pytest

from runtime.errors import BadInputError
from tests.train.data.makers import HALF, WRONG, example, simulate_sums
from train.data.classes import classes_in
from train.data.prepare import Plan, arrange, prepare
from train.recipe import Source

SUMS = Source(kind="simulator", name="sums", count=80)
HALVES = {"train": 0.5, "held_out": 0.5}


pytestmark = pytest.mark.usefixtures("sums")


def test_sources_are_read_split_and_only_what_is_trained_on_is_balanced() -> None:
    said: list[str] = []
    plan = Plan(shares=HALVES, balance=True, labels=("incorrect", "correct"))
    found = prepare([SUMS], plan, Path(), 0, said.append)
    assert classes_in(found.parts["train"]) == {"correct": 10, "incorrect": 10}
    assert classes_in(found.parts["held_out"]) == {"correct": 10, "incorrect": 30}
    assert found.notes == ("To balance 'train' at 10 a class, left out: correct 0, incorrect 20.",)
    assert said == ["Reading sums ...", "  80 examples"]


def test_without_shares_there_is_one_part() -> None:
    assert list(prepare([SUMS], Plan(), Path(), 0).parts) == ["train"]


def test_what_is_left_out_is_told() -> None:
    examples = [*simulate_sums(8, 0), example("half", verdict=HALF, group="x")]
    twice = [*examples, example("a", answer="0", group="x", verdict=WRONG)] * 2
    plan = Plan(clean=True, labels=("incorrect", "correct"))
    assert arrange(twice, plan, 0).notes == (
        "Left out 10 examples: duplicates, contradictions or near-empty answers.",
        "Left out 1 examples: of no class among incorrect, correct.",
    )


def test_stages_of_the_same_sources_hold_out_the_same_questions() -> None:
    halves = [
        example(f"half {n}", verdict=HALF, group=f"{n} + 2", set="sums") for n in range(0, 20, 3)
    ]
    examples = [*simulate_sums(80, 0), *halves]
    labels = ("incorrect", "correct")
    parts = [arrange(examples, Plan(shares=HALVES, labels=one), 0).parts for one in ((), labels)]
    whole, marked = ({one.group for one in found["held_out"]} for found in parts)
    assert marked == whole


def test_a_class_that_is_missing_is_refused() -> None:
    plan = Plan(labels=("incorrect", "partial", "correct"))
    with pytest.raises(BadInputError, match="no example is of the class 'partial'"):
        prepare([SUMS], plan, Path(), 0)
