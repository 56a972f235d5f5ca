"""Which answers to a question a teacher should mark first: those that say most about the others.

    doubt = doubt_of_answers([0.55, 0.40, 0.62], cosines, {1: 1.0})
    telling(doubt, known=[1], among=[0, 2], count=1)        [2]

Greedy A-optimal design (Chaloner and Verdinelli 1995; for Gaussian processes Seo et al. 2000,
"Gaussian process regression: active data selection and test point rejection"): one after another,
the answer whose mark would take most of the doubt from all that are left. How much a mark takes
away does not depend on what it will be, so a few can be chosen before any of them is given.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.marking.recalibration import covariance, prior_chances, recalibrated
from runtime.marking.rescoring import NOISES, Essays, covariances

Floats = NDArray[np.float64]

_LEAST_CURVED = 0.02
"""The share of doubt left in an answer whose verdict is as good as known."""


class Doubt(NamedTuple):
    """What is not known of the answers to one question.

    ``covariance`` ``(n, n)`` of what is looked for, ``noise`` ``(n,)`` the variance of a mark as a
    sight of it, and ``weight`` ``(n,)`` how much it matters not to know an answer.
    """

    covariance: Floats
    noise: Floats
    weight: Floats


def telling(doubt: Doubt, known: Collection[int], among: Collection[int], count: int) -> list[int]:
    """Return up to ``count`` places of ``among``, the most telling first; ``known`` are marked."""
    left = doubt.covariance.copy()
    for place in sorted(known):
        _see(left, place, doubt.noise[place])
    open_ = np.zeros(len(left), bool)
    open_[list(among)] = True
    open_[list(known)] = False
    found: list[int] = []
    while len(found) < count and open_.any():
        taken = doubt.weight @ left**2 / (np.diag(left) + doubt.noise)
        place = int(np.argmax(np.where(open_, taken, -np.inf)))
        found.append(place)
        open_[place] = False
        _see(left, place, doubt.noise[place])
    return found


def doubt_of_answers(
    probabilities: Sequence[float], cosines: NDArray[np.float32], known: Mapping[int, float]
) -> Doubt:
    """Return the doubt about right or wrong, as ``recalibrated`` sees it after ``known``.

    An answer that is as good as decided teaches little and needs no help: both by p (1 - p).
    """
    chances = prior_chances(probabilities)
    now = recalibrated(probabilities, cosines, known)
    open_ = np.array([place not in known for place in range(len(chances))], bool)
    chances[open_] = now[open_]
    curved = np.maximum(chances * (1 - chances), _LEAST_CURVED)
    return Doubt(covariance(cosines), 1 / curved, np.where(open_, curved, 0.0))


def doubt_of_essays(essays: Essays) -> Doubt:
    """Return the doubt about scores, as ``rescored`` sees it."""
    mean = np.mean(covariances(essays), axis=0)
    return Doubt(mean, np.full(len(mean), np.mean(NOISES)), np.ones(len(mean)))


def _see(left: Floats, place: int, noise: float) -> None:
    """Take away from the covariance, in place, what a mark there tells."""
    column = left[:, place].copy()
    left -= np.outer(column, column) / (column[place] + noise)
