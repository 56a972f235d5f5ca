"""What one more mark changes: how well the skill is known, and when the question comes back."""

from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store
from runtime.records.store.rows import Answer, Review, SetItem
from runtime.study.mastery import PARAMETERS, after, credit
from runtime.study.schedule import next_review

_MOST_ANSWERS = 5000
"""A child's answers of some years; sets before that show as begun anew."""

_MISSED_FROM = 0.5
"""Confidence from which a wrong answer is taken as missed; below, a teacher decides."""


def right_items(store: Store, learner_id: int) -> set[int]:
    """Return the questions that a learner has answered right at some time."""
    lines = store.screens.results(learner_id=learner_id, limit=_MOST_ANSWERS)
    return {one.item_id for one in lines if one.verdict is Verdict.CORRECT}


def known_skills(store: Store, learner_id: int) -> dict[str, float]:
    """Return how well each skill is known that the learner has tried."""
    return {one.skill: one.known for one in store.progress.mastery(learner_id)}


def keep_progress(
    store: Store, question: SetItem, answer: Answer, mark: Mark, *, hints: int
) -> None:
    """Keep what the first mark of an answer shows. What is left to the teacher shows nothing."""
    if mark.verdict is Verdict.UNMARKED:
        return
    learner_id = answer.learner_id
    if learner_id is None:
        return
    right = mark.verdict is Verdict.CORRECT
    before = next(
        (one for one in store.progress.mastery(learner_id) if one.skill == question.skill), None
    )
    start = before.known if before else PARAMETERS.start
    known = after(start, credit(mark, hints, answer.attempt))
    if answer.attempt > 1:
        # The first try has told what was not known; trying on must never cost anything.
        known = max(start, known)
    store.progress.learned(
        learner_id,
        question.skill,
        known=known,
        tries=1 + (before.tries if before else 0),
        correct=int(right) + (before.correct if before else 0),
    )
    if answer.attempt == 1:
        _schedule(store, learner_id, question.item_id, mark, helped=hints > 0)


def _schedule(store: Store, learner_id: int, item_id: int, mark: Mark, *, helped: bool) -> None:
    """Schedule by the first answer of a session: later ones were written with its help."""
    review = _review(store, learner_id, item_id)
    right = mark.verdict is Verdict.CORRECT and not helped
    if not right and mark.confidence < _MISSED_FROM:
        return
    due = next_review(review, right=right, now=store.database.clock())
    if due:
        store.progress.review(learner_id, item_id, **due._asdict())
    elif review:
        store.progress.forget_review(learner_id, item_id)


def _review(store: Store, learner_id: int, item_id: int) -> Review | None:
    found = store.progress.schedule(learner_id)
    return next((one for one in found if one.item_id == item_id), None)
