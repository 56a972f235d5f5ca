"""Cut points: where the expected score passes from one score to the next, as teachers give them.

fit_cuts(Places(expected, plain, right), labels=6, folds=folds)

A model may be kinder or stricter than the teacher at one end of the scale. So the expected place of
a score is cut where quadratic weighted kappa with the teachers is highest (thresholds on a
continuous score: McCullagh 1980). Cuts are only kept if on questions that they were not fitted to
they agree better than rounding does.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.marking.agreement import quadratic_weighted_kappa

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

FEWEST = 100
"""Labelled answers from which cuts are worth a try: of fewer, each would rest on a dozen."""
_TRIED = 64
"""Places tried for a cut: finer ones move a mark in a hundred."""
_ROUNDS = 4
"""Every cut is placed anew so often; mostly the second round changes nothing."""


class Places(NamedTuple):
    """Of each answer the ``expected`` place among the labels, the place that it gets without cuts
    (``plain``), and the ``right`` one; all ``(answers,)``."""

    expected: Floats
    plain: Codes
    right: Codes


def fit_cuts(places: Places, labels: int, folds: Codes) -> tuple[float, ...]:
    """Return ``labels - 1`` rising cuts, or none where they do not help; ``folds`` ``(answers,)``.

    None are tried with fewer than ``FEWEST`` answers or where a label does not occur.
    """
    expected, plain, right = places
    if labels < 3 or len(right) < FEWEST or len(np.unique(right)) < labels:
        return ()
    unseen = np.zeros(len(right), np.int64)
    for number in np.unique(folds):
        test = folds == number
        cuts = _best(expected[~test], right[~test], labels)
        unseen[test] = np.searchsorted(cuts, expected[test], side="right")
    if _agreement(right, unseen, labels) <= _agreement(right, plain, labels):
        return ()
    return tuple(float(cut) for cut in _best(expected, right, labels))


def _best(values: Floats, right: Codes, labels: int) -> Floats:
    """Move one cut at a time to its best place, from halfway between the labels."""
    cuts: Floats = np.arange(labels - 1, dtype=np.float64) + 0.5
    tried = np.unique(np.quantile(values, np.linspace(0, 1, _TRIED)))
    for _ in range(_ROUNDS):
        before = cuts.copy()
        for at in range(len(cuts)):
            low = cuts[at - 1] if at else -np.inf
            high = cuts[at + 1] if at + 1 < len(cuts) else np.inf
            between = [cuts[at], *tried[(tried > low) & (tried < high)]]
            worth = [_agreement(right, _steps(values, cuts, at, cut), labels) for cut in between]
            cuts[at] = between[int(np.argmax(worth))]
        if np.array_equal(cuts, before):
            break
    return cuts


def _steps(values: Floats, cuts: Floats, at: int, cut: float) -> Codes:
    moved = cuts.copy()
    moved[at] = cut
    return np.searchsorted(moved, values, side="right")


def _agreement(right: Codes, given: Codes, labels: int) -> float:
    return quadratic_weighted_kappa(right, given, 0, labels - 1)
