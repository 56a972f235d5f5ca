"""The answers to one question of a class, with their marks and what the teacher said of them.

    asked = gather(store, answer_id)
    asked.answers[0].base, asked.answers[0].override

What was recalibrated before does not count: a recalibration always begins at what the marker said.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store
from runtime.records.store.rows import StoredMark
from runtime.words import _

RECALIBRATED = "recalibrated"
"""Key of a mark's provenance: the SHA-256 of all that it was recalibrated by."""

MOST = 1000
"""Answers that are compared with each other: a school year's, and a megabyte of cosines."""


class Given(msgspec.Struct, frozen=True):
    """The teacher's word on an answer."""

    uid: str
    verdict: Verdict
    score: float | None


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """A marked answer. ``base`` is what the marker said, ``mark`` what stands there now."""

    answer_id: int
    learner: str | None
    item: Item
    base: Mark
    mark: Mark
    mark_id: int
    given: Given | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its answers; those the teacher has marked come first."""

    item_id: int
    question: str
    answers: tuple[Marked, ...]

    @property
    def given(self) -> tuple[Given, ...]:
        """What the teacher has said so far."""
        return tuple(one.given for one in self.answers if one.given)


class _Row(msgspec.Struct, frozen=True):
    id: int
    row_id: str
    text: str
    steps: tuple[str, ...]
    mark_id: int
    nickname: str | None
    override_uid: str | None
    override_verdict: Verdict | None
    override_score: float | None


class _Place(msgspec.Struct, frozen=True):
    item_id: int
    session_id: int
    class_id: int | None


def gather(store: Store, answer_id: int) -> Asked:
    """Return all marked answers of the class (else of the session) to an answer's question."""
    item = store.answers.item(answer_id)
    place = store.database.row(_Place, _PLACE, (answer_id,))
    if place is None:
        raise BadInputError(_("There is no such answer any more."), _("Open the list again."))
    narrow = "s.class_id" if place.class_id is not None else "s.id"
    scope = (place.item_id, place.class_id if place.class_id is not None else place.session_id)
    rows = store.database.rows(_Row, _ROWS.format(narrow=narrow), scope)
    marks = store.database.rows(StoredMark, _MARKS.format(narrow=narrow), scope)
    history: dict[int, list[StoredMark]] = defaultdict(list)
    for mark in marks:
        history[mark.answer_id].append(mark)
    answers = [_marked(item, row, history[row.id]) for row in rows]
    return Asked(item_id=place.item_id, question=item.question, answers=tuple(answers[:MOST]))


def _marked(item: Item, row: _Row, history: Sequence[StoredMark]) -> Marked:
    current = next(one for one in history if one.id == row.mark_id)
    return Marked(
        answer_id=row.id,
        learner=row.nickname,
        item=msgspec.structs.replace(item, id=row.row_id, answer=row.text, steps=row.steps),
        base=_base(history, current),
        mark=current.mark,
        mark_id=current.id,
        given=Given(row.override_uid, row.override_verdict, row.override_score)
        if row.override_uid and row.override_verdict
        else None,
    )


def _base(history: Sequence[StoredMark], current: StoredMark) -> Mark:
    """Return the latest mark up to the current one that was not recalibrated."""
    own = [one for one in history if one.id <= current.id]
    found = (one.mark for one in reversed(own) if RECALIBRATED not in one.mark.provenance)
    return next(found, current.mark)


_PLACE = """
SELECT a.item_id, a.session_id, s.class_id FROM answers AS a
JOIN sessions AS s ON s.id = a.session_id WHERE a.id = ?
"""
_ROWS = """
SELECT a.id, a.row_id, a.text, a.steps, a.mark_id, l.nickname, o.uid AS override_uid,
    o.verdict AS override_verdict, o.score AS override_score
FROM answers AS a JOIN sessions AS s ON s.id = a.session_id
LEFT JOIN learners AS l ON l.id = a.learner_id LEFT JOIN overrides AS o ON o.id = a.override_id
WHERE a.item_id = ? AND {narrow} = ? AND a.mark_id IS NOT NULL
ORDER BY o.id IS NULL, a.id
"""
_MARKS = """
SELECT m.id, m.answer_id, m.at, b.body AS mark FROM answers AS a
JOIN sessions AS s ON s.id = a.session_id JOIN marks AS m ON m.answer_id = a.id
JOIN mark_bodies AS b ON b.mark_id = m.id
WHERE a.item_id = ? AND {narrow} = ? ORDER BY m.id
"""
