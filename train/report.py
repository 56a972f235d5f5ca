"""Measures the right-or-wrong head on questions it never saw, beside the plain baselines.

Five folds grouped by question; every threshold, weight and calibration is fitted on the other four.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

from runtime.judge.features import RIGHT_WRONG, Floats
from runtime.marking import agreement
from train.right_wrong import Groups, Labels, cross_validate, folds

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)

THRESHOLDS = 101
"""Thresholds tried between a feature's least and greatest value."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement of one way of marking with the teachers."""

    accuracy: float
    kappa: float
    macro_f1: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Every way of marking, and the head's calibration on unseen questions."""

    answers: int
    questions: int
    ways: Mapping[str, Figures]
    calibration_error: float
    coverage: Mapping[str, float]
    """Accuracy on the most confident share of answers."""


def report(features: Floats, frozen: Floats, labels: Labels, groups: Groups) -> Report:
    """Cross-validate the head and its baselines.

    ``features`` ``(n, len(RIGHT_WRONG))`` are read by encoders that never saw the question,
    ``frozen`` by the encoder as it was published.
    """
    probabilities = cross_validate(features, labels, groups)
    confidence = np.maximum(probabilities, 1 - probabilities)
    right = (probabilities >= 0.5) == labels
    ways = {
        "majority": np.full(len(labels), int(labels.mean() >= 0.5)),
        "length only": _threshold(features, "log_words", labels, groups),
        "word overlap": _threshold(features, "recall", labels, groups),
        "frozen encoder": (cross_validate(frozen, labels, groups) >= 0.5).astype(np.int64),
        "adapted encoder": (probabilities >= 0.5).astype(np.int64),
    }
    return Report(
        answers=len(labels),
        questions=len(set(groups)),
        ways={name: figures(labels, given) for name, given in ways.items()},
        calibration_error=agreement.calibration_error(confidence, right),
        coverage={
            f"{share:.0%}": agreement.accuracy_at_coverage(confidence, right, share)
            for share in COVERAGES
        },
    )


def figures(labels: Labels, given: Labels) -> Figures:
    """Return the agreement of ``given`` with ``labels``, both ``(n,)`` of 0 and 1."""
    return Figures(
        accuracy=agreement.accuracy(labels, given),
        kappa=agreement.cohen_kappa(labels, given),
        macro_f1=agreement.macro_f1(labels, given),
    )


def table(found: Report) -> str:
    """Return the report as a Markdown table and two lines."""
    rows = [
        f"| {name} | {f.accuracy:.3f} | {f.macro_f1:.3f} | {f.kappa:.3f} |"
        for name, f in found.ways.items()
    ]
    shares = ", ".join(f"{share}: {value:.3f}" for share, value in found.coverage.items())
    head = [
        f"{found.answers:,} answers to {found.questions} questions, 5 folds grouped by question.",
        "",
        "| | accuracy | macro-F1 | kappa |",
        "| --- | --- | --- | --- |",
    ]
    tail = [
        "",
        f"Expected calibration error: {found.calibration_error:.3f}.",
        f"Accuracy on the most confident share: {shares}.",
    ]
    return "\n".join([*head, *rows, *tail])


def _threshold(features: Floats, name: str, labels: Labels, groups: Groups) -> Labels:
    """Mark by one feature, with the threshold best on the other folds' macro-F1."""
    column = features[:, RIGHT_WRONG.index(name)]
    given = np.zeros(len(labels), np.int64)
    for train, test in folds(groups):
        given[test] = column[test] >= _best_threshold(column[train], labels[train])
    return given


def _best_threshold(column: Floats, labels: Labels) -> float:
    tried = np.linspace(column.min(), column.max(), THRESHOLDS)
    scores = [agreement.macro_f1(labels, (column >= at).astype(np.int64)) for at in tried]
    return float(tried[int(np.argmax(scores))])
