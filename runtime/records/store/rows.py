"""What the store hands out: one frozen struct for each kind of row. Times are in UTC.

learner = store.learners.get(1)
learner.nickname, learner.age_band
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict

AVATARS = tuple(
    "bat bear bee cat crab deer dolphin duck fox frog hedgehog koala lion octopus otter owl panda "
    "penguin rabbit robin seal snail tiger turtle whale wolf".split()
)
"""Names of pictures a learner chooses from: no photograph, no upload."""


class AgeBand(StrEnum):
    """For whom words are chosen."""

    YOUNG = "7-9"
    MIDDLE = "10-12"
    OLDER = "13+"


class SessionKind(StrEnum):
    """Who started a session: a child who studies, or a teacher who marks a class set."""

    STUDY = "study"
    DESK = "desk"


class Learner(msgspec.Struct, frozen=True, kw_only=True):
    """A child, by nickname and avatar; ``uid`` is the same on every machine."""

    id: int
    uid: str
    nickname: str
    avatar: str
    age_band: AgeBand
    language: str
    created: datetime
    archived: datetime | None
    has_pin: bool


class SchoolClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class; work older than ``retention_days`` goes when records are purged (0: it stays)."""

    id: int
    uid: str
    name: str
    retention_days: int
    created: datetime
    learners: int


class QuestionSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set as it was imported; ``origin`` is the name of the file it came from."""

    id: int
    uid: str
    name: str
    origin: str
    imported: datetime
    items: int


class SetItem(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a set; ``item`` has no answer in it."""

    item_id: int
    position: int
    skill: str
    item: Item


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A sitting; ``item_order`` holds the ids of the items in the order they are asked."""

    id: int
    uid: str
    kind: SessionKind
    learner_id: int | None
    class_id: int | None
    set_id: int | None
    started: datetime
    ended: datetime | None
    item_order: tuple[int, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a child wrote, exactly. Answers are ordered by ``id``, never by the clock.

    ``row_id`` is the ``id`` of its item and mark; ``attempt`` counts from 1.
    """

    id: int
    uid: str
    session_id: int
    learner_id: int | None
    item_id: int
    row_id: str
    attempt: int
    text: str
    steps: tuple[str, ...]
    at: datetime
    mark_id: int | None
    override_id: int | None


class StoredMark(msgspec.Struct, frozen=True, kw_only=True):
    """A mark that was given to an answer at some time."""

    id: int
    answer_id: int
    at: datetime
    mark: Mark


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a teacher put in the place of a mark; ``undone`` once it was taken back."""

    id: int
    uid: str
    answer_id: int
    who: str
    verdict: Verdict
    score: float | None
    comment: str
    at: datetime
    undone: datetime | None


class HintUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A hint that was shown; ``rung`` counts from 0 up the ladder."""

    id: int
    session_id: int
    item_id: int
    rung: int
    text: str
    at: datetime


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a learner has written to a question and not handed in."""

    learner_id: int
    item_id: int
    text: str
    at: datetime


class Mastery(msgspec.Struct, frozen=True, kw_only=True):
    """How well a learner knows a skill: ``known`` is a probability in 0..1."""

    skill: str
    known: float
    tries: int
    correct: int
    at: datetime


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """When an item comes back: after ``days``; ``lapses`` counts how often it was missed."""

    item_id: int
    due: datetime
    days: float
    lapses: int
