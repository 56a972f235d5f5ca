"""Words for the child, from templates: what is right first, where to look, a hint, a question.

    write_feedback(item, decision, evidence, first_wrong_step, band=Band.YOUNG).text

Templates know the evidence and nothing else, so they cannot contradict it or leak the answer. They
speak the language of the item, to the age of the child.
"""

import msgspec

from runtime.marking import child_words
from runtime.marking.ages import Band, band_of_grade
from runtime.marking.child_words import ByAge, tell
from runtime.marking.decision import Decision
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What the child reads: one text, hints from vague to clear, a question to think about."""

    text: str
    hints: tuple[str, ...] = ()
    question: str | None = None


def write_feedback(
    item: Item,
    decision: Decision,
    evidence: tuple[Evidence, ...],
    first_wrong_step: int | None,
    band: Band | None = None,
) -> Feedback:
    """Return words for the child; empty where nothing was decided.

    Without a ``band`` the words fit the item's grade.
    """
    voice = _Voice(band or band_of_grade(item.grade_level), item.language)
    if decision.verdict is Verdict.UNMARKED:
        return Feedback(text="")
    if decision.verdict is Verdict.CORRECT:
        return Feedback(text=_praise(voice, first_wrong_step))
    partial = decision.verdict is Verdict.PARTIAL
    opening = voice.says(child_words.GOOD_START if partial else child_words.NOT_YET)
    where = _where(voice, first_wrong_step)
    hints = tuple(
        dict.fromkeys(
            (voice.says(nudge(item.task)), *filter(None, (where,)), *_pointers(voice, evidence))
        )
    )
    question = voice.says(socratic(item.task))
    return Feedback(text=f"{opening} {where or hints[0]}", hints=hints, question=question)


def nudge(task: Task) -> ByAge:
    """Return the first and vaguest hint for a kind of task."""
    return {
        Task.MATH: child_words.NUDGE_MATHS,
        Task.SHORT_ANSWER: child_words.NUDGE_SHORT,
        Task.ESSAY: child_words.NUDGE_ESSAY,
        Task.RUBRIC: child_words.NUDGE_RUBRIC,
    }[task]


def socratic(task: Task) -> ByAge:
    """Return the question to think about after an answer."""
    return child_words.CHECK_IT if task is Task.MATH else child_words.TELL_A_FRIEND


class _Voice(msgspec.Struct, frozen=True):
    band: Band
    language: str

    def says(self, words: ByAge, /, **values: object) -> str:
        return tell(words, self.band, self.language, **values)


def _pointers(voice: _Voice, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    pointers = child_words.POINTERS
    return tuple(voice.says(pointers[e.kind]) for e in evidence if e.kind in pointers)


def _praise(voice: _Voice, first_wrong_step: int | None) -> str:
    if first_wrong_step is not None and first_wrong_step >= 0:
        return voice.says(child_words.RIGHT_BUT_LINE, line=first_wrong_step + 1)
    return voice.says(child_words.RIGHT)


def _where(voice: _Voice, first_wrong_step: int | None) -> str:
    if first_wrong_step is None or first_wrong_step < 0:
        return ""
    look = voice.says(child_words.LOOK_AT_LINE, line=first_wrong_step + 1)
    return f"{voice.says(child_words.UP_TO_THERE)} {look}" if first_wrong_step else look
