"""Multiple choice: four different options, one right, its place without a pattern."""

from collections import Counter

import pytest

from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.choice import LETTERS, multiple_choice


@pytest.fixture(scope="module")
def work() -> list[Example]:
    return list(multiple_choice(400, 4))


def test_options_differ_and_letters_name_them(work: list[Example]) -> None:
    for example in work:
        assert len(set(example.options)) == len(LETTERS)
        assert example.answer in LETTERS
        assert example.reference in tuple(LETTERS)
        assert (example.verdict is Verdict.CORRECT) == (example.answer == example.reference)


def test_half_are_right_and_every_place_is_used(work: list[Example]) -> None:
    assert sum(example.verdict is Verdict.CORRECT for example in work) == len(work) // 2
    places = Counter(example.reference for example in work)
    assert min(places.values()) > len(work) / 8


def test_wrong_options_come_from_named_slips_and_written_questions(work: list[Example]) -> None:
    rules = {example.rule for example in work}
    assert {"right", "wrong_option", "wrong_operation", "table_slip"} < rules


def test_the_right_option_is_one_and_the_same_for_a_question(work: list[Example]) -> None:
    right: dict[str, str] = {}
    for example in work:
        option = example.options[LETTERS.index(example.reference or "")]
        assert right.setdefault(example.question, option) == option
