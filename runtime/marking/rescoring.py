"""What a few scores of a teacher say about the other essays on the same question.

    essays = Essays(judged=[0.4, 0.5, 0.9], words=[120, 180, 310], cosines=cosines)
    found = rescored(essays, {0: 2.0, 2: 5.0}, (0.0, 6.0))
    found.means[1], found.deviations[1]          3.2, 0.9

Gaussian process regression (Rasmussen and Williams 2006, section 2.2) on what the judge said, the
length, and likeness of meaning, averaged over a few settings by their marginal likelihood
(section 5.2): with some five to thirty marks, choosing the best one instead follows chance. The
scores are then spread as far as the teacher's (linear equating, Kolen and Brennan 2014, chapter 2):
expected scores keep to the middle of a scale that the teacher uses whole.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.marking.recalibration import FALL

Floats = NDArray[np.float64]

FEWEST = 3
"""Marks from which on they say something about others: of two, all may be chance."""

WEIGHTS = tuple(product((0.25, 1.0), repeat=2))
"""How much score and length count each, little or much, as variances in units of the teacher's
spread: which of the four holds for a question is left to its marks."""
NOISES = (0.2, 0.4)
"""How far a teacher's own marks scatter, in the same units: two teachers agree to about that."""
MOST_STRETCHED = 1.5
"""Scores are not spread further than by this, whatever a few marks seem to say."""
LEVEL, NEAR, MEANING = 0.25, 0.1, 0.1
"""Variances of the level, of what essays alike in score and length share, and those in meaning."""
SPREAD = 0.075
"""Share of the scale that the teacher's spread is taken wider by: a handful of marks may agree."""


class Essays(NamedTuple):
    """Essays on one question: the judge's score and the words of each, cosines ``(n, n)``."""

    judged: Sequence[float]
    words: Sequence[int]
    cosines: NDArray[np.float32]


class Rescored(NamedTuple):
    """Expected scores ``(n,)`` with their standard deviations, in points."""

    means: Floats
    deviations: Floats


def rescored(
    essays: Essays, known: Mapping[int, float], scale: tuple[float, float]
) -> Rescored | None:
    """Return what the scores in ``known`` (by place) say of all essays; ``None`` for too few."""
    if len(known) < FEWEST:
        return None
    places = np.array(sorted(known))
    scores = np.array([known[place] for place in places], np.float64)
    middle, spread = scores.mean(), scores.std() + SPREAD * (scale[1] - scale[0])
    ways = [
        _regressed(covariance, places, (scores - middle) / spread, noise)
        for covariance in covariances(essays)
        for noise in NOISES
    ]
    likelihoods = np.array([likelihood for likelihood, _mean, _variance in ways])
    shares = np.exp(likelihoods - likelihoods.max())
    shares /= shares.sum()
    means = np.stack([mean for _likelihood, mean, _variance in ways])
    mean = shares @ means
    # Of a mixture: the mean of the variances, and the variance of the means.
    variance = shares @ (np.stack([found for *_rest, found in ways]) + (means - mean) ** 2)
    means = middle + spread * mean
    return Rescored(_stretched(means, scores), spread * np.sqrt(variance))


def _stretched(means: Floats, scores: Floats) -> Floats:
    """Return the means spread as far as the teacher's scores are, and never closer together."""
    spread = means.std()
    factor = scores.std() / spread if spread > 1e-9 else 1.0
    stretch = min(max(1.0, float(factor)), MOST_STRETCHED)
    return np.asarray(means.mean() + (means - means.mean()) * stretch, np.float64)


def covariances(essays: Essays) -> list[Floats]:
    """Return what essays share ``(n, n)`` in each of ``WEIGHTS``, in the teacher's spread."""
    judged, words = _standard(essays.judged), _standard(np.log1p(np.asarray(essays.words, float)))
    apart = np.subtract.outer(judged, judged) ** 2 + np.subtract.outer(words, words) ** 2
    alike = np.exp(FALL * (np.asarray(essays.cosines, np.float64) - 1))
    shared = LEVEL + NEAR * np.exp(-apart / 4) + MEANING * alike
    return [
        shared + score * np.outer(judged, judged) + length * np.outer(words, words)
        for score, length in WEIGHTS
    ]


def _regressed(
    covariance: Floats, places: NDArray[np.int64], wanted: Floats, noise: float
) -> tuple[float, Floats, Floats]:
    """Return log marginal likelihood, means and variances of marks, by algorithm 2.1."""
    inside = covariance[np.ix_(places, places)] + noise * np.eye(len(places))
    factor = np.linalg.cholesky(inside)
    weights = np.linalg.solve(factor.T, np.linalg.solve(factor, wanted))
    likelihood = -0.5 * wanted @ weights - np.log(np.diag(factor)).sum()
    across = covariance[:, places]
    explained = np.linalg.solve(factor, across.T)
    variance = np.diag(covariance) - (explained**2).sum(axis=0) + noise
    return float(likelihood), across @ weights, np.maximum(variance, noise)


def _standard(values: Sequence[float] | Floats) -> Floats:
    """Return the values less their mean, in units of their spread; 0 where all are equal."""
    found = np.asarray(values, np.float64)
    spread = found.std()
    return (found - found.mean()) / spread if spread > 1e-9 else np.zeros_like(found)
