"""A learner's own page: the sets with how far they are, what is due, the days of practice.

overview(store, learner).sets
"""

from datetime import datetime

import msgspec

from runtime.records.store import Store
from runtime.records.store.rows import Learner, SessionKind
from runtime.study.schedule import due_first


class SetLine(msgspec.Struct, frozen=True):
    """A set; ``right`` of its ``items`` questions have been right at some time."""

    id: int
    name: str
    items: int
    right: int


class SkillLine(msgspec.Struct, frozen=True):
    """A skill and how well it is known, 0..1."""

    skill: str
    known: float
    tries: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """``days`` counts the days practised this month; ``unfinished`` names what can go on."""

    sets: tuple[SetLine, ...]
    skills: tuple[SkillLine, ...]
    due: int
    days: int
    unfinished: str | None


def overview(store: Store, learner: Learner) -> Overview:
    """Look at a learner's work so far."""
    schedule = store.progress.schedule(learner.id)
    right = store.progress.right_items(learner.id)
    return Overview(
        sets=tuple(_set_line(store, one.id, one.name, right) for one in store.sets.all()),
        skills=tuple(
            SkillLine(one.skill, one.known, one.tries) for one in store.progress.mastery(learner.id)
        ),
        due=len(due_first(schedule, store.database.clock())),
        days=_days_this_month(store, learner.id),
        unfinished=_unfinished(store, learner.id),
    )


def _set_line(store: Store, set_id: int, name: str, right: set[int]) -> SetLine:
    ids = [one.item_id for one in store.sets.items(set_id)]
    return SetLine(set_id, name, len(ids), sum(item_id in right for item_id in ids))


def _days_this_month(store: Store, learner_id: int) -> int:
    """Count by this machine's calendar; days are never taken back."""
    month = month_of(store.database.clock())
    return sum(one.day.startswith(month) for one in store.screens.days(learner_id))


def month_of(at: datetime) -> str:
    """Return the month of a time by this machine's calendar, as days begin: "2026-11"."""
    return f"{at.astimezone():%Y-%m}"


def _unfinished(store: Store, learner_id: int) -> str | None:
    session = store.sessions.unfinished(learner_id)
    if session is None or session.kind is not SessionKind.STUDY or not session.item_order:
        return None
    return store.sets.get(session.set_id).name if session.set_id else ""
