"""What every simulator keeps to, whatever it simulates."""

import sys
from collections import Counter
from itertools import islice
from subprocess import run

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from train.simulate import SIMULATORS

names = pytest.mark.parametrize("name", sorted(SIMULATORS))


def test_the_names_are_those_of_the_recipes() -> None:
    assert set(SIMULATORS) == {
        "maths-answers",
        "maths-solutions",
        "summaries",
        "summary-writing",
        "essays",
        "judge-cases",
        "reasoning-it",
        "multiple-choice",
    }


@given(st.sampled_from(sorted(SIMULATORS)), st.integers(0, 2**32), st.integers(1, 12))
@settings(max_examples=60)
def test_exactly_count_and_the_same_seed_the_same_bytes(name: str, seed: int, count: int) -> None:
    found = list(SIMULATORS[name](count, seed))
    assert len(found) == count
    again = islice(SIMULATORS[name](count + 2, seed), count)
    assert msgspec.json.encode(found) == msgspec.json.encode(list(again))


def test_another_process_gives_the_same_bytes() -> None:
    # Another process has another hash seed: order of sets must not matter.
    code = (
        "import hashlib, msgspec; from train.simulate import SIMULATORS;"
        "found = [list(SIMULATORS[name](40, 9)) for name in sorted(SIMULATORS)];"
        "print(hashlib.sha256(msgspec.json.encode(found)).hexdigest())"
    )
    digests = {
        run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@names
def test_fields_are_filled(name: str) -> None:
    found = list(SIMULATORS[name](60, 0))
    assert len({example.id for example in found}) == len(found)
    for example in found:
        assert example.set == name
        assert example.group
        assert example.question.strip()
        assert example.answer or example.feedback
        low, high = example.scale
        assert example.score is None or low <= example.score <= high
        assert example.item().text == example.answer


@names
def test_few_examples_repeat(name: str) -> None:
    found = list(SIMULATORS[name](300, 0))
    seen = Counter((e.question, e.options, e.answer, e.feedback) for e in found)
    assert len(seen) > 0.9 * len(found)


@names
def test_no_blank_is_left_unfilled(name: str) -> None:
    for example in SIMULATORS[name](300, 1):
        assert "{" not in f"{example.question}{example.answer}{example.feedback}{example.rubric}"
