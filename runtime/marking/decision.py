"""The decision by evidence: a verdict, a score and a calibrated confidence. See ``judged`` for the
decision by a model's judgement.

Confidence is the probability that a teacher gives the same verdict. It comes from measurement:
maths outcomes carry the rates of ``Calibration``, which ``kindmark train calibrate`` fits on
graded work that no rule was tuned to; a head's probability is calibrated when it is fitted. What
code is sure of never reaches a model.
"""

from collections.abc import Mapping

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.maths import MathsReport, Outcome
from runtime.marking.maths.reading import read
from runtime.marking.maths.values import Quantity
from runtime.marking.scores import PARTIAL_CREDIT, on_scale
from runtime.marking.writing import WritingReport
from runtime.words import noted

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
    """A verdict with its score on the item's scale and why; ``judged`` as in ``Mark``."""

    verdict: Verdict
    score: float | None
    confidence: float
    needs_review: bool
    reasons: tuple[str, ...]
    traits: dict[str, float] = {}
    distribution: dict[str, float] = {}
    judged: float | None = None


_MATHS_VERDICTS: Mapping[Outcome, tuple[Verdict, float]] = {
    Outcome.EQUAL: (Verdict.CORRECT, 1.0),
    Outcome.WRONG_FORM: (Verdict.PARTIAL, PARTIAL_CREDIT),
    Outcome.WRONG_UNIT: (Verdict.PARTIAL, PARTIAL_CREDIT),
    Outcome.DIFFERENT: (Verdict.INCORRECT, 0.0),
    Outcome.UNREADABLE: (Verdict.INCORRECT, 0.0),
}

_MEASURED_AS = {Outcome.WRONG_FORM: Outcome.EQUAL, Outcome.WRONG_UNIT: Outcome.EQUAL}
"""What can fail is the reading of the value; form and unit are then checked by definition."""

AIMED = (noted("Part of it talks to the marker; that part was not counted."),)
"""The reason that always brings a mark to the teacher."""


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
        return unmarked(
            noted("There is no reference answer."), noted("Add the right answer as 'reference'.")
        )
    verdict, share = _MATHS_VERDICTS[report.outcome]
    measured = _MEASURED_AS.get(report.outcome, report.outcome).value
    key = measured if report.sure else f"{measured}_unsure"
    confidence = calibration.maths.get(key, UNCALIBRATED)
    return Decision(
        verdict=verdict,
        score=on_scale(item, share),
        confidence=confidence,
        needs_review=bool(aimed) or confidence < calibration.review_below,
        reasons=(*report.reasons, *_wrong_line(report), *(AIMED if aimed else ())),
    )


def _wrong_line(report: MathsReport) -> tuple[str, ...]:
    if report.first_wrong_step is None or report.first_wrong_step < 0:
        return ()
    return (
        noted("Line {line} is the first that does not hold.", line=report.first_wrong_step + 1),
    )


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
