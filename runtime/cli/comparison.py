"""Marks against labels in figures: measures with intervals, baselines, calibration, coverage."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec
import numpy as np

from runtime.cli.baselines import (
    Floats,
    commonest,
    cross_fitted,
    same_rank,
    threshold,
    word_counts,
    word_overlap,
)
from runtime.cli.labels import Labelled
from runtime.marking import agreement
from runtime.marking.agreement import Rows
from runtime.marking.mark import Verdict

Measures = Mapping[str, Callable[[Floats, Floats], float]]

_VERDICTS = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
_COVERAGES = (1.0, 0.9, 0.8, 0.7)
_COMMON_SCALE = (0.0, 10.0)
"""Answers on different scales are compared on this one."""


class Measured(msgspec.Struct, frozen=True):
    """A measure with its 95 % interval, by resampling whole questions."""

    value: float
    low: float
    high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything ``kindmark eval`` says about one set of answers."""

    kind: str
    """"verdict" or "score"."""
    rows: int
    questions: int
    measures: dict[str, Measured]
    baselines: dict[str, dict[str, float]]
    classes: tuple[str, ...] = ()
    confusion: list[list[int]] = []
    """Rows are labels, columns marks."""
    calibration_error: float | None = None
    accuracy_at_coverage: dict[str, float] = {}
    notes: tuple[str, ...] = ()


def compare(pairs: Sequence[Labelled], folds: int) -> Comparison:
    """Compare marks with labels; all labels are verdicts or all are scores."""
    if isinstance(pairs[0].label, Verdict):
        return _compare_verdicts(pairs, folds)
    return _compare_scores(pairs, folds)


def _compare_verdicts(pairs: Sequence[Labelled], folds: int) -> Comparison:
    labels = np.array([_VERDICTS.index(Verdict(str(pair.label))) for pair in pairs], float)
    given = np.array([_VERDICTS.index(pair.mark.verdict) for pair in pairs], float)
    partial_code = float(_VERDICTS.index(Verdict.PARTIAL))
    notes = []
    if partial_code not in labels and partial_code in given:
        given[given == partial_code] = _VERDICTS.index(Verdict.INCORRECT)
        notes.append("No label is partial, so a mark of partial counts as incorrect.")
    confidence = [pair.mark.confidence for pair in pairs]
    codes = sorted({*labels, *given})
    return Comparison(
        kind="verdict",
        rows=len(pairs),
        questions=_questions(pairs),
        measures=_measured(_VERDICT_MEASURES, pairs, labels, given),
        baselines=_baselines(_VERDICT_MEASURES, pairs, labels, folds),
        classes=tuple(_VERDICTS[int(code)].value for code in codes),
        confusion=agreement.confusion_matrix(labels, given, codes).tolist(),
        calibration_error=agreement.calibration_error(confidence, labels == given),
        accuracy_at_coverage={
            f"{share:.0%}": agreement.accuracy_at_coverage(confidence, labels == given, share)
            for share in _COVERAGES
        },
        notes=tuple(notes),
    )


def _compare_scores(pairs: Sequence[Labelled], folds: int) -> Comparison:
    scales = sorted({pair.item.scale for pair in pairs})
    scale = scales[0] if len(scales) == 1 else _COMMON_SCALE
    labels = _on_scale(pairs, [float(pair.label) for pair in pairs], scale)
    given = _on_scale(pairs, [pair.mark.score or 0.0 for pair in pairs], scale)
    measures = _score_measures(scale)
    low, high = scale
    notes = [f"Scores run from {low:g} to {high:g}; QWK is over {_levels(scale) + 1} levels."]
    if len(scales) > 1:
        notes.append(f"Answers on {len(scales)} different scales were put on this one.")
    return Comparison(
        kind="score",
        rows=len(pairs),
        questions=_questions(pairs),
        measures=_measured(measures, pairs, labels, given),
        baselines=_baselines(measures, pairs, labels, folds),
        notes=tuple(notes),
    )


_VERDICT_MEASURES: Measures = {
    "accuracy": agreement.accuracy,
    "kappa": agreement.cohen_kappa,
    "macro-F1": agreement.macro_f1,
}


def _score_measures(scale: tuple[float, float]) -> Measures:
    return {
        "QWK": partial(_kappa_on, scale),
        "MAE": agreement.mean_absolute_error,
        "within 1": agreement.within,
        "Pearson": agreement.pearson,
        "Spearman": agreement.spearman,
        "RMSE": agreement.root_mean_squared_error,
    }


def _levels(scale: tuple[float, float]) -> int:
    """Return the steps of a scale: whole points, or halves where it is one point long or less."""
    span = scale[1] - scale[0]
    return int(np.ceil(span)) if span > 1 else 2


def _kappa_on(scale: tuple[float, float], labels: Floats, given: Floats) -> float:
    low, span, levels = scale[0], scale[1] - scale[0], _levels(scale)
    label_steps, given_steps = ((values - low) / span * levels for values in (labels, given))
    return agreement.quadratic_weighted_kappa(label_steps, given_steps, 0, levels)


def _on_scale(
    pairs: Sequence[Labelled], scores: Sequence[float], scale: tuple[float, float]
) -> Floats:
    low, high = np.array([pair.item.scale for pair in pairs], float).T
    shares = ((np.array(scores) - low) / (high - low)).clip(0, 1)
    return np.asarray(scale[0] + shares * (scale[1] - scale[0]), float)


def _measured(
    measures: Measures, pairs: Sequence[Labelled], labels: Floats, given: Floats
) -> dict[str, Measured]:
    questions = [pair.question for pair in pairs]
    found = {}
    for name, measure in measures.items():

        def on(rows: Rows, measure: Callable[[Floats, Floats], float] = measure) -> float:
            return measure(labels[rows], given[rows])

        low, high = agreement.bootstrap_interval(on, questions)
        found[name] = Measured(measure(labels, given), low, high)
    return found


def _baselines(
    measures: Measures, pairs: Sequence[Labelled], labels: Floats, folds: int
) -> dict[str, dict[str, float]]:
    fit = same_rank if isinstance(pairs[0].label, float) else threshold
    questions = [pair.question for pair in pairs]
    predictions = {"commonest": commonest(labels)}
    features = {"length": word_counts(pairs), "overlap": word_overlap(pairs)}
    for name, feature in features.items():
        if feature is not None:
            predictions[name] = cross_fitted(feature, labels, questions, folds, fit)
    return {
        name: {key: measure(labels, predicted) for key, measure in measures.items()}
        for name, predicted in predictions.items()
    }


def _questions(pairs: Sequence[Labelled]) -> int:
    return len({pair.question for pair in pairs})
