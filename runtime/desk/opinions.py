"""What the judge thought of an answer, as its mark keeps it, and a new decision upon it.

    found = opinion(item, mark)
    found.share                          0.8: of the points, or the chance of being right
    decided = found.decide(0.95, calibration)

A mark keeps it (``Mark.judged``, ``Mark.distribution``). In older marks it follows from what was
decided and how sure that is, by the rules of the decision. Where the decision does not come out the
same again (code alone decided, or cuts that a mark does not hold), there is no opinion, and nobody
builds on one.
"""

import math

import msgspec
from msgspec.structs import replace

from runtime.marking.decision import (
    PARTLY_RIGHT_FROM,
    UNCALIBRATED,
    Calibration,
    Decision,
    uses_judge,
)
from runtime.marking.item import Item, Task
from runtime.marking.judged import decide_writing
from runtime.marking.judgement import Distribution, Judgement
from runtime.marking.mark import Mark, Verdict
from runtime.marking.scores import PARTIAL_CREDIT
from runtime.marking.spoken import is_models
from runtime.marking.writing import WritingReport

_ANY = Calibration(review_below=0.0, maths={})
_CREDIT = {
    Verdict.CORRECT.value: 1.0,
    Verdict.PARTIAL.value: PARTIAL_CREDIT,
    Verdict.INCORRECT.value: 0.0,
}
_CHANCES, _SHARES = (0.0, PARTLY_RIGHT_FROM, 0.5, 1.0), (0.0, 0.25, 0.75, 1.0)
"""Chances of being wholly right, and the shares of the points that they earn (``judged``)."""
_STEEPEST = 60.0
_HALVINGS = 60


class Opinion(msgspec.Struct, frozen=True):
    """A judgement as far as a mark holds it."""

    item: Item
    mark: Mark
    judgement: Judgement

    @property
    def probability(self) -> float | None:
        """The chance of being right, where the judge gave one."""
        return self.judgement.probability

    @property
    def share(self) -> float:
        """The chance of being right, or the expected share of the points, in 0..1."""
        if self.judgement.probability is not None:
            return self.judgement.probability
        found = self.judgement.verdicts or self.judgement.scores
        if found is not None:
            return found.expected(shares_of(self.item, found))
        return self.judgement.quality or 0.0

    def given(self, score: float) -> float:
        """Return a teacher's score in the terms of ``share``."""
        low, high = self.item.scale
        share = min(1.0, max(0.0, (score - low) / (high - low)))
        if self.judgement.probability is not None and high - low > 1:
            return _between(share, _SHARES, _CHANCES)
        return share

    def decide(self, share: float, calibration: Calibration) -> Decision:
        """Decide as before, from another ``share``; sentences the judge added stay."""
        judgement = self.judgement
        if judgement.probability is not None:
            judgement = replace(judgement, probability=share)
        elif judgement.verdicts:
            judgement = replace(judgement, verdicts=self._tilted(judgement.verdicts, share))
        elif judgement.scores:
            judgement = replace(judgement, scores=self._tilted(judgement.scores, share))
        return self.decide_by(judgement, calibration)

    def decide_by(self, judgement: Judgement, calibration: Calibration) -> Decision:
        """Decide by another judgement under the evidence of this mark."""
        decision = decide_writing(self.item, _report(self.mark), judgement, calibration)
        before = decide_writing(self.item, _report(self.mark), self.judgement, calibration)
        # What a model wrote explains the verdict of then: beside another one it contradicts.
        same = decision.verdict is self.mark.verdict
        added = (
            reason
            for reason in self.mark.reasons
            if reason not in before.reasons and (same or not is_models(reason))
        )
        return replace(decision, reasons=(*decision.reasons, *added), traits=dict(self.mark.traits))

    def _tilted(self, found: Distribution, share: float) -> Distribution:
        return tilted(found, shares_of(self.item, found), share)


def opinion(item: Item, mark: Mark) -> Opinion | None:
    """Return what the judge thought, if the mark is the judge's."""
    judgement = _judgement(item, mark) if uses_judge(item) else None
    if judgement is None:
        return None
    again = decide_writing(item, _report(mark), judgement, _ANY)
    same = (again.verdict, again.score) == (mark.verdict, mark.score)
    # A verdict of code alone (gibberish, nothing written) gives another reason.
    kept = bool(mark.distribution) or mark.judged is not None
    known = kept or again.reasons[0] in mark.reasons
    return Opinion(item, mark, judgement) if same and known else None


def shares_of(item: Item, found: Distribution) -> list[float]:
    """Return the share of the points that each label stands for."""
    low, high = item.scale
    return [
        _CREDIT[label] if label in _CREDIT else (float(label) - low) / (high - low)
        for label in found.labels
    ]


def tilted(found: Distribution, values: list[float], mean: float) -> Distribution:
    """Return the distribution with this mean that differs least from ``found``.

    Least in Kullback and Leibler's sense: each probability times ``exp(slope * value)``.
    """
    flat, steep = -_STEEPEST, _STEEPEST
    for _ in range(_HALVINGS):
        slope = (flat + steep) / 2
        below = _sloped(found, values, slope).expected(values) < mean
        flat, steep = (slope, steep) if below else (flat, slope)
    return _sloped(found, values, (flat + steep) / 2)


def _sloped(found: Distribution, values: list[float], slope: float) -> Distribution:
    top = max(slope * value for value in values)
    weights = [
        max(p, 1e-9) * math.exp(slope * value - top)
        for p, value in zip(found.probabilities, values, strict=True)
    ]
    whole = math.fsum(weights)
    return Distribution(found.labels, tuple(weight / whole for weight in weights))


def _judgement(item: Item, mark: Mark) -> Judgement | None:
    low, high = item.scale
    if mark.verdict is Verdict.UNMARKED or mark.score is None:
        return None
    if mark.distribution:
        return _from_distribution(mark)
    essay = item.task in {Task.ESSAY, Task.RUBRIC}
    if mark.judged is not None:
        return Judgement(quality=mark.judged) if essay else Judgement(probability=mark.judged)
    if essay:
        return Judgement(quality=(mark.score - low) / (high - low))
    if mark.verdict is Verdict.PARTIAL:
        share = (mark.score - low) / (high - low)
        return Judgement(probability=_between(share, _SHARES, _CHANCES))
    right = mark.verdict is Verdict.CORRECT
    return Judgement(probability=mark.confidence if right else 1 - mark.confidence)


def _from_distribution(mark: Mark) -> Judgement:
    labels, probabilities = zip(*mark.distribution.items(), strict=True)
    whole = math.fsum(probabilities) or 1.0
    found = Distribution(labels, tuple(p / whole for p in probabilities))
    # What was never held against teachers' marks carries this confidence, whatever it said.
    calibrated = mark.confidence != UNCALIBRATED
    if set(labels) <= set(_CREDIT):
        return Judgement(verdicts=found, calibrated=calibrated)
    return Judgement(scores=found, calibrated=calibrated)


def _report(mark: Mark) -> WritingReport:
    return WritingReport(judged_text="", worthless=None, word_count=0, evidence=mark.evidence)


def _between(value: float, places: tuple[float, ...], heights: tuple[float, ...]) -> float:
    """Return the height at a value, by straight lines between places."""
    for at in range(1, len(places)):
        if value <= places[at]:
            part = (value - places[at - 1]) / (places[at] - places[at - 1])
            return heights[at - 1] + part * (heights[at] - heights[at - 1])
    return heights[-1]
