"""The decision by a model's judgement, under what code found.

    decide_writing(item, report, judgement, calibration)
    decide_doubtful(item, Doubt(maths_report, first, aimed=False), judgement, calibration)

Evidence stands above a model: what it says of text aimed at the marker, of words turned round and
of a working with a proved mistake only counts as far as the evidence allows. A language model that
was never held against teachers' marks is sure of nothing: a teacher sees all its marks.
"""

import bisect
from typing import NamedTuple

import msgspec

from runtime.marking.decision import (
    AIMED,
    PARTLY_RIGHT_FROM,
    UNCALIBRATED,
    Calibration,
    Decision,
    unmarked,
)
from runtime.marking.item import Item
from runtime.marking.judgement import Judgement
from runtime.marking.mark import Verdict
from runtime.marking.maths import MathsReport, Outcome
from runtime.marking.scores import (
    Weighed,
    graded,
    nearest_level,
    on_scale,
    weigh_scores,
    weigh_verdicts,
)
from runtime.marking.writing import WritingReport
from runtime.words import noted

_TURNED = (noted("It has a word that means the opposite of one in the reference."),)
_TIE = (noted("Its two best verdicts are too close to call."),)
_NEVER_CHECKED = (
    noted(
        "How sure this model is was never compared with teachers' marks: please check each of them."
    ),
)
_READ_BY_MODEL = noted("The code is not sure of its reading, so a model was asked.")
_PROVED = noted("It cannot make good the wrong calculation that the code found.")
_DIVIDED = noted("The code and the model do not agree.")

_RANK = {Verdict.INCORRECT: 0, Verdict.PARTIAL: 1, Verdict.CORRECT: 2}


class Doubt(NamedTuple):
    """What code made of maths without being sure; ``aimed``: the answer talks to the marker."""

    report: MathsReport
    first: Decision
    aimed: bool


def in_doubt(report: MathsReport, decision: Decision, calibration: Calibration) -> bool:
    """Whether a model that reads should be asked as well: what the code read was not clear."""
    compared = report.outcome is not Outcome.NO_REFERENCE
    return compared and decision.confidence < calibration.review_below


def decide_doubtful(
    item: Item, doubt: Doubt, judgement: Judgement, calibration: Calibration
) -> Decision:
    """Decide maths that code was in doubt of by a model that read what the code found.

    The model cannot raise the mark of a working with a proved mistake; where the two do not agree,
    a teacher looks.
    """
    weighed, first = _weighed(item, judgement), doubt.first
    if weighed is None:
        return msgspec.structs.replace(first, reasons=(*first.reasons, *judgement.notes))
    found = _from_model(item, weighed, judgement, calibration)
    kept = _is_proved_wrong(doubt.report) and _RANK[weighed.verdict] > _RANK[first.verdict]
    differ = weighed.verdict is not first.verdict
    said = (_PROVED,) if kept else (_DIVIDED,) if differ else ()
    return msgspec.structs.replace(
        first if kept else found,
        needs_review=found.needs_review or differ or doubt.aimed,
        reasons=(*first.reasons, _READ_BY_MODEL, weighed.reason, *said, *found.reasons[1:]),
        distribution=found.distribution,
    )


def _is_proved_wrong(report: MathsReport) -> bool:
    return report.first_wrong_step is not None and report.first_wrong_step >= 0


def decide_writing(
    item: Item, report: WritingReport, judgement: Judgement, calibration: Calibration
) -> Decision:
    """Decide from a judgement; text aimed at the marker always goes to the teacher."""
    decision = _judged(item, judgement, calibration)
    if decision.verdict is Verdict.UNMARKED:
        return decision
    kinds = {finding.kind for finding in report.evidence}
    aimed = "manipulation" in kinds
    # Vectors hardly tell "less dense" from "more dense": a teacher looks at what sounds right.
    turned = decision.verdict is not Verdict.INCORRECT and "opposite" in kinds
    said = (*(AIMED if aimed else ()), *(_TURNED if turned else ()))
    return msgspec.structs.replace(
        decision,
        needs_review=decision.needs_review or aimed or turned,
        reasons=(*decision.reasons, *said),
    )


