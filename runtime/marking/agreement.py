"""How well marks agree with teachers' labels: the measures, on numpy arrays alone.

    cohen_kappa(["correct", "incorrect"], ["correct", "correct"])

Conventions for input on which a formula divides by nothing: no rows give ``nan``; where chance
alone explains all agreement (constant labels), kappa is 0; with a constant, a correlation is 0.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Rows = NDArray[np.intp]

RESAMPLES = 1000
"""Enough for the second digit of a 95 % interval (Efron & Tibshirani 1993, section 14.2)."""

BINS = 15
"""As Guo et al. (2017) and most since: figures stay comparable."""


def accuracy(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the share of equal pairs."""
    return _mean(np.asarray(labels) == np.asarray(given))


def confusion_matrix(labels: ArrayLike, given: ArrayLike, classes: Sequence[object]) -> Counts:
    """Return counts of shape ``(k, k)``: rows are labels, columns what was given.

    Raises ``ValueError`` for a value that is not among ``classes``.
    """
    size = len(classes)
    flat = _codes(labels, classes) * size + _codes(given, classes)
    return np.bincount(flat, minlength=size * size).reshape(size, size)


def cohen_kappa(labels: ArrayLike, given: ArrayLike) -> float:
    """Return agreement beyond chance (Cohen 1960)."""
    classes = _union(labels, given)
    return _weighted_kappa(
        confusion_matrix(labels, given, classes), 1.0 - np.eye(len(classes), dtype=np.float64)
    )


