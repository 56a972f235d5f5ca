"""Gibberish, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.writing.gibberish import find_gibberish, visible

RANDOM_WORDS = (
    "purple elephant mountain seven quickly table green run yesterday stone window carpet jump "
    "orange lamp forest hungry bottle paper wing cloud marble silver train bucket rocket"
)


@pytest.mark.parametrize(
    "text",
    ["asdf jkl qwer zxcv", "dkfjg hsdkjf", "aaaaaaaa", "banana " * 30, RANDOM_WORDS, "😀😀", "?!?"],
)
def test_gibberish_is_found_over_the_whole_text(text: str) -> None:
    found = find_gibberish(text)
    assert found is not None
    assert found.span == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "HTML",
        "H2O",
        "ok",
        "I dont no why it hapend but the watter went up in the air",
        "0 scoops got 0.2, 1 scoop got 0.7, 2 scoops got 1.2, 3 scoops got 1.5, 4 scoops got 1.7",
        "no no it is the sun",
        "Perché l'acqua evapora con il calore del sole",
        "",
    ],
)
def test_childrens_writing_is_not_gibberish(text: str) -> None:
    assert find_gibberish(text) is None


def test_a_word_of_the_question_is_a_word() -> None:
    assert find_gibberish("grrrr") is not None
    assert find_gibberish("grrrr", known=frozenset({"grrrr"})) is None


def test_invisible_characters_are_nothing() -> None:
    assert visible("\x00\x01\u200b \ufeff\n") == ""
    assert visible("a\x00b") == "ab"


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    found = find_gibberish(text)
    assert found is None or found.kind == "gibberish"
