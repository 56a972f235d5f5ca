"""Fits how a model's probabilities are to be read to teachers' labels, and measures what it helps.

    scaling = fit(answers)                         a temperature, and cuts where scores are asked
    before, after = measured(answers, PLAIN), cross_validated(answers)

One number divides all logarithms (Guo et al. 2017, "On Calibration of Modern Neural Networks"):
the likeliest label stays the likeliest. What is measured of a fit is measured on questions that it
was not fitted to.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.judge.llm.cut_points import Places, fit_cuts
from runtime.judge.llm.fits import Scaling
from runtime.judge.llm.labelled import LEAST, Answer, Flags, Floats, Labels
from runtime.marking.agreement import (
    accuracy,
    calibration_error,
    cohen_kappa,
    macro_f1,
    quadratic_weighted_kappa,
)
from runtime.marking.scores import Weighed

Codes = NDArray[np.int64]

FOLDS = 5
PLAIN = Scaling()
"""Probabilities as the model gives them."""

# Beyond these the labels contradict the model, or it is always right: no measure of either.
_LOWEST, _HIGHEST = 0.05, 20.0
_STEPS = 40


class Figures(NamedTuple):
    """How marks agree with labels: ``kappa`` is quadratic weighted between scores, else Cohen's.

    ``ece`` compares how sure the verdicts were with how many were right; nan where nobody said.
    """

    kappa: float
    macro_f1: float
    accuracy: float
    ece: float


def fit(answers: Sequence[Answer]) -> Scaling:
    """Return the temperature of the greatest likelihood, and cuts where they help with scores."""
    labels = Labels(answers)
    scaling = Scaling(fit_temperature(labels))
    names = {one.found.labels for one in answers}
    if not labels.are_scores or len(names) > 1:
        return scaling
    scaled = [one.scaled(scaling) for one in answers]
    expected = np.array([one.expected(range(len(one.labels))) for one in scaled])
    plain = [one.place(one.weighed(scaling).score) for one in answers]
    places = Places(expected, np.array(plain, np.int64), np.array(labels.places, np.int64))
    cuts = fit_cuts(places, labels.scale, folds_of(answers))
    return scaling._replace(cuts=cuts, labels=names.pop() if cuts else ())


def fit_temperature(labels: Labels) -> float:
    """Return the temperature with the least cross-entropy with the labels."""
    shape = len(labels.answers), labels.scale
    logs, right = np.full(shape, -np.inf), np.zeros(shape, np.bool_)
    for at, one in enumerate(labels.answers):
        size = len(one.found.labels)
        logs[at, :size] = one.logarithms
        right[at, :size] = labels.right(at)
    known = right.any(axis=1)
    if not known.any():
        return PLAIN.temperature
    # Where a label stands for several scores there may be more than one valley.
    tried = np.linspace(np.log(_LOWEST), np.log(_HIGHEST), _STEPS)
    best = int(np.argmin([_loss(logs[known], right[known], t) for t in tried]))
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, _STEPS - 1)]
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, other = high - ratio * (high - low), low + ratio * (high - low)
        if _loss(logs[known], right[known], left) <= _loss(logs[known], right[known], other):
            high = other
        else:
            low = left
    return float(np.exp((low + high) / 2))


def measured(answers: Sequence[Answer], scaling: Scaling) -> Figures:
    """Return how marks made with a scaling agree with the labels."""
    return _figures(Labels(answers), [one.weighed(scaling) for one in answers])


def cross_validated(answers: Sequence[Answer]) -> Figures:
    """Return how marks agree, each made with a fit to the answers to other questions."""
    folds, found = folds_of(answers), dict[int, Weighed]()
    for number in np.unique(folds):
        scaling = fit([one for one, fold in zip(answers, folds, strict=True) if fold != number])
        for at in map(int, np.flatnonzero(folds == number)):
            found[at] = answers[at].weighed(scaling)
    return _figures(Labels(answers), [found[at] for at in range(len(answers))])


def majority(answers: Sequence[Answer]) -> Figures:
    """Return how giving everybody the commonest label of the other questions agrees."""
    labels, folds = Labels(answers), folds_of(answers)
    known = np.array(labels.known)
    given = known.copy()
    for number in np.unique(folds):
        given[folds == number] = Counter(known[folds != number].tolist()).most_common(1)[0][0]
    return Figures(*_agreement(labels, known.tolist(), given.tolist()), float("nan"))


def folds_of(answers: Sequence[Answer]) -> Codes:
    """Return which part each answer belongs to, ``(answers,)``: whole questions, in a fixed order.

    The answers to a single question are parted one by one.
    """
    names, codes = np.unique([one.question for one in answers], return_inverse=True)
    if len(names) == 1:
        names, codes = np.arange(len(answers)), np.arange(len(answers))
    shuffled = np.random.default_rng(0).permutation(len(names))
    return np.asarray(shuffled[codes] % FOLDS, np.int64)


def _figures(labels: Labels, given: Sequence[Weighed]) -> Figures:
    verdicts = [labels.verdict(one.verdict) for one in given]
    like = [a == b for a, b in zip(verdicts, labels.verdicts, strict=True)]
    ece = calibration_error([one.probability for one in given], like)
    pairs = zip(labels.answers, given, strict=True)
    said: list[object] = [*verdicts]
    if labels.are_scores:
        said = [one.place(weighed.score) for one, weighed in pairs]
    return Figures(*_agreement(labels, labels.known, said), ece)


def _agreement(
    labels: Labels, known: Sequence[object], given: Sequence[object]
) -> tuple[float, float, float]:
    one, other = np.array(known), np.array(given)
    if labels.are_scores:
        kappa = quadratic_weighted_kappa(one, other, 0, labels.scale - 1)
    else:
        kappa = cohen_kappa(one, other)
    return kappa, macro_f1(one, other), accuracy(one, other)


def _loss(logs: Floats, right: Flags, log_temperature: float) -> float:
    scaled = logs / np.exp(log_temperature)
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    like = np.where(right, odds, 0.0).sum(axis=1) / odds.sum(axis=1)
    return float(-np.log(np.maximum(like, LEAST)).mean())
