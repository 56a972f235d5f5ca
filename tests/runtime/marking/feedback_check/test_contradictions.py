"""What feedback says of verdict, lines and sums is held beside the evidence."""

import msgspec
import pytest

from runtime.marking.feedback_check.contradictions import contradictions
from runtime.marking.mark import Evidence, Verdict
from tests.runtime.marking.feedback_check.sentences import (
    PART_WATER,
    RIGHT_EGGS,
    WRONG_EGGS,
    WRONG_EQUATION,
    WRONG_MELE,
    WRONG_PLANTS,
)


class TestOfAWrongAnswer:
    @pytest.mark.parametrize(
        "text",
        [
            "Is that right?",
            "Not quite right yet.",
            "That isn't correct.",
            "Check whether it is right.",
            "You are on the right track.",
            "The right angle is the one with 90 degrees.",
            "You are right that plants need sun.",
            "Good job showing your work.",
            "What would make it correct?",
            "Move to the right.",
            "You have the right idea, but look again.",
        ],
    )
    def test_no_praise(self, text: str) -> None:
        assert contradictions(text, WRONG_PLANTS) == []

    @pytest.mark.parametrize(
        "text",
        ["Right!", "That's right.", "Great job!", "Exactly!", "Yes, you are correct.", "Perfect."],
    )
    def test_praise(self, text: str) -> None:
        assert contradictions(text, WRONG_PLANTS)


class TestOfAPart:
    @pytest.mark.parametrize(
        "text", ["You correctly name the bubbles.", "That is right, but say more.", "Partly right."]
    )
    def test_praise_of_a_part(self, text: str) -> None:
        assert contradictions(text, PART_WATER) == []

    @pytest.mark.parametrize("text", ["Correct!", "Your answer is right.", "Everything is right."])
    def test_praise_of_all(self, text: str) -> None:
        assert contradictions(text, PART_WATER)


class TestOfARightAnswer:
    @pytest.mark.parametrize(
        "text", ["No mistakes!", "Nothing is wrong here.", "Is anything wrong?", "Well done!"]
    )
    def test_no_blame(self, text: str) -> None:
        assert contradictions(text, RIGHT_EGGS) == []

    @pytest.mark.parametrize("text", ["Not right.", "Try again.", "There is an error.", "Almost!"])
    def test_blame(self, text: str) -> None:
        assert contradictions(text, RIGHT_EGGS)

    def test_a_line_that_does_not_hold_may_be_blamed(self) -> None:
        told = msgspec.structs.replace(RIGHT_EGGS, first_wrong_step=0)
        assert contradictions("There is a mistake in line 1.", told) == []


class TestOfLines:
    @pytest.mark.parametrize(
        "text",
        [
            "Look at line 2 again.",
            "Check the second line.",
            "Line one is fine. Look at line two.",
            "All is well up to line 1.",
            "Line 1 is right.",
        ],
    )
    def test_that_are_so(self, text: str) -> None:
        assert contradictions(text, WRONG_EQUATION) == []

    @pytest.mark.parametrize(
        "text",
        [
            "Look at line 3 again.",
            "Check the last line.",
            "There is an error in line 1.",
            "Line 2 is correct.",
            "Line 4 is a good one.",
            "Step zero? Check step 0.",
        ],
    )
    def test_that_are_not(self, text: str) -> None:
        assert contradictions(text, WRONG_EQUATION)

    def test_evidence_of_a_line_is_enough(self) -> None:
        found = Evidence(kind="unit", message="Check the unit.", step=2)
        told = msgspec.structs.replace(WRONG_EQUATION, evidence=(found,))
        assert contradictions("Look at line 3 again.", told) == []

    def test_in_italian(self) -> None:
        assert contradictions("Guarda ancora la riga 2.", WRONG_MELE) == []
        assert contradictions("Controlla la prima riga.", WRONG_MELE)


class TestOfSums:
    @pytest.mark.parametrize("text", ["3 x 4 = 12.", "You wrote 6 x 4 = 26.", "Is 2 + 2 = 4?"])
    def test_that_hold_or_are_quoted(self, text: str) -> None:
        assert contradictions(text, WRONG_EGGS) == []

    @pytest.mark.parametrize("text", ["3 x 4 = 13.", "So 24 - 2 = 20.", "1/2 + 1/2 = 2"])
    def test_that_do_not(self, text: str) -> None:
        assert contradictions(text, WRONG_EGGS)

    def test_another_answer_than_the_reference(self) -> None:
        assert contradictions("The answer should be 20.", WRONG_EGGS)
        assert contradictions("Your answer is 24, look again.", WRONG_EGGS) == []


def test_the_only_line_may_be_pointed_at_where_it_is_not_right() -> None:
    for text in ("Check the last step before the answer.", "Look at line 1 again."):
        assert contradictions(text, WRONG_PLANTS) == []
    right = msgspec.structs.replace(WRONG_PLANTS, verdict=Verdict.CORRECT)
    assert contradictions("Look at line 1 again.", right)
