"""What a share of the points, or a distribution over verdicts or scores, comes to on a scale.

    on_scale(item, 0.7)                       3.0 on a scale from 0 to 4
    weigh_verdicts(item, Distribution(("correct", "incorrect"), (0.9, 0.1)))

A score and its verdict never contradict each other: only the highest score is correct, only the
lowest is incorrect.
"""

import bisect
import math
from collections.abc import Sequence
from typing import NamedTuple

from runtime.marking.item import Item
from runtime.marking.judgement import Distribution
from runtime.marking.mark import Verdict
from runtime.words import noted

PARTIAL_CREDIT = 0.5
"""Share of the scale for a right value in the wrong form or unit, as most mark schemes give."""

LABELS = (noted("correct"), noted("partial"), noted("incorrect"))
"""Verdicts as they stand in a reason."""

UNDECIDED = 0.8
"""Share of the greatest entropy from which on the two likeliest labels are both named: of three
verdicts, about where the likeliest has less than two in three."""

_CREDIT = {Verdict.CORRECT: 1.0, Verdict.PARTIAL: PARTIAL_CREDIT, Verdict.INCORRECT: 0.0}


class Weighed(NamedTuple):
    """A verdict with its score on the item's scale, its probability, and why in a sentence."""

    verdict: Verdict
    score: float
    probability: float
    reason: str


def weigh_verdicts(item: Item, found: Distribution, cuts: Sequence[float] = ()) -> Weighed:
    """Return the likeliest verdict, or with ``cuts`` the one they give to the expected place.

    Beside "partial" the expected share of the points counts, between the lowest and the highest.
    """
    verdict = Verdict(_by_cuts(found, cuts) if cuts else found.mode)
    share = _CREDIT[verdict]
    if verdict is Verdict.PARTIAL:
        share = found.expected([_CREDIT[Verdict(label)] for label in found.labels])
        step = 1 / steps(item)
        share = min(max(share, step), 1 - step)
    probability = found.of(verdict.value)
    return Weighed(verdict, on_scale(item, share), probability, _said(verdict.value, found))


def weigh_scores(item: Item, found: Distribution, cuts: Sequence[float] = ()) -> Weighed:
    """Return the expected score rounded to the steps of the scale, or the one that ``cuts`` give.

    The probability is that of the verdict: of all scores that come to the same verdict.
    """
    low, high = item.scale
    expected = found.expected()
    share = (expected - low) / (high - low)
    score = float(_by_cuts(found, cuts)) if cuts else on_scale(item, share)
    verdict = graded(item, score)
    same = [
        p
        for label, p in zip(found.labels, found.probabilities, strict=True)
        if graded(item, float(label)) is verdict
    ]
    reason = noted(
        "The model scores it {expected:.1f} of {high:g} on average.", expected=expected, high=high
    )
    if is_undecided(found):
        reason = noted(
            "The model scores it {expected:.1f} of {high:g} on average. {why}",
            expected=expected,
            high=high,
            why=_said(found.mode, found),
        )
    return Weighed(verdict, score, min(1.0, math.fsum(same)), reason)


def nearest_level(found: Distribution) -> float:
    """Return the label, as a number, that is nearest to the expected one; of two the higher."""
    expected = found.expected()
    return max((float(label) for label in found.labels), key=lambda at: (-abs(at - expected), at))


def is_undecided(found: Distribution) -> bool:
    """Whether the probability is spread over the labels rather than on one of them."""
    return len(found.labels) > 1 and found.entropy >= UNDECIDED * math.log(len(found.labels))


def graded(item: Item, score: float) -> Verdict:
    """Return the verdict that goes with a score."""
    if score >= item.scale[1]:
        return Verdict.CORRECT
    return Verdict.INCORRECT if score <= item.scale[0] else Verdict.PARTIAL


def on_scale(item: Item, share: float) -> float:
    """Place a share of 0..1 on the scale: whole points, or half ones on a scale of one point."""
    low, high = item.scale
    return low + round(share * steps(item)) * (high - low) / steps(item)


def steps(item: Item) -> int:
    """Return how many steps lie between the lowest and the highest score."""
    return max(2, round(item.scale[1] - item.scale[0]))


def _by_cuts(found: Distribution, cuts: Sequence[float]) -> str:
    """Return the label of the expected place, as ``SideHead.verdict`` does."""
    return found.labels[bisect.bisect_right(cuts, found.expected(range(len(found.labels))))]


def _said(chosen: str, found: Distribution) -> str:
    chance = found.of(chosen)
    others = sorted((p, label) for label, p in zip(*_pair(found), strict=True) if label != chosen)
    if not others or not is_undecided(found):
        return noted("The model finds: {label} ({chance:.0%}).", label=chosen, chance=chance)
    return noted(
        "The model is undecided: {label} ({chance:.0%}), {other} ({less:.0%}).",
        label=chosen,
        chance=chance,
        other=others[-1][1],
        less=others[-1][0],
    )


def _pair(found: Distribution) -> tuple[tuple[str, ...], tuple[float, ...]]:
    return found.labels, found.probabilities
