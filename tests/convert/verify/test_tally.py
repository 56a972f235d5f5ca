"""The measures of difference, against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from convert.verify.tally import Difference, Tally, log_softmax


def tallied(expected: object, given: object, pieces: int = 1) -> Difference:
    wanted, found = np.array(expected, np.float32), np.array(given, np.float32)
    tally = Tally()
    for one, other in zip(
        np.array_split(wanted, pieces), np.array_split(found, pieces), strict=True
    ):
        tally.add_logits(one, other)
    return tally.result()


def random_rows(
    seed: int, rows: int = 6, size: int = 40
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(seed).normal(size=(rows, size)).astype(np.float32)


def test_each_measure_is_its_definition() -> None:
    expected, given = random_rows(1), random_rows(2)
    found = tallied(expected, given)
    p, q = (special.softmax(rows.astype(float), axis=1) for rows in (expected, given))
    # KL(expected || given): scipy's entropy takes them in this order.
    assert found.kl == pytest.approx(
        np.mean([stats.entropy(a, b) for a, b in zip(p, q, strict=True)])
    )
    apart = np.abs(expected.astype(float) - given)
    assert found.max_diff == pytest.approx(apart.max())
    assert found.mean_diff == pytest.approx(apart.mean())
    assert found.spread == pytest.approx(expected.std(), rel=1e-5)
    assert found.top1 == np.mean(expected.argmax(1) == given.argmax(1))
    assert found.rows == 6


def test_the_divergence_has_a_direction() -> None:
    sharp, flat = [[9.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]
    there, back = tallied(sharp, flat).kl, tallied(flat, sharp).kl
    assert there is not None
    assert back is not None
    assert there < 0.5 * back


@given(st.integers(1, 6))
def test_pieces_do_not_count(pieces: int) -> None:
    expected, given = random_rows(3), random_rows(4)
    whole, parts = tallied(expected, given), tallied(expected, given, pieces)
    assert parts.kl == pytest.approx(whole.kl)
    assert parts.mean_diff == pytest.approx(whole.mean_diff)
    assert (parts.rows, parts.top1, parts.max_diff) == (whole.rows, whole.top1, whole.max_diff)


def test_equal_rows_differ_by_nothing() -> None:
    found = tallied(random_rows(1), random_rows(1))
    assert (found.max_diff, found.mean_diff, found.top1, found.kl) == (0.0, 0.0, 1.0, 0.0)


def test_a_shift_of_all_logits_says_the_same() -> None:
    found = tallied(random_rows(1), random_rows(1) + 5)
    assert found.kl == pytest.approx(0, abs=1e-6)
    assert found.max_diff == pytest.approx(5, abs=1e-5)


def test_hidden_states_are_told_by_their_angle() -> None:
    tally = Tally()
    tally.add_hidden(
        np.array([[1.0, 0.0], [0.0, 2.0]], np.float32),
        np.array([[2.0, 0.0], [2.0, 2.0]], np.float32),
    )
    found = tally.result()
    assert found.cosine == pytest.approx(np.sqrt(0.5))
    assert (found.kl, found.top1) == (None, None)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_never_near(bad: float) -> None:
    given = random_rows(1)
    given[2, 3] = bad
    with np.errstate(all="ignore"):
        found = tallied(random_rows(1), given)
    assert not found.max_diff <= 1e30
    assert found.kl is not None


def test_nothing_is_no_result() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Tally().result()


def test_log_softmax_of_large_logits() -> None:
    np.testing.assert_allclose(log_softmax(np.array([1e4, 0.0], np.float32)), [0.0, -1e4])
