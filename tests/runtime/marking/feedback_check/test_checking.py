"""What a careful teacher writes passes; what no child should read does not."""

import msgspec
import pytest

from runtime.marking.feedback_check import find_faults, find_faults_for_teacher
from runtime.marking.feedback_check.checking import MAX_CHARS
from tests.runtime.marking.feedback_check.sentences import (
    BAD,
    FOGLIE,
    GOOD,
    RIGHT_EGGS,
    WRONG_EGGS,
    Sample,
)


@pytest.mark.parametrize("sample", GOOD, ids=[sample.text for sample in GOOD])
def test_good_feedback_passes(sample: Sample) -> None:
    assert find_faults(sample.text, sample.told) == ()


@pytest.mark.parametrize("sample", BAD.values(), ids=BAD)
def test_bad_feedback_does_not(sample: Sample) -> None:
    found = find_faults(sample.text, sample.told)
    assert found
    assert all(fault.startswith("It ") and fault.endswith(".") for fault in found)


def test_too_long_is_said_at_once() -> None:
    assert find_faults("Look again. " * MAX_CHARS, WRONG_EGGS) == (
        "It is too long for a child to read.",
    )


def test_a_language_without_word_lists_is_never_shown() -> None:
    told = msgspec.structs.replace(WRONG_EGGS, item=msgspec.structs.replace(FOGLIE, language="de"))
    assert find_faults("Schau noch einmal hin.", told)


def test_a_region_does_not_matter() -> None:
    item = msgspec.structs.replace(WRONG_EGGS.item, language="en-GB")
    told = msgspec.structs.replace(WRONG_EGGS, item=item)
    assert find_faults("Look at line 1 again.", told) == ()


class TestForTheTeacher:
    def test_the_answer_may_be_told(self) -> None:
        assert find_faults_for_teacher("The answer is 22, and 6 x 4 is 24.", WRONG_EGGS) == ()

    def test_what_contradicts_the_mark_may_not(self) -> None:
        assert find_faults_for_teacher("The pupil's answer is correct.", WRONG_EGGS)
        assert find_faults_for_teacher("The answer is wrong.", RIGHT_EGGS)

    def test_nor_may_markup(self) -> None:
        assert find_faults_for_teacher("**Wrong** in the first line.", WRONG_EGGS)
