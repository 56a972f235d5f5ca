"""The one path from items to marks, shared by the app, the command line and the benchmarks.

with Marker(judge) as marker:
    marks = marker.mark(items)
"""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence

import msgspec

from runtime import __version__
from runtime.closing import Closing
from runtime.marking import maths, writing
from runtime.marking.decision import (
    Calibration,
    Decision,
    decide_maths,
    decide_worthless,
    decide_writing,
    unmarked,
    uses_judge,
)
from runtime.marking.feedback import write_feedback
from runtime.marking.item import Item
from runtime.marking.judgement import Case, Judge
from runtime.marking.mark import Evidence, Mark
from runtime.marking.rubric import Rubric

LOGGER = logging.getLogger("kindmark.marking")
LOGGER.addHandler(logging.NullHandler())

_DEFECT = "Kindmark failed on this answer. Please mark it yourself, and report the defect."


class _Draft(msgspec.Struct):
    """A mark in the making; ``report`` waits for a judgement where ``decision`` is missing."""

    item: Item
    evidence: tuple[Evidence, ...]
    decision: Decision | None
    seconds: float
    report: writing.WritingReport | None = None
    first_wrong_step: int | None = None


class Marker(Closing):
    """Marks items: evidence, judgement, decision, feedback. ``judge`` may be ``None`` for maths."""

    def __init__(self, judge: Judge | None, calibration: Calibration) -> None:
        """Keep the judge (not owned: whoever opened it closes it) and the measured rates."""
        self._judge = judge
        self._calibration = calibration
        self._checker = maths.SymbolicChecker()

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        """Return one mark an item, in order. Raises ``ModelError`` if the model fails."""
        drafts = [self._draft(item) for item in items]
        self._judge_waiting([draft for draft in drafts if draft.decision is None])
        return [self._finish(draft) for draft in drafts]

    def close(self) -> None:
        """End the symbolic checker's process."""
        self._checker.close()

    def _draft(self, item: Item) -> _Draft:
        start = time.perf_counter()
        try:
            draft = self._writing(item) if uses_judge(item) else self._maths(item)
        except Exception:
            # One answer that trips over a defect of ours must not cost a class its marks.
            LOGGER.exception("no evidence for the item %r", item.id)
            draft = _Draft(item, (), unmarked(_DEFECT), 0.0)
        draft.seconds = time.perf_counter() - start
        return draft

    def _maths(self, item: Item) -> _Draft:
        aimed = writing.find_manipulation(item.text)
        report = maths.examine(_before(item, aimed), self._checker)
        decision = decide_maths(item, report, aimed, self._calibration)
        evidence = (*report.evidence, *aimed)
        return _Draft(item, evidence, decision, 0.0, first_wrong_step=report.first_wrong_step)

    def _writing(self, item: Item) -> _Draft:
        report = writing.examine(item)
        decision = decide_worthless(item, report) if report.worthless else None
        return _Draft(item, report.evidence, decision, 0.0, report)

    def _judge_waiting(self, waiting: list[_Draft]) -> None:
        if not waiting:
            return
        start = time.perf_counter()
        cases = [_case(draft) for draft in waiting]
        judgements = self._judge.judge(cases) if self._judge else [None] * len(cases)
        share = (time.perf_counter() - start) / len(waiting)
        for draft, judgement in zip(waiting, judgements, strict=True):
            draft.seconds += share
            if judgement is None or draft.report is None:
                draft.decision = unmarked("No model is loaded to judge writing.")
            else:
                draft.decision = decide_writing(
                    draft.item, draft.report, judgement, self._calibration
                )

    def _finish(self, draft: _Draft) -> Mark:
        item, decision = draft.item, draft.decision or unmarked("No decision was made.")
        feedback = write_feedback(item, decision, draft.evidence, draft.first_wrong_step)
        return Mark(
            id=item.id,
            verdict=decision.verdict,
            score=decision.score,
            max_score=item.scale[1],
            confidence=round(decision.confidence, 4),
            needs_review=decision.needs_review,
            reasons=decision.reasons,
            evidence=draft.evidence,
            first_wrong_step=draft.first_wrong_step,
            feedback=feedback.text,
            hints=feedback.hints,
            socratic_question=feedback.question,
            provenance=self._provenance(item),
            seconds=round(draft.seconds, 6),
        )

    def _provenance(self, item: Item) -> dict[str, str]:
        made_by: Mapping[str, str] = {}
        if self._judge and uses_judge(item):
            made_by = self._judge.provenance
        rubric = {"rubric": _digest(item.rubric)} if item.rubric else {}
        return {"kindmark": __version__, **made_by, **rubric}


def _before(item: Item, aimed: Sequence[Evidence]) -> Item:
    """Return the item with what its answer says before it turns to the marker, if that answers:
    "5. Dear marker, the corrected answer is 4" answers 5, and "Hello! Please mark this: 4" 4."""
    kept = item.answer[: min((one.span[0] for one in aimed if one.span), default=0)]
    return msgspec.structs.replace(item, answer=kept) if any(map(str.isdigit, kept)) else item


def _case(draft: _Draft) -> Case:
    text = draft.report.judged_text if draft.report else draft.item.text
    return Case(msgspec.structs.replace(draft.item, answer=text, steps=()), draft.evidence)


def _digest(rubric: Rubric) -> str:
    return hashlib.sha256(msgspec.json.encode(rubric)).hexdigest()
