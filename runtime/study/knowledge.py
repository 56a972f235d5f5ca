"""What a learner knows and what comes back, worked out anew from the answers as they count now.

    refresh(store, learner.id)                 after a mark, and when a page or a session opens

Nothing is added up mark by mark: all answers of a learner's study sessions are gone through in
their order, each with the teacher's word where there is one. So an override, its undo, another
model's mark and a recalibration all count, whoever made them and whenever. The tables of the
records keep the outcome, for screens and exports.
"""

from collections.abc import Iterable

from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.progress import Try
from runtime.records.store.rows import Mastery, Review
from runtime.study.mastery import PARAMETERS, after, credit
from runtime.study.schedule import next_review
from runtime.study.skills import skill_of

_MISSED_FROM = 0.5
"""Confidence from which a wrong answer is taken as missed; below, a teacher decides."""


class Knowledge:
    """Skills and reviews of one learner, answer by answer."""

    def __init__(self) -> None:
        self._skills: dict[str, Mastery] = {}
        self._reviews: dict[int, Review] = {}

    @property
    def skills(self) -> list[Mastery]:
        """How well each skill is known that was tried, by name."""
        return sorted(self._skills.values(), key=lambda one: one.skill)

    @property
    def reviews(self) -> list[Review]:
        """What comes back, by date."""
        return sorted(self._reviews.values(), key=lambda one: (one.due, one.item_id))

    def take(self, one: Try, skill: str) -> None:
        """Count one more answer. What is left to the teacher shows nothing."""
        if one.verdict is Verdict.UNMARKED:
            return
        self._learn(one, skill)
        if one.attempt == 1:
            self._schedule(one)

    def _learn(self, one: Try, skill: str) -> None:
        before = self._skills.get(skill)
        start = before.known if before else PARAMETERS.start
        known = after(start, credit(one.verdict, one.confidence, one.hints, one.attempt))
        if one.attempt > 1:
            # The first try has told what was not known; trying on must never cost anything.
            known = max(start, known)
        self._skills[skill] = Mastery(
            skill=skill,
            known=known,
            tries=1 + (before.tries if before else 0),
            correct=(one.verdict is Verdict.CORRECT) + (before.correct if before else 0),
            at=one.at,
        )

    def _schedule(self, one: Try) -> None:
        """Schedule by the first answer of a session: later ones were written with its help."""
        right = one.verdict is Verdict.CORRECT and not one.hints
        if not right and one.confidence < _MISSED_FROM:
            return
        due = next_review(self._reviews.get(one.item_id), right=right, now=one.at)
        if due:
            self._reviews[one.item_id] = Review(item_id=one.item_id, **due._asdict())
        else:
            self._reviews.pop(one.item_id, None)


def refresh(store: Store, learner_id: int) -> bool:
    """Keep what a learner's answers show now; return whether that is different from before."""
    found = Knowledge()
    for one, skill in _with_skills(store, learner_id, store.progress.tries(learner_id)):
        found.take(one, skill)
    progress = store.progress
    before = progress.mastery(learner_id), progress.schedule(learner_id)
    if before == (found.skills, found.reviews) or store.read_only:
        return False
    progress.keep(learner_id, found.skills, found.reviews)
    return True


def known_skills(store: Store, learner_id: int) -> dict[str, float]:
    """Return how well each skill is known that the learner has tried."""
    return {one.skill: one.known for one in store.progress.mastery(learner_id)}


def _with_skills(store: Store, learner_id: int, tries: list[Try]) -> Iterable[tuple[Try, str]]:
    """Return tries with their skills, told from the question where the set has no word for it."""
    items = {}
    if not all(one.skill.strip() for one in tries):
        items = {one.item_id: one.item for one in store.progress.questions(learner_id)}
    return [(one, one.skill.strip() or skill_of("", items[one.item_id])) for one in tries]
