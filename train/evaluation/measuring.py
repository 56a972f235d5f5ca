"""Evaluates what a model gave for held-out work, one function a kind of result.

    evaluate_classification(labels, probabilities, ("incorrect", "correct"), questions)

Rows of one group (question, problem, passage) are resampled together.
"""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import ArrayLike

from runtime.errors import BadInputError
from runtime.report.comparison import (
    Comparison,
    Sample,
    compare_classes,
    compare_scores,
    percent,
)
from runtime.report.worst import Disagreement, worst
from train.data.schema import Example
from train.evaluation.evaluation import Columns, Evaluation, Floats, measured, measures_of, numbered


def evaluate_classification(
    labels: ArrayLike,
    probabilities: ArrayLike,
    classes: Sequence[str],
    groups: Sequence[str],
    examples: Sequence[Example] = (),
) -> Evaluation:
    """Evaluate class probabilities (n, k); ``labels`` (n,) are places in ``classes``.

    Raises ``BadInputError`` (as all of these do) if there are no rows or the model gives nan. The
    likeliest class is given, its probability is the confidence. ``examples``, if any, are the
    same n rows: the surest disagreements among them are kept for reading.
    """
    chances = np.asarray(probabilities, float).reshape(-1, len(classes))
    columns = _columns(label=labels, given=chances.argmax(axis=1), confidence=chances.max(axis=1))
    right, given, confidence = columns.values()
    comparison = compare_classes(Sample(right, given, groups), classes, confidence.tolist())
    rows = worst(right != given, confidence, groups) if examples else ()
    cases = [
        _case(examples[row], classes[int(right[row])], classes[int(given[row])], confidence[row])
        for row in rows
    ]
    return _evaluation(comparison, groups, columns, cases)


def evaluate_scores(
    labels: ArrayLike,
    given: Sequence[float | None],
    scale: tuple[float, float],
    groups: Sequence[str],
) -> Evaluation:
    """Evaluate scores (n,) on one scale; ``None`` is a reply without a readable score.

    Such a row counts as the lowest score: a model must not gain by saying nothing.
    """
    read = [scale[0] if score is None else score for score in given]
    columns = _columns(label=labels, given=read)
    unread = sum(score is None for score in given)
    comparison = compare_scores(Sample(columns["label"], columns["given"], groups), scale)
    if unread:
        note = f"{unread} replies had no readable score; they count as the lowest one."
        comparison = replace(comparison, notes=(*comparison.notes, note))
    return _evaluation(comparison, groups, columns)


def evaluate_preferences(
    margins: ArrayLike, groups: Sequence[str], swapped: ArrayLike | None = None
) -> Evaluation:
    """Evaluate how far (n,) the better answer of each pair is put ahead, below 0 if behind.

    ``swapped`` are the margins of the same pairs with the two answers in the other order: both
    orders count, so that a liking for the first place earns nothing. A tie (0) is not right; the
    win rate leaves ties out (0.5 if there is nothing else).
    """
    orders = {} if swapped is None else {"swapped": swapped}
    columns = _columns(margin=margins, **orders)
    every = np.concatenate(list(columns.values()))
    notes = [f"{int((every == 0).sum())} of {len(every)} comparisons were ties."]
    if swapped is not None:
        same = np.sign(columns["margin"]) == np.sign(columns["swapped"])
        notes.append(f"Both orders agree on {percent(same.mean(), 1)} of the pairs.")
    comparison = Comparison(
        kind="preference",
        rows=len(columns["margin"]),
        questions=len(set(groups)),
        measures={},
        margins=np.sort(every).tolist(),
        notes=tuple(notes),
    )
    return _evaluation(comparison, groups, columns)


def evaluate_replies(
    log_probability: ArrayLike, tokens: ArrayLike, first: ArrayLike, groups: Sequence[str]
) -> Evaluation:
    """Evaluate how well wanted replies are foretold: loss (nats a token), perplexity, accuracy.

    All (n,): the reply's summed natural log-probability, its tokens, and how many of them the model
    ranked first.
    """
    columns = _columns(log_probability=log_probability, tokens=tokens, first=first)
    rows = len(columns["tokens"])
    comparison = Comparison(kind="text", rows=rows, questions=len(set(groups)), measures={})
    return _evaluation(comparison, groups, columns)


def _evaluation(
    comparison: Comparison,
    groups: Sequence[str],
    columns: Columns,
    cases: Sequence[Disagreement] = (),
) -> Evaluation:
    numbers = numbered(groups)
    further = {
        name: measured(columns, numbers, measure)
        for name, measure in measures_of(comparison).items()
        if name not in comparison.measures
    }
    return Evaluation(
        comparison=replace(comparison, measures=comparison.measures | further),
        groups=numbers,
        columns={name: tuple(values.tolist()) for name, values in columns.items()},
        worst=tuple(cases),
    )


def _columns(**given: ArrayLike) -> dict[str, Floats]:
    """Return arrays of numbers. Raises ``BadInputError`` if there are none, or a model failed."""
    columns = {name: np.asarray(values, float) for name, values in given.items()}
    if not all(values.size for values in columns.values()):
        raise BadInputError(
            "No row is held out, so nothing can be measured.",
            "Give more data, or a larger held_out in the recipe.",
        )
    if not all(np.isfinite(values).all() for values in columns.values()):
        raise BadInputError(
            "The model no longer gives numbers (nan): its training went astray.",
            "Lower learning_rate in the recipe, or use a compute type with more range.",
        )
    return columns


def _case(example: Example, label: str, given: str, confidence: float) -> Disagreement:
    return Disagreement(
        id=example.id,
        question=example.question,
        answer=example.item().text,
        reference=example.reference or "",
        label=label,
        given=given,
        confidence=float(confidence),
    )
