"""What a few marks of a teacher say about the other answers to the same question.

    recalibrated([0.55, 0.40, 0.62], cosines, {1: 1.0})      [0.64, 1.00, 0.69]

A Gaussian process over the answers to one question (Rasmussen and Williams 2006, sections 3.4
and 3.5, Laplace's approximation). Its mean is what the judge said of each answer. Its covariance
has a level that all answers share, since a question may be marked more strictly or more kindly
than most, and a part that only answers of like meaning share. Without marks it says what the judge
said.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 1.2
"""Standard deviation, in logits, of how strictly a question is marked. This and the next two were
chosen by hand on SciEntsBank; ``python -m benchmarks.recalibration`` measures what they are worth,
on other sets too, and tries no others."""
MEANING = 2.0
"""Standard deviation, in logits, of what answers of the same meaning share beside the level."""
FALL = 2.0
"""How fast likeness falls with the angle between meanings: ``exp(FALL * (cosine - 1))``."""

_SURE = 1e-4
"""Probabilities closer to 0 or 1 count as this close: no judge is surer of one answer."""
_STEPS = 50
_SETTLED = 1e-8


def recalibrated(
    probabilities: Sequence[float], cosines: NDArray[np.float32], known: Mapping[int, float]
) -> Floats:
    """Return the probabilities ``(n,)`` of being right, after the marks in ``known``.

    ``cosines`` ``(n, n)`` compares the meanings of the answers to this one question; ``known`` maps
    places to the teacher's share of the points, 0..1. What is known comes back as it was given.
    """
    prior = prior_chances(probabilities)
    if not known:
        return prior
    places = np.array(sorted(known))
    shares = np.array([known[place] for place in places], np.float64)
    shared = covariance(cosines)
    # The judge's probability is one over all there is doubt about: the mean of the latent logit
    # lies further out, by the factor that taking the average over that doubt pulls it in.
    mean = np.log(prior / (1 - prior)) * _pull(np.diag(shared))
    latent, variance = _posterior(mean, shared, places, shares)
    found = _sigmoid(latent / _pull(variance))
    found[places] = shares
    return found


def prior_chances(probabilities: Sequence[float]) -> Floats:
    """Return what the judge said ``(n,)``, never quite certain of anything."""
    return np.clip(np.asarray(probabilities, np.float64), _SURE, 1 - _SURE)


def covariance(cosines: NDArray[np.float32]) -> Floats:
    """Return what answers to one question share ``(n, n)``, in squared logits."""
    alike = np.exp(FALL * (np.asarray(cosines, np.float64) - 1))
    return np.asarray(LEVEL**2 + MEANING**2 * alike, np.float64)


def centred(products: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines ``(n, n)`` of vectors less their mean, from their products ``(n, n)``.

    What all answers to a question have in common says nothing about which of them are alike. The
    products are enough to take it away (Schölkopf et al. 1998, "Nonlinear component analysis").
    """
    found = np.asarray(products, np.float64)
    if not found.size:
        return np.zeros((0, 0), np.float32)
    means = found.mean(axis=0)
    apart = found - means[:, None] - means[None, :] + means.mean()
    # Texts all alike leave nothing but rounding: they count as the same, not as any angle.
    tiny = 1e-5 * max(float(np.diag(found).max()), float(np.finfo(np.float32).tiny))
    squares = np.diag(apart)
    cosines = apart / np.sqrt(np.outer(np.maximum(squares, tiny), np.maximum(squares, tiny)))
    central = squares <= tiny
    cosines[np.ix_(central, central)] = 1.0
    return np.asarray(np.clip(cosines, -1.0, 1.0), np.float32)


def _posterior(
    mean: Floats, covariance: Floats, places: NDArray[np.int64], shares: Floats
) -> tuple[Floats, Floats]:
    """Return mean and variance ``(n,)`` of the latent logits, by algorithms 3.1 and 3.2."""
    inside = covariance[np.ix_(places, places)]
    latent = mean[places]
    for _ in range(_STEPS):
        root, factor = _factor(inside, latent)
        pulled = root**2 * (latent - mean[places]) + shares - _sigmoid(latent)
        weights = pulled - root * _solved(factor, root * (inside @ pulled))
        before, latent = latent, mean[places] + inside @ weights
        if np.abs(latent - before).max() < _SETTLED:
            break
    root, factor = _factor(inside, latent)
    across = covariance[:, places]
    explained = np.linalg.solve(factor, root[:, None] * across.T)
    variance = np.diag(covariance) - (explained**2).sum(axis=0)
    return mean + across @ (shares - _sigmoid(latent)), np.maximum(variance, 0.0)


def _factor(inside: Floats, latent: Floats) -> tuple[Floats, Floats]:
    """Return the square roots of the likelihood's curvature, and Cholesky's factor of B."""
    chance = _sigmoid(latent)
    root = np.sqrt(chance * (1 - chance))
    factor = np.linalg.cholesky(np.eye(len(latent)) + root[:, None] * inside * root)
    return root, np.asarray(factor, np.float64)


def _solved(factor: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(factor.T, np.linalg.solve(factor, right)), np.float64)


def _pull(variance: Floats) -> Floats:
    """Return by how much averaging a logistic over this variance divides a logit (MacKay 1992)."""
    return np.asarray(np.sqrt(1 + np.pi / 8 * variance), np.float64)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float64)
