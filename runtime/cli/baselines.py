"""What a mark has to beat: the commonest label, the answer's length, the reference's words.

Thresholds are fitted on other questions than they are tried on, or they would flatter the baseline.
"""

import re
from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from runtime.cli.labels import Labelled
from runtime.marking.agreement import macro_f1

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Fit = Callable[[Floats, Floats, Floats], Floats]

_CUTS = 101
"""Cuts tried, at even shares of the answers."""

_WORD = re.compile(r"\w+")


def word_counts(pairs: Sequence[Labelled]) -> Floats:
    """Return the number of words of each answer."""
    return np.array([len(_WORD.findall(pair.item.text)) for pair in pairs], float)


def word_overlap(pairs: Sequence[Labelled]) -> Floats | None:
    """Return the share of the reference's words in each answer; ``None`` without references."""
    if not any(pair.item.reference for pair in pairs):
        return None
    shares = [_share(pair.item.reference or "", pair.item.text) for pair in pairs]
    return np.array(shares, float)


def cross_fitted(
    feature: Floats, labels: Floats, questions: Sequence[str], folds: int, fit: Fit
) -> Floats:
    """Return predictions, each by ``fit(feature, labels, new feature)`` on the other folds.

    Whole questions go into one fold; with a single question, rows do.
    """
    fold = _folds(questions, folds)
    predicted = np.empty(len(labels))
    for number in np.unique(fold):
        test = fold == number
        # A single row has nothing else to learn from.
        train = ~test if not test.all() else test
        predicted[test] = fit(feature[train], labels[train], feature[test])
    return predicted


def threshold(feature: Floats, labels: Floats, new: Floats) -> Floats:
    """Predict by the one cut, and the two labels beside it, with the best macro-F1.

    Macro-F1 and not accuracy: on skewed labels the most accurate cut is often none at all.
    """
    classes = np.unique(labels)
    if len(classes) == 1:
        return np.full(len(new), classes[0])
    cuts = np.unique(np.quantile(feature, np.linspace(0, 1, _CUTS), method="lower"))
    sides = [(cut, *pair) for cut in cuts for pair in permutations(classes, 2)]
    scores = [
        macro_f1(labels, np.where(feature >= cut, above, below)) for cut, below, above in sides
    ]
    cut, below, above = sides[int(np.argmax(scores))]
    return np.asarray(np.where(new >= cut, above, below), float)


def same_rank(feature: Floats, labels: Floats, new: Floats) -> Floats:
    """Predict the score that has, among scores, the rank the feature has among features."""
    known = np.sort(feature)
    rank = (np.searchsorted(known, new) + np.searchsorted(known, new, side="right")) / 2
    return np.asarray(np.quantile(labels, rank / len(known), method="nearest"), float)


def _share(reference: str, answer: str) -> float:
    wanted = set(_WORD.findall(reference.lower()))
    return len(wanted & set(_WORD.findall(answer.lower()))) / len(wanted) if wanted else 0.0


def _folds(questions: Sequence[str], folds: int) -> Codes:
    names, codes = np.unique(np.asarray(questions), return_inverse=True)
    if len(names) == 1:
        names, codes = np.arange(len(questions)), np.arange(len(questions))
    shuffled = np.random.default_rng(0).permutation(len(names))
    return np.asarray(shuffled[codes] % folds, np.int64)
