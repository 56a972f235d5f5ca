"""Cut points: found where the teacher has them, kept only where they help answers not seen."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convert.verify.calibration import calibrate
from convert.verify.cut_points import FEWEST, fit_cuts

TRUE = (0.3, 1.2, 2.9)


@pytest.fixture
def expected() -> NDArray[np.float64]:
    return np.random.default_rng(0).uniform(0, 3, size=600)


def steps(values: NDArray[np.float64]) -> list[int | None]:
    return [int(step) for step in np.searchsorted(TRUE, values, side="right")]


def test_the_cuts_that_made_the_labels_are_found(expected: NDArray[np.float64]) -> None:
    found = fit_cuts(expected, np.rint(expected).astype(int).tolist(), steps(expected), 4)
    np.testing.assert_allclose(found, TRUE, atol=0.06)


def test_cuts_that_help_nobody_are_dropped(expected: NDArray[np.float64]) -> None:
    # Labels that have nothing to do with the score: what agrees, agrees by chance.
    drawn = np.random.default_rng(1).integers(0, 4, size=len(expected))
    assert fit_cuts(expected, drawn.tolist(), drawn.tolist(), 4) == ()


@pytest.mark.parametrize(
    ("kept", "labels"),
    [(FEWEST - 1, 4), (600, 2), (600, 5)],
    ids=["too few answers", "two labels", "a label nobody has"],
)
def test_without_enough_to_go_by_there_are_none(
    expected: NDArray[np.float64], kept: int, labels: int
) -> None:
    places = [place if at < kept else None for at, place in enumerate(steps(expected))]
    if labels == 2:
        places = [None if place is None else min(place, 1) for place in places]
    assert fit_cuts(expected, [0] * len(expected), places, labels) == ()


def test_a_calibration_reads_labels_by_its_cuts_as_the_head_at_run_time_does() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(scale=2.0, size=(500, 4))
    found = calibrate(
        logits, steps(calibrate(logits, [], steps=False).expected(logits)), steps=True
    )
    assert len(found.cuts) == 3
    scaled = np.exp(logits / found.temperature)
    expected = scaled @ np.arange(4) / scaled.sum(axis=1)
    by_hand = [sum(cut <= value for cut in found.cuts) for value in expected]
    assert list(found.places(logits)) == by_hand


def test_labels_that_are_no_steps_get_no_cuts() -> None:
    logits = np.random.default_rng(3).normal(size=(300, 3))
    found = calibrate(logits, [at % 3 for at in range(300)], steps=False)
    assert found.cuts == ()
    assert found.places(logits) == tuple(int(at) for at in logits.argmax(axis=1))
