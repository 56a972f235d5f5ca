"""Reading levels are those of the published formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.feedback_check.reading_level import (
    count_syllables,
    flesch_kincaid,
    gulpease,
    is_too_hard,
)

EASY = "Look at line two. Is it right? Try once more."
HARD = (
    "Subsequently reconsider the multiplicative relationship underlying your computational "
    "procedure, thereby reevaluating its numerical consequences."
)
FACILE = "Guarda la riga due. È giusta? Prova ancora."
DIFFICILE = (
    "Riconsiderando successivamente le relazioni moltiplicative sottostanti al procedimento "
    "computazionale, rivaluterai conseguentemente le implicazioni numeriche."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("cat", 1), ("line", 1), ("table", 2), ("little", 2), ("answer", 2), ("added", 2),
        ("looked", 1), ("multiply", 3), ("fraction", 2), ("the", 1), ("boxes", 2), ("whole", 1),
        ("denominator", 5), ("isn't", 1), ("why", 1),
    ],
)  # fmt: skip
def test_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_flesch_and_kincaids_grade() -> None:
    # 3 sentences, 10 words, 10 syllables.
    text = "The cat sat down. It was a big cat. Purr."
    assert flesch_kincaid(text) == pytest.approx(0.39 * 10 / 3 + 11.8 * 1 - 15.59)


def test_gulpease() -> None:
    # 1 sentence, 9 words, 43 letters.
    text = "Il gatto nero dorme sulla sedia grande della cucina."
    assert gulpease(text) == pytest.approx(89 + (300 * 1 - 10 * 43) / 9)


def test_a_decimal_point_ends_no_sentence() -> None:
    assert flesch_kincaid("You get 3.5 here") == flesch_kincaid("You get 35 here")


@pytest.mark.parametrize("grade", [2, 4, 8, 13, None])
def test_easy_and_hard(grade: int | None) -> None:
    assert not is_too_hard(EASY, grade, "en")
    assert is_too_hard(HARD, grade, "en")
    assert not is_too_hard(FACILE, grade, "it")
    assert is_too_hard(DIFFICILE, grade, "it")


def test_older_children_read_more() -> None:
    text = "Multiply the numerator by the denominator of the other fraction first."
    assert is_too_hard(text, 3, "en")
    assert not is_too_hard(text, 13, "en")


def test_the_words_of_the_lesson_are_known() -> None:
    text = "A quadrilateral has four sides. Is this a quadrilateral?"
    assert is_too_hard(text, 2, "en")
    assert not is_too_hard(text, 2, "en", known="Draw a quadrilateral.")


@given(st.text(max_size=80), st.none() | st.integers(-5, 99), st.sampled_from(["en", "it"]))
def test_any_text_has_a_level(text: str, grade: int | None, language: str) -> None:
    assert is_too_hard(text, grade, language) in (True, False)
    assert 0 <= gulpease(text) <= 100
