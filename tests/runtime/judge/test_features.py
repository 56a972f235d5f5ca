"""Alignment of token vectors, on vectors small enough to check by hand."""

import string

import numpy as np
import pytest
from numpy.typing import NDArray

from runtime.judge.encoder import TokenVectors
from runtime.judge.features import (
    ALIGNMENT,
    FUNCTION_WEIGHT,
    NOVELTY_FLOOR,
    Aligned,
    Aligner,
    alignment,
)
from runtime.marking.writing.words import FUNCTION_WORDS

FIRST, LAST, THE, SUN, MOON = 1, 2, 3, 4, 5
AXES = {FIRST: (1, 0, 0, 0), LAST: (1, 0, 0, 0), THE: (0, 1, 0, 0), SUN: (0, 0, 1, 0)}
AXES[MOON] = (0, 0, 0, 1)


def ids(text: str) -> NDArray[np.int32]:
    known = {"the": THE}
    if text in FUNCTION_WORDS or text in string.punctuation:
        return np.array([known[text]] if text in known else [], np.int32)
    raise AssertionError(text)


@pytest.fixture
def aligner() -> Aligner:
    return Aligner(ids)


def text(*tokens: int) -> TokenVectors:
    framed = np.array([FIRST, *tokens, LAST], np.int32)
    return TokenVectors(framed, np.array([AXES[t] for t in framed], np.float32) * 3)


def named(question: Aligned, reference: Aligned, answer: Aligned) -> dict[str, float]:
    found = alignment(question, reference, answer)
    return dict(zip(ALIGNMENT, map(float, found), strict=True))


def test_vectors_become_unit_vectors_without_the_frame(aligner: Aligner) -> None:
    found = aligner.prepare(text(THE, SUN))
    assert found.vectors.shape == (2, 4)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1)
    assert found.content.tolist() == [False, True]
    assert np.isclose(np.linalg.norm(found.sentence), 1)


def test_a_text_of_function_words_alone_still_counts(aligner: Aligner) -> None:
    assert aligner.prepare(text(THE)).content.tolist() == [True]


def test_the_same_answer_aligns_wholly(aligner: Aligner) -> None:
    question, same = aligner.prepare(text(MOON)), aligner.prepare(text(THE, SUN))
    found = named(question, same, same)
    assert found["answer_reference"] == pytest.approx(1)
    assert found["reference_mean"] == pytest.approx(1)
    assert found["answer_new"] == pytest.approx(1)
    assert found["answer_echo"] == pytest.approx(0)


def test_another_answer_does_not_align(aligner: Aligner) -> None:
    asked, sun, moon = (aligner.prepare(text(*t)) for t in ((THE,), (SUN,), (MOON,)))
    found = named(asked, sun, moon)
    assert found["reference_mean"] == pytest.approx(0)
    assert found["answer_min"] == pytest.approx(0)


def test_what_the_question_gives_counts_for_nothing_new(aligner: Aligner) -> None:
    asked, both = aligner.prepare(text(SUN)), aligner.prepare(text(SUN, MOON))
    found = named(asked, both, aligner.prepare(text(SUN)))
    assert found["reference_mean"] == pytest.approx(0.5)
    assert found["reference_new"] < 0.01


def test_an_empty_answer_has_no_alignment(aligner: Aligner) -> None:
    asked, sun, empty = (aligner.prepare(text(*t)) for t in ((MOON,), (SUN,), ()))
    assert not np.any(alignment(asked, sun, empty)[4:])
    assert not np.any(alignment(asked, empty, sun)[4:])
    assert np.all(np.isfinite(alignment(empty, sun, empty)))


def test_a_token_weighs_what_it_adds_to_the_question(aligner: Aligner) -> None:
    asked, both = aligner.prepare(text(SUN)), aligner.prepare(text(SUN, THE, MOON))
    found = named(asked, both, aligner.prepare(text(MOON)))
    # Of the sun nothing, of "the" a fifth, of the moon all; only the moon is in the answer.
    assert found["reference_new"] == pytest.approx(1 / (1 + FUNCTION_WEIGHT), abs=2 * NOVELTY_FLOOR)
    assert found["reference_all"] == pytest.approx(1 / 3)
