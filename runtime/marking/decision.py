"""The decision: evidence and judgement become a verdict, a score and a calibrated confidence.

Confidence is the probability that a teacher gives the same verdict. It comes from measurement:
maths outcomes carry the rates of ``Calibration``, which ``kindmark train calibrate`` fits on
graded work that no rule was tuned to; a head's probability is calibrated when it is fitted.
"""

import bisect
from collections.abc import Mapping

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.judgement import Judgement
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.maths import MathsReport, Outcome
from runtime.marking.maths.reading import read
from runtime.marking.maths.values import Quantity
from runtime.marking.writing import WritingReport

PARTIAL_CREDIT = 0.5
"""Share of the scale for a right value in the wrong form or unit, as most mark schemes give."""

CERTAIN = 0.99
"""Confidence where the rule is the definition (no answer given); no rate is measured above it."""

PARTLY_RIGHT_FROM = 0.15
"""Chance of being wholly right from which on an answer earns half of its points.

Fitted to the three verdicts of SAF (Filighera et al. 2022; English, 16 questions): 0.11 to 0.16 in
five folds by question (``python -m benchmarks.partial``); from an even chance on, it is right."""

UNCALIBRATED = 0.5
"""Confidence where nothing was measured: always below any sensible threshold."""

MAX_QUANTITY_WORDS = 4
"""A number with its unit and noun ("6 degrees Celsius", "a dozen fresh eggs")."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Measured rates. ``maths`` maps an outcome (or "outcome_unsure") to the rate of agreement."""

    review_below: float
    """Marks below this confidence go to the teacher."""
    maths: dict[str, float]
    fitted_on: tuple[str, ...] = ()
    """Names of the graded sets behind the rates."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict with its score on the item's scale and why."""

    verdict: Verdict
    score: float | None
    confidence: float
    needs_review: bool
    reasons: tuple[str, ...]


_MATHS_VERDICTS: Mapping[Outcome, tuple[Verdict, float]] = {
    Outcome.EQUAL: (Verdict.CORRECT, 1.0),
    Outcome.WRONG_FORM: (Verdict.PARTIAL, PARTIAL_CREDIT),
    Outcome.WRONG_UNIT: (Verdict.PARTIAL, PARTIAL_CREDIT),
    Outcome.DIFFERENT: (Verdict.INCORRECT, 0.0),
    Outcome.UNREADABLE: (Verdict.INCORRECT, 0.0),
}

_MEASURED_AS = {Outcome.WRONG_FORM: Outcome.EQUAL, Outcome.WRONG_UNIT: Outcome.EQUAL}
"""What can fail is the reading of the value; form and unit are then checked by definition."""

_AIMED = ("Part of it talks to the marker; that part was not counted.",)
_TURNED = ("It has a word that means the opposite of one in the reference.",)


def unmarked(*reasons: str) -> Decision:
    """Return the decision not to decide."""
    return Decision(
        verdict=Verdict.UNMARKED, score=None, confidence=0.0, needs_review=True, reasons=reasons
    )


def decide_maths(
    item: Item, report: MathsReport, aimed: tuple[Evidence, ...], calibration: Calibration
) -> Decision:
    """Decide by evidence alone: a final answer either equals the reference or does not.

    ``aimed`` is what addresses the marker; a mark beside it always goes to the teacher.
    """
    if report.outcome is Outcome.NO_REFERENCE:
        return unmarked("There is no reference answer.", "Add the right answer as 'reference'.")
    verdict, share = _MATHS_VERDICTS[report.outcome]
    measured = _MEASURED_AS.get(report.outcome, report.outcome).value
    key = measured if report.sure else f"{measured}_unsure"
    confidence = calibration.maths.get(key, UNCALIBRATED)
    return Decision(
        verdict=verdict,
        score=_on_scale(item, share),
        confidence=confidence,
        needs_review=bool(aimed) or confidence < calibration.review_below,
        reasons=(*report.reasons, *_wrong_line(report), *(_AIMED if aimed else ())),
    )


def _wrong_line(report: MathsReport) -> tuple[str, ...]:
    if report.first_wrong_step is None or report.first_wrong_step < 0:
        return ()
    return (f"Line {report.first_wrong_step + 1} is the first that does not hold.",)


def decide_worthless(item: Item, report: WritingReport) -> Decision:
    """Decide what earns nothing whatever it resembles; an empty answer needs no second look."""
    empty = report.word_count == 0 and not report.evidence
    return Decision(
        verdict=Verdict.INCORRECT,
        score=item.scale[0],
        confidence=CERTAIN if empty else UNCALIBRATED,
        needs_review=not empty,
        reasons=(report.worthless or "",),
    )


def decide_writing(
    item: Item, report: WritingReport, judgement: Judgement, calibration: Calibration
) -> Decision:
    """Decide from a judgement; text aimed at the marker always goes to the teacher."""
    probability, quality = judgement.probability, judgement.quality
    if probability is not None:
        verdict, share, confidence = _right_or_wrong(item, probability)
        reason = f"The answer {_closeness(probability)} the reference."
    elif quality is not None:
        verdict, share, confidence = _graded(item, quality), quality, UNCALIBRATED
        reason = "No teacher's marks for this question are known yet: this score is a first guess."
    else:
        return unmarked(
            "There is nothing to compare this answer with.", "Add the right answer as 'reference'."
        )
    kinds = {finding.kind for finding in report.evidence}
    aimed = "manipulation" in kinds
    # Vectors hardly tell "less dense" from "more dense": a teacher looks at what sounds right.
    turned = verdict is not Verdict.INCORRECT and "opposite" in kinds
    return Decision(
        verdict=verdict,
        score=_on_scale(item, share),
        confidence=confidence,
        needs_review=aimed or turned or confidence < calibration.review_below,
        reasons=(reason, *(_AIMED if aimed else ()), *(_TURNED if turned else ())),
    )


def _right_or_wrong(item: Item, probability: float) -> tuple[Verdict, float, float]:
    confidence = max(probability, 1 - probability)
    if _levels(item) > 1:
        share = _credit(probability)
        verdict = _graded(item, share)
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


def _graded(item: Item, share: float) -> Verdict:
    score = _on_scale(item, share)
    if score >= item.scale[1]:
        return Verdict.CORRECT
    return Verdict.INCORRECT if score <= item.scale[0] else Verdict.PARTIAL


def _levels(item: Item) -> float:
    return item.scale[1] - item.scale[0]


def _on_scale(item: Item, share: float) -> float:
    """Place a share of 0..1 on the scale: whole points, or half ones on a scale of one point."""
    low, high = item.scale
    steps = max(2, round(high - low))
    return low + round(share * steps) * (high - low) / steps


def _closeness(probability: float) -> str:
    if probability >= 0.75:
        return "says what is in"
    if probability >= 0.5:
        return "seems to say what is in"
    return "does not seem to say what is in" if probability >= 0.25 else "does not say what is in"


def uses_judge(item: Item) -> bool:
    """Whether evidence alone cannot decide an item.

    A short answer whose reference is a number ("8 legs") is decided as maths is: to a model, 6
    and 8 mean much the same.
    """
    if item.task is Task.SHORT_ANSWER:
        return not _is_quantity(item.reference or "")
    return item.task is not Task.MATH


def _is_quantity(reference: str) -> bool:
    # "100 degrees because that is where water boils" wants a reason as well.
    readings = read(reference) if len(reference.split()) <= MAX_QUANTITY_WORDS else ()
    return bool(readings) and isinstance(readings[0], Quantity)
