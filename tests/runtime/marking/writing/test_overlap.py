"""Overlap of an answer with its reference."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.writing.overlap import compare

QUESTION = "Why does the puddle dry up in the sun?"
REFERENCE = "The water evaporates into the air."


def test_the_reference_itself_overlaps_wholly() -> None:
    found = compare(QUESTION, REFERENCE, REFERENCE)
    assert (found.recall, found.precision, found.grams, found.sequence) == (1, 1, 1, 1)
    assert found.length_ratio == 1


def test_words_of_the_question_are_discounted() -> None:
    echo = compare(QUESTION, "The puddle evaporates.", "the puddle, the sun")
    assert echo.recall == 0.5
    assert echo.new_recall == 0
    assert echo.echo == 1


def test_a_missing_negation_is_seen() -> None:
    assert compare("", "It does not sink.", "It sinks.").negation_clash == 1
    assert compare("", "It does not sink.", "It never sinks.").negation_clash == 0


def test_numbers_are_compared_across_decimal_marks() -> None:
    assert compare("", "It was 3.5 degrees", "3,5").number_recall == 1
    assert compare("", "It was 3.5 degrees", "3,6").number_recall == 0


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_every_measure_stays_in_its_range(question: str, reference: str, answer: str) -> None:
    found = msgspec.structs.asdict(compare(question, reference, answer))
    bounded = {k: v for k, v in found.items() if k not in {"log_words", "length_ratio"}}
    assert all(0 <= value <= 1 for value in bounded.values())
    assert 0 <= found["length_ratio"] <= 3
