"""The temperature: found again where it is known, and never the order of labels."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convert.verify.calibration import FEWEST, fit_temperature


@settings(max_examples=20)
@given(wanted=st.floats(0.3, 4.0), seed=st.integers(0, 50))
def test_the_temperature_that_labels_were_drawn_with_is_found(wanted: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=3.0, size=(4000, 3))
    odds = np.exp(logits / wanted - (logits / wanted).max(axis=1, keepdims=True))
    chances = odds / odds.sum(axis=1, keepdims=True)
    drawn = (chances.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    assert abs(fit_temperature(logits, drawn.tolist()) / wanted - 1) < 0.15


def test_too_few_labels_leave_the_logits_as_they_are() -> None:
    logits = np.ones((FEWEST, 2))
    places: list[int | None] = [0] * (FEWEST - 1)
    assert fit_temperature(logits, [*places, None]) == 1.0


def test_a_head_that_is_always_right_gets_the_lowest() -> None:
    logits = np.tile([4.0, 0.0], (FEWEST, 1))
    assert fit_temperature(logits, [0] * FEWEST) < 0.06
