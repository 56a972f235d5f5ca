"""Words for the child, from templates: what is right first, where to look, a hint, a question.

Templates know the evidence and nothing else, so they cannot contradict it or leak the answer.
"""

import msgspec

from runtime.marking.decision import Decision
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict

_POINTING = {
    "calculation_error": "Work out this line once more, slowly, on its own.",
    "equation_step": "Whatever you do to one side, do to the other side too.",
    "form": "The value is right. Can you write it in the form the question asks for?",
    "unit": "Look at the unit. What is being measured, and in what?",
    "several_answers": "Choose one answer and say why.",
}


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What the child reads: one text, hints from vague to clear, a question to think about."""

    text: str
    hints: tuple[str, ...] = ()
    question: str | None = None


def write_feedback(
    item: Item, decision: Decision, evidence: tuple[Evidence, ...], first_wrong_step: int | None
) -> Feedback:
    """Return words for the child; empty where nothing was decided."""
    if decision.verdict is Verdict.UNMARKED:
        return Feedback(text="")
    if decision.verdict is Verdict.CORRECT:
        return Feedback(text=_praise(first_wrong_step))
    opening = "Good start." if decision.verdict is Verdict.PARTIAL else "Not there yet."
    pointers = tuple(_POINTING[e.kind] for e in evidence if e.kind in _POINTING)
    where = _where(first_wrong_step)
    hints = tuple(dict.fromkeys((_nudge(item), *filter(None, (where,)), *pointers)))
    return Feedback(text=f"{opening} {where or hints[0]}", hints=hints, question=_question(item))


def _praise(first_wrong_step: int | None) -> str:
    if first_wrong_step is not None and first_wrong_step >= 0:
        return f"Your answer is right. Look at line {first_wrong_step + 1} again: does it hold?"
    return "Well done, that is right."


def _where(first_wrong_step: int | None) -> str:
    if first_wrong_step is None or first_wrong_step < 0:
        return ""
    before = "Up to there it works. " if first_wrong_step else ""
    return f"{before}Look closely at line {first_wrong_step + 1}."


def _nudge(item: Item) -> str:
    return {
        Task.MATH: "Read the question again. What is it asking for?",
        Task.SHORT_ANSWER: "Read the question again. Does your answer say why or how?",
        Task.ESSAY: "What is your main point? Say it in one sentence, then add a reason.",
        Task.RUBRIC: "Look at what the task asks for, one point after the other.",
    }[item.task]


def _question(item: Item) -> str:
    if item.task is Task.MATH:
        return "How could you check your answer?"
    return "What would you tell a friend who asks you why?"
