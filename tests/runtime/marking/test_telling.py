"""Which answers say most about the others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from runtime.marking.rescoring import Essays
from runtime.marking.telling import Doubt, doubt_of_answers, doubt_of_essays, telling

Cosines = NDArray[np.float32]


def _groups(*sizes: int) -> Cosines:
    """Return cosines of groups of answers that say the same, and nothing of each other's."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    return np.where(group[:, None] == group, 1.0, -1.0).astype(np.float32)


@st.composite
def _doubts(draw: st.DrawFn) -> Doubt:
    count = draw(st.integers(1, 6))
    parts = st.lists(st.floats(-2, 2), min_size=count, max_size=count)
    rows = np.array(draw(st.lists(parts, min_size=count, max_size=count)))
    noise = np.array(draw(st.lists(st.floats(0.1, 5), min_size=count, max_size=count)))
    return Doubt(rows @ rows.T, noise, np.ones(count))


def test_the_largest_group_of_like_answers_comes_first_and_then_the_next() -> None:
    doubt = doubt_of_answers([0.5] * 6, _groups(1, 3, 2), {})
    first, second, *_rest = telling(doubt, (), range(6), 6)
    assert first in {1, 2, 3}
    assert second in {4, 5}


def test_what_a_mark_has_told_already_is_not_asked_again() -> None:
    cosines = _groups(1, 3, 2)
    doubt = doubt_of_answers([0.5] * 6, cosines, {1: 1.0})
    assert telling(doubt, {1}, range(6), 1)[0] in {4, 5}


def test_an_answer_nobody_doubts_is_asked_last() -> None:
    doubt = doubt_of_answers([0.5, 0.9999, 0.5], _groups(1, 1, 1), {})
    assert telling(doubt, (), range(3), 3)[-1] == 1


def test_of_essays_those_are_asked_that_span_the_class() -> None:
    judged = [0.5, 0.5, 0.5, 0.5, 0.0, 1.0]
    words = [200, 201, 199, 200, 20, 900]
    doubt = doubt_of_essays(Essays(judged, words, np.eye(6, dtype=np.float32)))
    assert set(telling(doubt, (), range(6), 2)) == {4, 5}


@given(_doubts(), st.integers(0, 8), st.data())
def test_each_open_answer_comes_once_and_no_other(
    doubt: Doubt, count: int, data: st.DataObject
) -> None:
    places = st.sets(st.integers(0, len(doubt.noise) - 1))
    known, among = data.draw(places), data.draw(places)
    found = telling(doubt, known, among, count)
    assert len(found) == len(set(found)) == min(count, len(among - known))
    assert set(found) <= among - known


@given(_doubts())
def test_the_first_takes_away_most(doubt: Doubt) -> None:
    places = range(len(doubt.noise))

    def left(place: int) -> float:
        column = doubt.covariance[:, place]
        seen = np.outer(column, column) / (column[place] + doubt.noise[place])
        return float(np.trace(doubt.covariance - seen))

    [best] = telling(doubt, (), places, 1)
    assert left(best) <= min(map(left, places)) + 1e-9


def test_the_marks_do_not_change_the_order_that_is_asked_at_once() -> None:
    doubt = doubt_of_answers([0.4, 0.5, 0.6, 0.7], _groups(2, 2), {})
    whole = telling(doubt, (), range(4), 4)
    assert telling(doubt, whole[:2], range(4), 2) == whole[2:]
