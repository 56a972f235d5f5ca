"""Fits the cut points of a head whose labels are the steps of a scale, such as scores of 0 to 5.

fit_cuts(expected, [0, 2, None, 1], labels=3)

The likeliest label wastes what the others say: between 2 and 4 lies 3. So the expected label is cut
into steps as the judge's own are (``runtime.judge.llm.cut_points``); the cuts are only kept if they
agree better than the likeliest label does with answers that they were not fitted to.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runtime.judge.llm import cut_points
from runtime.judge.llm.cut_points import FEWEST, Places

__all__ = ["FEWEST", "fit_cuts"]

_FOLDS = 5


def fit_cuts(
    expected: NDArray[np.float64],
    likeliest: Sequence[int],
    places: Sequence[int | None],
    labels: int,
) -> tuple[float, ...]:
    """Return ``labels - 1`` rising cuts on the expected label ``(answers,)``, or none.

    ``likeliest`` is each answer's likeliest label, ``places`` its true one, None if unknown.
    """
    known = [at for at, place in enumerate(places) if place is not None]
    right = np.array([places[at] for at in known], np.int64)
    plain = np.array(likeliest, np.int64)[known]
    folds = np.arange(len(known)) % _FOLDS
    return cut_points.fit_cuts(Places(expected[known], plain, right), labels, folds)
