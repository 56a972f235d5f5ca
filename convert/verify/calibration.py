"""Fits what makes a head's outputs mean what they say: a temperature, and cuts if labels are steps.

found = calibrate(logits, [0, 2, None, 1], steps=True)
found.places(logits)

One number divides all logits (Guo et al. 2017, "On Calibration of Modern Neural Networks"): the
likeliest label stays the likeliest.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from convert.verify.cut_points import fit_cuts

Floats = NDArray[np.float64]

FEWEST = 50
"""Labelled answers from which a fit beats leaving the logits as they are, about."""
# Beyond these the labels contradict the logits, or the head is always right: no measure of either.
_LOWEST, _HIGHEST = 0.05, 20.0
_STEPS = 60


class Calibration(msgspec.Struct, frozen=True):
    """What divides the logits, and where the expected label is cut: as a ``SideHead`` has them."""

    temperature: float = 1.0
    cuts: tuple[float, ...] = ()

    def places(self, logits: Floats) -> tuple[int, ...]:
        """Return the place of each answer's label, ``logits`` being ``(answers, labels)``."""
        found = logits.argmax(axis=1)
        if self.cuts:
            found = np.searchsorted(self.cuts, self.expected(logits), side="right")
        return tuple(int(place) for place in found)

    def expected(self, logits: Floats) -> Floats:
        """Return the expected label of each answer, 0 to ``labels - 1``."""
        scaled = logits / self.temperature
        odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        means: Floats = odds @ np.arange(logits.shape[1]) / odds.sum(axis=1)
        return means


PLAIN = Calibration()
"""Logits as they are, and the likeliest label."""


def calibrate(logits: Floats, places: Sequence[int | None], *, steps: bool) -> Calibration:
    """Fit to labelled answers; ``steps`` if the labels rise one by one, as scores do."""
    found = Calibration(fit_temperature(logits, places))
    if not steps:
        return found
    expected, likeliest = found.expected(logits), found.places(logits)
    cuts = fit_cuts(expected, likeliest, places, logits.shape[1])
    return msgspec.structs.replace(found, cuts=cuts)


def fit_temperature(logits: Floats, places: Sequence[int | None]) -> float:
    """Return the temperature with the least cross-entropy, 1 if too few answers have a label.

    ``logits`` is ``(answers, labels)``; ``places`` says which label is right, None if unknown.
    """
    known = [at for at, place in enumerate(places) if place is not None]
    if len(known) < FEWEST or logits.shape[1] < 2:
        return 1.0
    right = np.array([places[at] for at in known], np.int64)
    return _least(logits[known], right)


def _least(logits: Floats, right: NDArray[np.int64]) -> float:
    """Search by golden section over the logarithm: the loss has one valley in 1 / temperature."""
    ratio = (np.sqrt(5) - 1) / 2
    low, high = np.log(_LOWEST), np.log(_HIGHEST)
    for _ in range(_STEPS):
        left, other = high - ratio * (high - low), low + ratio * (high - low)
        if _loss(logits, right, left) <= _loss(logits, right, other):
            high = other
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _loss(logits: Floats, right: NDArray[np.int64], log_temperature: float) -> float:
    scaled = logits / np.exp(log_temperature)
    highest = scaled.max(axis=1, keepdims=True)
    totals = highest[:, 0] + np.log(np.exp(scaled - highest).sum(axis=1))
    return float((totals - scaled[np.arange(len(right)), right]).mean())
