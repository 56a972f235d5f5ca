"""Fits the essay head of the embedded default, and measures it on questions that it never saw.

    head = fit_head(features, work, sets)
    rows = held_out(features, work)

A ridge regression of the quality's logit, with three choices that matter more than the fit:

- It is fitted to differences between texts on one question (each question's mean taken off), since
  order is all that it is asked for; across questions the length asked for would speak.
- Every feature has a sign that it cannot leave (``SIGNS``): to say more never costs, a fault never
  pays, whatever a simulator makes of it by chance.
- Every part of the work weighs the same, however many texts it has.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from sklearn.linear_model import Ridge

from runtime.judge.embedded import BASE, QUALITY
from runtime.judge.features import Floats
from runtime.judge.heads import Head
from runtime.marking.agreement import spearman
from runtime.marking.writing.words import words
from train.essay_work import Work
from train.right_wrong import Groups, folds

SIGNS: Mapping[str, int] = {
    "own_given": 1,
    "own_open": 1,
    "spelling": -1,
    "grammar": -1,
    "copied": -1,
    "repeated": -1,
    "said": 1,
    "on_topic": 1,
}
"""Which way each feature of ``QUALITY`` moves the quality."""

PENALTY = 10.0
"""Ridge penalty over standardized features: enough that correlated counts share their weight."""

LEAST_SPREAD = 1e-4
"""Standard deviation inside questions below which a feature does not vary."""

FEWEST = 5
"""Texts on one question that can be put in an order worth a figure."""


class Order(msgspec.Struct, frozen=True):
    """Mean rank correlation with the quality, question by question, for one part of the work."""

    part: str
    texts: int
    questions: int
    head: float
    word_count: float


def fit_head(features: Floats, work: Sequence[Work], sets: tuple[str, ...]) -> Head:
    """Fit the head to features ``(n, len(QUALITY))`` of ``work``."""
    logits = _logits(work)
    shares = _shares(work)
    inside, wanted = _within(features, _groups(work)), _within(logits, _groups(work))
    spread = np.sqrt(shares @ inside**2)
    # What never varies inside a question, but for rounding, is left as it is.
    spread[spread < LEAST_SPREAD] = 1.0
    signs = np.array([SIGNS[name] for name in QUALITY])
    model = Ridge(alpha=PENALTY, fit_intercept=False, positive=True)
    model.fit(inside / spread * signs, wanted, shares * len(work))
    return Head(
        name="essay-quality",
        kind="quality",
        base=BASE,
        features=QUALITY,
        center=_rounded(shares @ features),
        spread=_rounded(spread),
        weights=_rounded(model.coef_ * signs),
        bias=round(float(shares @ logits), 6),
        trained_on=sets,
    )


def held_out(features: Floats, work: Sequence[Work]) -> list[Order]:
    """Return how each part is ordered by heads that were fitted to other questions (5 folds)."""
    scores = np.zeros(len(work))
    questions = np.array([w.group for w in work])
    for train, test in folds(questions):
        head = fit_head(features[train], [work[i] for i in train], ())
        scores[test] = head.logits(features[test])
    lengths = np.array([len(words(w.case.item.text)) for w in work], np.float64)
    quality = np.array([w.quality for w in work])
    parts = np.array([w.part for w in work])
    found = []
    for part in sorted(set(parts)):
        rows = [np.flatnonzero((parts == part) & (questions == q)) for q in sorted(set(questions))]
        kept = [r for r in rows if len(r) >= FEWEST and len(set(quality[r])) > 1]
        ranks = [[spearman(quality[r], by[r]) for by in (scores, lengths)] for r in kept]
        means = np.average(ranks, axis=0, weights=[len(r) for r in kept]) if kept else (0.0, 0.0)
        found.append(Order(part, sum(map(len, kept)), len(kept), float(means[0]), float(means[1])))
    return found


def table(orders: Sequence[Order]) -> str:
    """Return the measured orders as a Markdown table."""
    rows = [
        f"| {o.part} | {o.texts:,} | {o.questions} | {o.head:.3f} | {o.word_count:.3f} |"
        for o in orders
    ]
    head = ["| | texts | questions | essay head | word count |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _logits(work: Sequence[Work]) -> Floats:
    """Return the logits of the qualities, as if of 0 to 5 points, a half point off both ends."""
    shares = (5 * np.array([w.quality for w in work]) + 0.5) / 6
    return np.asarray(np.log(shares / (1 - shares)), np.float64)


def _shares(work: Sequence[Work]) -> Floats:
    """Return weights ``(n,)`` that add up to 1, as much for each part."""
    _, part, counts = np.unique([w.part for w in work], return_inverse=True, return_counts=True)
    return np.asarray(1 / counts[part] / len(counts), np.float64)


def _groups(work: Sequence[Work]) -> Groups:
    return np.array([f"{w.part}: {w.group}" for w in work])


def _within(values: Floats, groups: Groups) -> Floats:
    """Return ``values`` less the mean of their group, row by row."""
    _, group = np.unique(groups, return_inverse=True)
    means = np.stack([values[group == i].mean(axis=0) for i in range(group.max() + 1)])
    return np.asarray(values - means[group], np.float64)


def _rounded(numbers: Floats) -> tuple[float, ...]:
    return tuple(round(float(number), 6) for number in numbers)
