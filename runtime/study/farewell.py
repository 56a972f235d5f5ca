"""The end of a session: what was practised, and what to look at again. No score."""

from collections import Counter

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
    verdicts = store.sessions.verdicts(session_id)
    latest = {one.item_id: one for one in answers}
    hinted = {one.item_id for one in store.sessions.hints(session_id)}
    back = {one.item_id for one in store.progress.schedule(learner_id)}
    done = [one for one in asked if one.item_id in latest]
    return Farewell(
        answered=len(done),
        practised=_practised(store, learner_id, done),
        again=tuple(one.item.question for one in done if one.item_id in back),
        waiting=sum(one.id not in verdicts for one in answers),
        helped=sum(
            verdicts.get(one.id) is Verdict.CORRECT and (item_id in hinted or one.attempt > 1)
            for item_id, one in latest.items()
        ),
    )


def _practised(store: Store, learner_id: int, done: list[SetItem]) -> tuple[Practised, ...]:
    known = {one.skill: one.known for one in store.progress.mastery(learner_id)}
    count = Counter(one.skill for one in done)
    return tuple(
        Practised(skill, questions, known.get(skill, 0.0) >= MASTERED)
        for skill, questions in count.items()
    )
