"""The one path from items to marks, shared by the app, the command line and the benchmarks.

with Marker(judge, calibration) as marker:
    marks = marker.mark(items)
    for event in marker.stream(items): ...      # verdicts first, then words, as they come
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import msgspec

from runtime import __version__
from runtime.closing import Closing
from runtime.marking import maths
from runtime.marking.decision import Calibration, unmarked
from runtime.marking.drafts import Draft, drafted
from runtime.marking.events import Author, Event, Wanted
from runtime.marking.feedback import write_feedback
from runtime.marking.item import Item
from runtime.marking.judgement import Judge, ReadingJudge, judged_each
from runtime.marking.mark import Mark, Verdict
from runtime.marking.rubric import Rubric
from runtime.marking.spoken import Spoken
from runtime.words import noted

_JUDGED_PLACES = 6
"""Decimals of what the judge found: beyond these llama.cpp itself differs between processors."""


class Marker(Closing):
    """Marks items: evidence, judgement, decision, feedback. ``judge`` may be ``None`` for maths.

    Without an ``author`` the words for the child come from templates. ``stopping``, if set, is
    asked before each answer is looked at (grammar takes its time) whether to give up: a stream then
    ends.
    """

    stopping: Callable[[], bool] | None = None

    def __init__(
        self, judge: Judge | None, calibration: Calibration, author: Author | None = None
    ) -> None:
        """Keep judge and author (not owned: whoever opened them closes them), and the rates."""
        self._judge = judge
        self._reads = isinstance(judge, ReadingJudge)
        self._calibration = calibration
        self._author = author
        self._checker = maths.SymbolicChecker()

    def mark(self, items: Sequence[Item]) -> list[Mark]:
        """Return one mark an item, in order. Raises ``ModelError`` if the model fails."""
        marks = {event.place: event.mark for event in self.stream(items) if event.kind == "done"}
        return [mark for _, mark in sorted(marks.items()) if mark]

    def stream(self, items: Sequence[Item]) -> Iterator[Event]:
        """Yield every item's verdict as soon as it is there, then words, then whole marks in order.

        What evidence decides comes before anything a model has to read. Raises as ``mark`` does.
        """
        drafts: list[Draft] = []
        for place, item in enumerate(items):
            if self.stopping and self.stopping():
                return
            drafts.append(drafted(item, self._checker, self._calibration))
            if not self._is_asked(drafts[place]):
                yield Event(place=place, kind="verdict", mark=self._finished(drafts[place]))
        for place in self._settled(drafts):
            yield Event(place=place, kind="verdict", mark=self._finished(drafts[place]))
        marks = [self._finished(draft) for draft in drafts]
        spoken = Spoken(marks)
        if self._author:
            yield from spoken.listen(self._author, _wanted(drafts, marks))
        for place, mark in enumerate(spoken.marks()):
            yield Event(place=place, kind="done", mark=mark)

    def close(self) -> None:
        """End the symbolic checker's process."""
        self._checker.close()

    def _settled(self, drafts: Sequence[Draft]) -> Iterator[int]:
        """Yield the place of every draft that evidence does not decide, once it is decided."""
        asked = [place for place, draft in enumerate(drafts) if self._is_asked(draft)]
        if self._judge is None:
            for place in asked:
                drafts[place].decision = unmarked(noted("No model is loaded to judge writing."))
            yield from asked
        elif asked:
            yield from self._judged(self._judge, drafts, asked)

    def _is_asked(self, draft: Draft) -> bool:
        return draft.decision is None or (self._reads and draft.doubt is not None)

    def _judged(self, judge: Judge, drafts: Sequence[Draft], asked: Sequence[int]) -> Iterator[int]:
        seconds: dict[str, float] = defaultdict(float)
        answers: dict[str, int] = defaultdict(int)
        start = time.perf_counter()
        for at, judgement in judged_each(judge, [drafts[place].case() for place in asked]):
            # What passed since the last judgement passed in this one's stage.
            seconds[judgement.stage] += time.perf_counter() - start
            answers[judgement.stage] += 1
            drafts[asked[at]].settle(judgement, self._calibration)
            yield asked[at]
            start = time.perf_counter()
        for draft in (drafts[place] for place in asked):
            if draft.judgement:
                stage = draft.judgement.stage
                draft.seconds += seconds[stage] / answers[stage]

    def _finished(self, draft: Draft) -> Mark:
        item, decision = draft.item, draft.decision or unmarked(noted("No decision was made."))
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
            traits=decision.traits,
            feedback=feedback.text,
            hints=feedback.hints,
            socratic_question=feedback.question,
            provenance=self._provenance(draft),
            seconds=round(draft.seconds, 6),
            distribution=decision.distribution,
            judged=None if decision.judged is None else round(decision.judged, _JUDGED_PLACES),
        )

    def _provenance(self, draft: Draft) -> dict[str, str]:
        rubric = {"rubric": _digest(draft.item.rubric)} if draft.item.rubric else {}
        return {"kindmark": __version__, **self._made_by(draft), **rubric}

    def _made_by(self, draft: Draft) -> dict[str, str]:
        judgement = draft.judgement
        # Writing whose evidence decides was still offered to this judge, and no other.
        if not self._judge or not (judgement or draft.report):
            return {}
        found = {**self._judge.provenance, **(judgement.made_by if judgement else {})}
        return found | ({"stage": judgement.stage} if judgement and judgement.stage else {})


def _wanted(drafts: Sequence[Draft], marks: Sequence[Mark]) -> dict[int, Wanted]:
    """Return by place what words are wanted for: every mark of an answer that says something."""
    cases = {place: draft.case() for place, draft in enumerate(drafts) if draft.judged_text.strip()}
    return {
        place: Wanted(case.item, case.evidence, marks[place])
        for place, case in cases.items()
        if marks[place].verdict is not Verdict.UNMARKED
    }


def _digest(rubric: Rubric) -> str:
    return hashlib.sha256(msgspec.json.encode(rubric)).hexdigest()
