"""The end of a session: what was practised, and what to look at again. No score."""

import msgspec

from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.rows import SetItem
from runtime.study.mastery import MASTERED


class Practised(msgspec.Struct, frozen=True):
    """A skill of the session; ``known`` says whether it counts as known now."""

    skill: str
    questions: int
    known: bool


class Farewell(msgspec.Struct, frozen=True, kw_only=True):
    """``again`` are questions that will come back; ``waiting`` answers are not marked yet."""

    answered: int
    practised: tuple[Practised, ...]
    again: tuple[str, ...]
    waiting: int
    helped: int
    """Questions that were right after a hint or another try: help was used well."""


def farewell(store: Store, learner_id: int, asked: list[SetItem], session_id: int) -> Farewell:
    """Look back on a session."""
    answers = store.answers.of_session(session_id)
    marks = {one.answer_id: one.mark.verdict for one in store.marks.of_session(session_id)}
    latest = {one.item_id: one for one in answers}
    hinted = {one.item_id for one in store.sessions.hints(session_id)}
    verdicts = {item_id: marks.get(one.id) for item_id, one in latest.items()}
    done = [one for one in asked if one.item_id in latest]
    known = {one.skill: one.known for one in store.progress.mastery(learner_id)}
    skills = dict.fromkeys(one.skill for one in done)
    return Farewell(
        answered=len(done),
        practised=tuple(
            Practised(
                skill,
                sum(one.skill == skill for one in done),
                known.get(skill, 0.0) >= MASTERED,
            )
            for skill in skills
        ),
        again=tuple(
            one.item.question
            for one in done
            if verdicts[one.item_id] in {Verdict.INCORRECT, Verdict.PARTIAL}
        ),
        waiting=sum(one.mark_id is None for one in answers),
        helped=sum(
            verdicts[item_id] is Verdict.CORRECT and (item_id in hinted or one.attempt > 1)
            for item_id, one in latest.items()
        ),
    )
