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

    @pytest.mark.parametrize(
        "text",
        [
            "The final answer has another value than the reference.",
            "The final answer is not the reference answer.",
            "It differs from the expected answer.",
            "The answer doesn't match the reference.",
        ],
    )
    def test_a_right_answer_is_not_said_to_be_another_than_the_reference(self, text: str) -> None:
        assert find_faults_for_teacher(text, RIGHT_EGGS)
        assert find_faults_for_teacher(text, WRONG_EGGS) == ()

    @pytest.mark.parametrize(
        "text",
        [
            "The final answer is the reference answer.",
            "The final answer has the same value as the reference.",
            "It matches the expected answer.",
        ],
    )
    def test_nor_a_wrong_one_to_be_the_reference(self, text: str) -> None:
        assert find_faults_for_teacher(text, WRONG_EGGS)
        assert find_faults_for_teacher(text, RIGHT_EGGS) == ()

    def test_the_right_value_in_another_form_may_be_said_of_a_wrong_answer(self) -> None:
        text = "The value is that of the reference, but its unit or form is not."
        assert find_faults_for_teacher(text, WRONG_EGGS) == ()

    def test_praise_of_the_way_is_none_of_the_answer(self) -> None:
        assert find_faults_for_teacher("Multiplying is the right way.", WRONG_EGGS) == ()

    def test_nor_may_markup(self) -> None:
        assert find_faults_for_teacher("**Wrong** in the first line.", WRONG_EGGS)