def macro_f1(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the plain mean of each class's F1 over the classes that occur (van Rijsbergen 1979).

    A class that is never right counts 0.
    """
    matrix = confusion_matrix(labels, given, _union(labels, given))
    if not matrix.size:
        return float("nan")
    hits = np.diag(matrix)
    return float(np.mean(2 * hits / (matrix.sum(axis=0) + matrix.sum(axis=1))))


def quadratic_weighted_kappa(labels: ArrayLike, given: ArrayLike, low: int, high: int) -> float:
    """Return kappa with squared distances as weights (Cohen 1968) over whole scores low..high.

    Scores are rounded half up to whole points. Raises ``ValueError`` for one outside the range.
    """
    classes = list(range(low, high + 1))
    matrix = confusion_matrix(_whole(labels), _whole(given), classes)
    steps = np.arange(len(classes), dtype=np.float64)
    return _weighted_kappa(matrix, (steps[:, None] - steps[None, :]) ** 2)


def mean_absolute_error(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the mean distance, in points."""
    return _mean(np.abs(_difference(labels, given)))


def root_mean_squared_error(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the root of the mean squared distance, in points."""
    return float(np.sqrt(_mean(_difference(labels, given) ** 2)))


def within(labels: ArrayLike, given: ArrayLike, points: float = 1.0) -> float:
    """Return the share of pairs at most ``points`` apart ("adjacent agreement")."""
    # Halves and thirds of a point are not exact in binary.
    return _mean(np.abs(_difference(labels, given)) <= points + 1e-9)


def pearson(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the product-moment correlation (Pearson 1895)."""
    a, b = np.asarray(labels, float), np.asarray(given, float)
    if not len(a):
        return float("nan")
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    # Scaled by the largest value first, so that the squares of tiny differences stay above 0.
    a, b = (values / np.abs(values).max() for values in (a - a.mean(), b - b.mean()))
    return float(np.clip((a @ b) / np.sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def spearman(labels: ArrayLike, given: ArrayLike) -> float:
    """Return the rank correlation (Spearman 1904); ties share the mean of their ranks."""
    return pearson(_ranks(labels), _ranks(given))


class Bin(NamedTuple):
    """Rows of similar confidence: the mean of what was stated, and the share that was right."""

    confidence: float
    accuracy: float
    rows: int


def reliability_bins(confidence: ArrayLike, right: ArrayLike, bins: int = BINS) -> list[Bin]:
    """Return bins of equal mass, the least confident first (DeGroot & Fienberg 1983).

    Rows are sorted by confidence and cut into at most ``bins`` parts of (nearly) equal size
    (Nguyen & O'Connor 2015), so that no part is judged by a handful of rows.
    """
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    if not len(stated):
        return []
    order = np.argsort(stated, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    return [Bin(_mean(stated[part]), _mean(hits[part]), len(part)) for part in parts]


def calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """Return the expected calibration error (Guo et al. 2017), in bins of equal mass."""
    found = reliability_bins(confidence, right, bins)
    if not found:
        return float("nan")
    gaps = [abs(part.confidence - part.accuracy) * part.rows for part in found]
    return float(sum(gaps) / sum(part.rows for part in found))


class Point(NamedTuple):
    """What is left to the marker if it keeps rows from ``confidence`` on: how many, how wrong."""

    coverage: float
    risk: float
    confidence: float


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> list[Point]:
    """Return the risk-coverage curve (El-Yaniv & Wiener 2010), the surest rows first.

    One point for each confidence that occurs: rows of the same confidence cannot be told apart.
    """
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    order = np.argsort(-stated, kind="stable")
    kept = np.arange(1, len(order) + 1)
    risks = 1 - np.cumsum(hits[order]) / kept
    last = np.append(np.diff(stated[order]) != 0, True)[: len(order)]
    points = zip(kept[last] / len(order), risks[last], stated[order][last], strict=True)
    return [Point(float(share), float(risk), float(least)) for share, risk, least in points]


def accuracy_at_coverage(confidence: ArrayLike, right: ArrayLike, coverage: float) -> float:
    """Return the accuracy on the most confident share of rows (El-Yaniv & Wiener 2010)."""
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    kept = np.argsort(-stated, kind="stable")[: round(coverage * len(stated)) or 1]
    return _mean(hits[kept])


def bootstrap_interval(
    measure: Callable[[Rows], float],
    groups: Sequence[object],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of ``measure(row numbers)`` (Efron 1979).

    Whole groups are drawn (Davison & Hinkley 1997, section 3.8): answers to one question are not
    independent. With a single group, rows are drawn instead.
    """
    members = _members(groups)
    if not members:
        return float("nan"), float("nan")
    random = np.random.default_rng(seed)
    drawn = (random.integers(len(members), size=len(members)) for _ in range(resamples))
    values = [measure(np.concatenate([members[i] for i in chosen])) for chosen in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _members(groups: Sequence[object]) -> list[Rows]:
    """Return each group's row numbers; every row by itself where all are of one group."""
    found: dict[object, list[int]] = {}
    for row, group in enumerate(groups):
        found.setdefault(group, []).append(row)
    if len(found) == 1:
        return [np.array([row]) for row in range(len(groups))]
    return [np.array(rows) for rows in found.values()]


def _mean(values: ArrayLike) -> float:
    found = np.asarray(values, float)
    return float(found.mean()) if found.size else float("nan")


def _difference(labels: ArrayLike, given: ArrayLike) -> Floats:
    difference: Floats = np.asarray(labels, float) - np.asarray(given, float)
    return difference


def _whole(scores: ArrayLike) -> Counts:
    return np.floor(np.asarray(scores, float) + 0.5).astype(np.int64)


def _union(labels: ArrayLike, given: ArrayLike) -> list[object]:
    return list(np.union1d(np.asarray(labels), np.asarray(given)))


def _codes(values: ArrayLike, classes: Sequence[object]) -> Counts:
    """Return each value's place among ``classes``."""
    found = np.asarray(values)
    if not found.size:
        return np.zeros(0, np.int64)
    names = np.asarray(classes)
    order = np.argsort(names)
    places = np.searchsorted(names[order], found).clip(max=len(names) - 1)
    codes: Counts = order[places].astype(np.int64)
    if (strange := found[names[codes] != found]).size:
        raise ValueError(f"{strange[0]} is not among {list(classes)}")
    return codes


def _weighted_kappa(matrix: Counts, weights: Floats) -> float:
    total = matrix.sum()
    if not total:
        return float("nan")
    by_chance = np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / total
    expected = float((weights * by_chance).sum())
    return 1 - float((weights * matrix).sum()) / expected if expected else 0.0


def _ranks(values: ArrayLike) -> Floats:
    _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], float)
