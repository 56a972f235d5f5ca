"""Words, stems, negation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.writing.words import content_stems, is_negated, words


def test_words_carry_their_place_in_the_text() -> None:
    text = "The water's warm — very warm!"
    assert [text[w.start : w.end] for w in words(text)] == [
        "The",
        "water's",
        "warm",
        "very",
        "warm",
    ]


def test_inflected_words_share_a_stem() -> None:
    assert content_stems(words("evaporates evaporated evaporating")) == {"evapor"}


def test_italian_is_stemmed_as_italian() -> None:
    assert content_stems(words("le piante crescono", "it")) == content_stems(
        words("la pianta crescono", "it")
    )


def test_an_unknown_language_keeps_words_as_they_are() -> None:
    assert [w.stem for w in words("Zażółć gęślą", "xx")] == ["zażółć", "gęślą"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("It does not float.", True),
        ("It doesn't float.", True),
        ("It doesn’t float.", True),
        ("It floats.", False),
        ("It is not true that it does not float.", False),
        ("Non galleggia", True),
    ],
)
def test_negation_counts_in_pairs(text: str, negated: bool) -> None:
    assert is_negated(words(text)) is negated


@given(st.text())
def test_spans_always_cut_out_the_word(text: str) -> None:
    assert all(text[w.start : w.end] == w.text for w in words(text))
