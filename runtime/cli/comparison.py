"""Marks against labels: what the figures are computed from, and the baselines beside them."""

from collections.abc import Sequence

import msgspec
import numpy as np

from runtime.cli.baselines import (
    Floats,
    cross_fitted,
    same_rank,
    threshold,
    word_counts,
    word_overlap,
)
from runtime.cli.labels import Labelled
from runtime.judge.llm.stages import Stage, StageFigures, Stages
from runtime.marking.mark import Verdict
from runtime.report.comparison import Comparison, Sample, compare_classes, compare_scores

VERDICTS = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
_COMMON_SCALE = (0.0, 10.0)
"""Answers on different scales are compared on this one."""


def compare(pairs: Sequence[Labelled], folds: int) -> Comparison:
    """Compare marks with labels; all labels are verdicts or all are scores."""
    if isinstance(pairs[0].label, Verdict):
        return _compare_verdicts(pairs, folds)
    return _compare_scores(pairs, folds)


def stage_figures(pairs: Sequence[Labelled]) -> dict[Stage, StageFigures]:
    """Return what each stage of a cascade came to beside the labels; none without a cascade.

    A score is like its label if it is less than half a point from it.
    """
    stages = Stages()
    partial = any(pair.label is Verdict.PARTIAL for pair in pairs)
    for pair in pairs:
        stages.add(pair.mark, _agrees(pair, partial))
    return stages.figures()


def _agrees(pair: Labelled, partial: bool) -> bool:
    mark = pair.mark
    if not isinstance(pair.label, Verdict):
        return abs((mark.score or 0.0) - pair.label) < 1 / 2
    merged = mark.verdict is Verdict.PARTIAL and not partial
    return (Verdict.INCORRECT if merged else mark.verdict) is pair.label


def _compare_verdicts(pairs: Sequence[Labelled], folds: int) -> Comparison:
    labels = np.array([VERDICTS.index(Verdict(str(pair.label))) for pair in pairs], float)
    given = np.array([VERDICTS.index(pair.mark.verdict) for pair in pairs], float)
    partial = float(VERDICTS.index(Verdict.PARTIAL))
    merged = partial not in labels and partial in given
    if merged:
        given[given == partial] = VERDICTS.index(Verdict.INCORRECT)
    occurring = np.union1d(labels, given)
    labels, given = (np.searchsorted(occurring, codes).astype(float) for codes in (labels, given))
    found = compare_classes(
        Sample(labels, given, [pair.question for pair in pairs]),
        [VERDICTS[int(code)].value for code in occurring],
        [pair.mark.confidence for pair in pairs],
        _predictions(pairs, labels, folds),
    )
    note = "No label is partial, so a mark of partial counts as incorrect."
    return msgspec.structs.replace(found, notes=(note,)) if merged else found


def _compare_scores(pairs: Sequence[Labelled], folds: int) -> Comparison:
    scales = sorted({pair.item.scale for pair in pairs})
    scale = scales[0] if len(scales) == 1 else _COMMON_SCALE
    labels = _on_scale(pairs, [float(pair.label) for pair in pairs], scale)
    given = _on_scale(pairs, [pair.mark.score or 0.0 for pair in pairs], scale)
    sample = Sample(labels, given, [pair.question for pair in pairs])
    found = compare_scores(sample, scale, _predictions(pairs, labels, folds))
    if len(scales) == 1:
        return found
    note = f"Answers on {len(scales)} different scales were put on this one."
    return msgspec.structs.replace(found, notes=(*found.notes, note))


def _on_scale(
    pairs: Sequence[Labelled], scores: Sequence[float], scale: tuple[float, float]
) -> Floats:
    low, high = np.array([pair.item.scale for pair in pairs], float).T
    shares = ((np.array(scores) - low) / (high - low)).clip(0, 1)
    return np.asarray(scale[0] + shares * (scale[1] - scale[0]), float)


def _predictions(pairs: Sequence[Labelled], labels: Floats, folds: int) -> dict[str, Floats]:
    """Return what the baselines that look at the answers give."""
    fit = same_rank if isinstance(pairs[0].label, float) else threshold
    questions = [pair.question for pair in pairs]
    predictions = {}
    features = {"length": word_counts(pairs), "overlap": word_overlap(pairs)}
    for name, feature in features.items():
        if feature is not None:
            predictions[name] = cross_fitted(feature, labels, questions, folds, fit)
    return predictions
