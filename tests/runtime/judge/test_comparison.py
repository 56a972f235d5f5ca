"""The comparison on vectors and weights small enough to check by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.judge.comparison import SCALE, Comparer, Comparison
from runtime.judge.encoder import TokenVectors
from runtime.judge.features import Aligned, Aligner, alignment
from tests.runtime.judge.comparisons import damaged, that_likes_what_is_near

WIDTH = 4
NEAR = that_likes_what_is_near(WIDTH)
SUN, MOON, SEA = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
FRAME = (0, 0, 0, 1)

Vector = Sequence[float]


def prepared(*tokens: Vector) -> Aligned:
    vectors = np.array([FRAME, *tokens, FRAME], np.float32)
    ids = np.arange(len(vectors), dtype=np.int32)
    return Aligner(lambda _: np.array([], np.int32)).prepare(TokenVectors(ids, vectors))


QUESTION = prepared(SEA)


def logit(network: Comparison, reference: Aligned, answer: Aligned) -> float:
    found = alignment(QUESTION, reference, answer)
    return Comparer(network).logit(reference, answer, found)


def test_an_answer_that_is_the_reference_gets_all_there_is() -> None:
    # A score of 1 in both directions; other tokens of the answer blur the mean it is held against.
    assert logit(NEAR, prepared(SUN), prepared(SUN)) == pytest.approx(2 * SCALE)


def test_another_answer_gets_nothing() -> None:
    assert logit(NEAR, prepared(SUN), prepared(MOON)) == pytest.approx(0)


@given(st.floats(0, 1.5), st.floats(0, 1.5))
def test_nearer_is_never_worse(one: float, other: float) -> None:
    near, far = sorted([one, other])
    first, second = (prepared((np.cos(a), np.sin(a), 0, 0)) for a in (near, far))
    assert logit(NEAR, prepared(SUN), first) >= logit(NEAR, prepared(SUN), second) - 1e-6


def test_every_part_that_is_said_counts() -> None:
    both = prepared(SUN, MOON)
    whole, half, none = (logit(NEAR, both, prepared(*t)) for t in ((SUN, MOON), (SUN,), (SEA,)))
    assert whole > half > none


def test_both_directions_count() -> None:
    silent = replace(NEAR.said, score=(0.0,) * WIDTH)
    one_way = replace(NEAR, said=silent)
    assert logit(one_way, prepared(SUN), prepared(SUN)) == pytest.approx(SCALE)
    more = prepared(SUN, MOON, (0, 0, 0.6, 0.8))
    lost = logit(NEAR, prepared(SUN), prepared(SUN)) - logit(NEAR, prepared(SUN), more)
    assert lost > logit(one_way, prepared(SUN), prepared(SUN)) - logit(one_way, prepared(SUN), more)


def test_what_the_question_gives_hardly_counts() -> None:
    expected = logit(NEAR, prepared(SUN), prepared(MOON))
    assert logit(NEAR, prepared(SUN, SEA), prepared(MOON, SEA)) == pytest.approx(expected, abs=0.05)


def test_importance_decides_between_tokens() -> None:
    answer = prepared(SUN)
    sun_matters, moon_matters = (
        replace(NEAR, wanted=replace(NEAR.wanted, importance=importance, importance_bias=-3.0))
        for importance in ((6.0, 0.0, 0.0, 0.0), (0.0, 6.0, 0.0, 0.0))
    )
    both = prepared(SUN, MOON)
    assert logit(sun_matters, both, answer) > logit(moon_matters, both, answer) + 1


def test_of_an_empty_text_it_says_nothing() -> None:
    assert logit(NEAR, prepared(SUN), prepared()) == 0
    assert logit(NEAR, prepared(), prepared(SUN)) == 0
    assert logit(NEAR, prepared(), prepared()) == 0


def test_huge_weights_stay_numbers() -> None:
    for importance in ((1e6,) * WIDTH, (-1e6,) * WIDTH):
        wild = replace(NEAR, wanted=replace(NEAR.wanted, importance=importance))
        assert np.isfinite(logit(wild, prepared(SUN, MOON), prepared(SUN)))


def test_it_knows_for_which_vectors_it_is() -> None:
    narrow = replace(NEAR, projection=tuple((*row, 0.0) for row in NEAR.projection))
    assert (Comparer(NEAR).width, Comparer(narrow).width) == (WIDTH, WIDTH + 1)


@pytest.mark.parametrize("name", damaged(WIDTH))
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"array|shape|empty"):
        Comparer(damaged(WIDTH)[name])
