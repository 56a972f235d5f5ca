"""Labels beside what was given for them, in figures: measures with intervals, calibration, curves.

    sample = Sample(labels, given, questions)
    found = compare_classes(sample, ("incorrect", "correct"), confidence)
    found.measures["kappa"].value

``kindmark eval`` and training report the same struct.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.marking import agreement
from runtime.marking.agreement import Bin, Point, Rows

Floats = NDArray[np.float64]
Measures = Mapping[str, Callable[[Floats, Floats], float]]
Predictions = Mapping[str, Floats]
"""What each baseline but the commonest label gives, row by row."""

COVERAGES = (1.0, 0.9, 0.8, 0.7)
MOST_POINTS = 200
"""Points kept of a curve: as many as a plot shows."""


class Sample(NamedTuple):
    """Labels and what was given for them, row by row; rows of one group are never parted."""

    labels: Floats
    given: Floats
    groups: Sequence[object]


class Measured(msgspec.Struct, frozen=True):
    """A measure with its 95 % interval, by resampling whole questions."""

    value: float
    low: float
    high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said about one set of answers; what does not apply is empty."""

    kind: str
    """"verdict", "score", "preference" or "text"."""
    rows: int
    questions: int
    measures: dict[str, Measured]
    baselines: dict[str, dict[str, Measured]] = {}
    classes: tuple[str, ...] = ()
    confusion: list[list[int]] = []
    """Rows are labels, columns what was given."""
    calibration_error: float | None = None
    accuracy_at_coverage: dict[str, float] = {}
    reliability: list[Bin] = []
    risk_coverage: list[Point] = []
    scale: tuple[float, float] | None = None
    scatter: list[tuple[float, float, int]] = []
    """Label, score given, and how many rows have just these two."""
    margins: list[float] = []
    """How far the better answer is ahead, a pair each, in rising order."""
    notes: tuple[str, ...] = ()


def compare_classes(
    sample: Sample,
    classes: Sequence[str],
    confidence: Sequence[float],
    predictions: Predictions | None = None,
) -> Comparison:
    """Compare classes, given as their places in ``classes``; ``confidence`` is one number a row.

    Where all classes are numbers (essay scores), measures of distance are added.
    """
    measures = class_measures(classes)
    labels, given, groups = sample
    codes = range(len(classes))
    right = labels == given
    return Comparison(
        kind="verdict",
        rows=len(labels),
        questions=len(set(groups)),
        measures=measured(measures, sample),
        baselines=_baselines(measures, sample, predictions),
        classes=tuple(classes),
        confusion=agreement.confusion_matrix(labels, given, codes).tolist(),
        calibration_error=agreement.calibration_error(confidence, right),
        accuracy_at_coverage={
            f"{share:.0%}": agreement.accuracy_at_coverage(confidence, right, share)
            for share in COVERAGES
        },
        reliability=agreement.reliability_bins(confidence, right),
        risk_coverage=_thinned(agreement.risk_coverage(confidence, right)),
    )


def compare_scores(
    sample: Sample, scale: tuple[float, float], predictions: Predictions | None = None
) -> Comparison:
    """Compare scores on one scale."""
    measures = score_measures(scale)
    both = np.stack([sample.labels, sample.given])
    pairs, counts = np.unique(both, axis=1, return_counts=True)
    low, high = scale
    return Comparison(
        kind="score",
        rows=len(sample.labels),
        questions=len(set(sample.groups)),
        measures=measured(measures, sample),
        baselines=_baselines(measures, sample, predictions),
        scale=scale,
        scatter=[
            (float(label), float(score), int(rows))
            for label, score, rows in zip(*pairs, counts, strict=True)
        ],
        notes=(f"Scores run from {low:g} to {high:g}; QWK is over {_levels(scale) + 1} levels.",),
    )


def percent(share: float, digits: int = 0) -> str:
    """Return a share of 0..1 as a percentage, its sign kept on the same line."""
    return f"{100 * share:.{digits}f}\u00a0%"


def commonest(labels: Floats) -> Floats:
    """Return the commonest label for every row."""
    classes, counts = np.unique(labels, return_counts=True)
    return np.full(len(labels), classes[counts.argmax()])


def measured(measures: Measures, sample: Sample) -> dict[str, Measured]:
    """Return each measure of the rows with its interval."""
    labels, given, groups = sample
    found = {}
    for name, measure in measures.items():

        def on(rows: Rows, measure: Callable[[Floats, Floats], float] = measure) -> float:
            return measure(labels[rows], given[rows])

        low, high = agreement.bootstrap_interval(on, groups)
        found[name] = Measured(measure(labels, given), low, high)
    return found


def class_measures(classes: Sequence[str]) -> Measures:
    """Return the measures for classes; of distance too where all of them are numbers."""
    nominal: Measures = {
        "accuracy": agreement.accuracy,
        "kappa": agreement.cohen_kappa,
        "macro-F1": agreement.macro_f1,
    }
    if len(classes) < 3 or not all(map(_is_number, classes)):
        return nominal
    points = np.array(classes, float)
    ordered = score_measures((points.min(), points.max()))
    # "exact" would be the accuracy again.
    further = {name: _of_points(ordered[name], points) for name in ordered if name != "exact"}
    return {**nominal, **further}


def score_measures(scale: tuple[float, float]) -> Measures:
    """Return the measures for scores on ``scale``."""
    return {
        "QWK": partial(_kappa_on, scale),
        "exact": partial(agreement.within, points=0.0),
        "within 1": agreement.within,
        "MAE": agreement.mean_absolute_error,
        "Pearson": agreement.pearson,
        "Spearman": agreement.spearman,
        "RMSE": agreement.root_mean_squared_error,
    }


def _baselines(
    measures: Measures, sample: Sample, predictions: Predictions | None
) -> dict[str, dict[str, Measured]]:
    given = {"commonest": commonest(sample.labels), **(predictions or {})}
    return {
        name: measured(measures, sample._replace(given=predicted))
        for name, predicted in given.items()
    }


def _thinned(points: list[Point]) -> list[Point]:
    """Return at most ``MOST_POINTS`` points at even distances, the last one always."""
    step = max(1, -(-len(points) // MOST_POINTS))
    return points[::-1][::step][::-1]


def _is_number(name: str) -> bool:
    return name.replace(".", "", 1).isdigit()


def _of_points(
    measure: Callable[[Floats, Floats], float], points: Floats
) -> Callable[[Floats, Floats], float]:
    return lambda labels, given: measure(points[labels.astype(int)], points[given.astype(int)])


def _levels(scale: tuple[float, float]) -> int:
    """Return the steps of a scale: whole points, or halves where it is one point long or less."""
    span = scale[1] - scale[0]
    return int(np.ceil(span)) if span > 1 else 2


def _kappa_on(scale: tuple[float, float], labels: Floats, given: Floats) -> float:
    low, span, levels = scale[0], scale[1] - scale[0], _levels(scale)
    label_steps, given_steps = ((values - low) / span * levels for values in (labels, given))
    return agreement.quadratic_weighted_kappa(label_steps, given_steps, 0, levels)
