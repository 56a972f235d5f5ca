"""Opposites of the reference's words."""

import pytest

from runtime.marking.writing.opposites import find_opposites


@pytest.mark.parametrize(
    ("reference", "answer", "turned"),
    [
        ("Ice is less dense than water.", "Ice is more dense than water.", ["more"]),
        ("Yes, it sinks.", "No it floats", ["No", "floats"]),
        ("The pitch gets lower.", "It gets HIGHER", ["HIGHER"]),
        ("Il suono è più alto", "il suono è più basso", ["basso"]),
    ],
)
def test_a_turned_word_is_found_where_it_stands(
    reference: str, answer: str, turned: list[str]
) -> None:
    spans = [finding.span for finding in find_opposites(reference, answer)]
    assert [answer[slice(*span)] for span in spans if span] == turned


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        ("Ice is less dense than water.", "ice has less density"),
        ("Hot water is lighter than cold water.", "cold water is heavy, hot water lighter"),
        ("The darker one heats more.", "it takes in the heat, not less than the other but more"),
        ("Plants need light.", "plants need the sun"),
        ("", ""),
    ],
)
def test_an_answer_that_says_both_turns_nothing(reference: str, answer: str) -> None:
    assert find_opposites(reference, answer) == ()
