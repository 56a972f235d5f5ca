"""Fits the cut points of a head whose labels are the steps of a scale, such as scores of 0 to 5.

fit_cuts(expected, [0, 2, None, 1], labels=3)

The likeliest label wastes what the others say: between 2 and 4 lies 3. So the expected label is cut
into steps where quadratic weighted kappa with the teachers is highest (thresholds on a continuous
score: McCullagh 1980). The cuts are only kept if they agree better than the likeliest label does
with answers that they were not fitted to.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runtime.marking.agreement import quadratic_weighted_kappa

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

FEWEST = 100
"""Labelled answers from which cuts are worth a try: of fewer, each would rest on a dozen."""
_FOLDS = 5
_TRIED = 64
"""Places tried for a cut: finer ones move a mark in a hundred."""
_ROUNDS = 4
"""Every cut is placed anew so often; mostly the second round changes nothing."""


def fit_cuts(
    expected: Floats, likeliest: Sequence[int], places: Sequence[int | None], labels: int
) -> tuple[float, ...]:
    """Return ``labels - 1`` rising cuts on the expected label ``(answers,)``, or none.

    ``likeliest`` is each answer's likeliest label, ``places`` its true one, None if unknown.
    """
    known = [at for at, place in enumerate(places) if place is not None]
    right = np.array([places[at] for at in known], np.int64)
    if labels < 3 or len(known) < FEWEST or len(set(right.tolist())) < labels:
        return ()
    values, plain = expected[known], np.array(likeliest, np.int64)[known]
    unseen = _held_out(values, right, labels)
    if _agreement(right, unseen, labels) <= _agreement(right, plain, labels):
        return ()
    return tuple(float(cut) for cut in _best(values, right, labels))


def _held_out(values: Floats, right: Places, labels: int) -> Places:
    """Return each answer's step by cuts fitted to the other folds."""
    fold = np.arange(len(values)) % _FOLDS
    found = np.zeros(len(values), np.int64)
    for number in range(_FOLDS):
        cuts = _best(values[fold != number], right[fold != number], labels)
        found[fold == number] = np.searchsorted(cuts, values[fold == number], side="right")
    return found


def _best(values: Floats, right: Places, labels: int) -> Floats:
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


def _steps(values: Floats, cuts: Floats, at: int, cut: float) -> Places:
    moved = cuts.copy()
    moved[at] = cut
    return np.searchsorted(moved, values, side="right")


def _agreement(right: Places, given: Places, labels: int) -> float:
    return quadratic_weighted_kappa(right.tolist(), given.tolist(), 0, labels - 1)