def _judged(item: Item, judgement: Judgement, calibration: Calibration) -> Decision:
    """Return what a judgement alone comes to."""
    if weighed := _weighed(item, judgement):
        return _from_model(item, weighed, judgement, calibration)
    probability, quality = judgement.probability, judgement.quality
    if probability is not None:
        verdict, share, confidence = _right_or_wrong(item, probability)
        reason = _closeness(probability)
    elif quality is not None:
        verdict = graded(item, on_scale(item, quality))
        share, confidence = quality, UNCALIBRATED
        reason = noted(
            "No teacher's marks for this question are known yet: this score is a first guess."
        )
    elif judgement.notes:
        return unmarked(*judgement.notes)
    else:
        return unmarked(
            noted("There is nothing to compare this answer with."),
            noted("Add the right answer as 'reference'."),
        )
    return Decision(
        verdict=verdict,
        score=on_scale(item, share),
        confidence=confidence,
        needs_review=confidence < calibration.review_below,
        reasons=(reason, *judgement.notes),
        judged=probability if probability is not None else quality,
    )


def _weighed(item: Item, judgement: Judgement) -> Weighed | None:
    if judgement.verdicts:
        return weigh_verdicts(item, judgement.verdicts, judgement.cuts)
    if judgement.scores:
        return weigh_scores(item, judgement.scores, judgement.cuts)
    return None


def _from_model(
    item: Item, weighed: Weighed, judgement: Judgement, calibration: Calibration
) -> Decision:
    """Return the decision of a language model; without calibration it is never sure."""
    confidence = weighed.probability if judgement.calibrated else UNCALIBRATED
    doubts = (
        *(_TIE if judgement.near_tie else ()),
        *(() if judgement.calibrated else _NEVER_CHECKED),
    )
    return Decision(
        verdict=weighed.verdict,
        score=weighed.score,
        confidence=confidence,
        needs_review=bool(doubts) or confidence < calibration.review_below,
        reasons=(weighed.reason, *doubts, *judgement.notes),
        traits={name: nearest_level(found) for name, found in judgement.trait_scores.items()},
        distribution=_drawn(judgement),
    )


def _drawn(judgement: Judgement) -> dict[str, float]:
    found = judgement.verdicts or judgement.scores
    if found is None:
        return {}
    return {label: round(p, 4) for label, p in zip(found.labels, found.probabilities, strict=True)}


def _right_or_wrong(item: Item, probability: float) -> tuple[Verdict, float, float]:
    confidence = max(probability, 1 - probability)
    if item.scale[1] - item.scale[0] > 1:
        share = _credit(probability)
        verdict = graded(item, on_scale(item, share))
        # Beside "partial" both ends are possible, so the doubt of two boundaries counts.
        certain = confidence if verdict is not Verdict.PARTIAL else UNCALIBRATED
        return verdict, share, certain
    right = probability >= 0.5
    return (Verdict.CORRECT if right else Verdict.INCORRECT), float(right), confidence


def _credit(probability: float) -> float:
    """Return the share of the points for a chance of being wholly right.

    Straight lines between four points: on a scale of two points the shares 1/4 and 3/4 part the
    three verdicts.
    """
    chances, shares = (0.0, PARTLY_RIGHT_FROM, 0.5, 1.0), (0.0, 0.25, 0.75, 1.0)
    upper = max(1, bisect.bisect_left(chances, probability))
    low, high = chances[upper - 1], chances[upper]
    rise = (shares[upper] - shares[upper - 1]) / (high - low)
    return shares[upper - 1] + rise * (probability - low)


def _closeness(probability: float) -> str:
    if probability >= 0.75:
        return noted("The answer says what is in the reference.")
    if probability >= 0.5:
        return noted("The answer seems to say what is in the reference.")
    if probability >= 0.25:
        return noted("The answer does not seem to say what is in the reference.")
    return noted("The answer does not say what is in the reference.")
