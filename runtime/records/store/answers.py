"""Answers: on the disk before they are marked, exactly as they were written.

    answer = store.answers.add(session.id, item_id, "3 1/2 cm", learner_id=mia.id)
    for waiting in store.answers.pending(limit=32):
        ...mark waiting.row, then store.marks.add(waiting.answer_id, mark)

What was not marked when a program ended, however it ended, is pending when the next one starts.
"""

from collections.abc import Sequence

import msgspec

from runtime.marking.item import MAX_ANSWER_CHARS, Item
from runtime.records.rows import Row, item_digest
from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.rows import Answer
from runtime.records.store.texts import new_uid, storable

_INSERT = """
INSERT INTO answers (uid, session_id, learner_id, item_id, row_id, attempt, text, steps, at)
SELECT ?1, ?2, ?3, ?4, ?5, 1 + coalesce(max(attempt), 0), ?6, ?7, ?8 FROM answers
WHERE session_id = ?2 AND row_id = ?5
"""
_PENDING = """
SELECT a.id, a.row_id, a.text, a.steps, i.body AS item FROM answers AS a
JOIN items AS i ON i.id = a.item_id WHERE a.mark_id IS NULL AND a.id > ?
"""


class Pending(msgspec.Struct, frozen=True):
    """An answer without a mark; ``row`` is what a marker takes, ``row.item`` the whole item."""

    answer_id: int
    row: Row


class _Waiting(msgspec.Struct, frozen=True):
    id: int
    row_id: str
    text: str
    steps: tuple[str, ...]
    item: Item


class Answers:
    """What children wrote."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(  # noqa: PLR0913
        self,
        session_id: int,
        item_id: int,
        text: str,
        *,
        steps: Sequence[str] = (),
        learner_id: int | None = None,
        row_id: str = "",
    ) -> Answer:
        """Keep an answer; when this returns, it is on the disk.

        The same ``row_id`` (else the item's id) again in a session is the next attempt. With
        ``steps``, ``text`` may be empty. Raises ``BadInputError`` for half a character and
        ``StoreFullError`` if the disk is full.
        """
        checked = [storable(step, "working") for step in steps]
        values = (
            *(new_uid(), session_id, learner_id, item_id, row_id or f"item-{item_id}"),
            *(storable(text, "answer"), msgspec.json.encode(checked).decode()),
            self._database.now(),
        )
        with self._database.write() as connection:
            return self.get(connection.execute(_INSERT, values).lastrowid or 0)

    def get(self, answer_id: int) -> Answer:
        """Return an answer. Raises ``BadInputError`` if there is none."""
        found = self._database.row(Answer, "SELECT * FROM answers WHERE id = ?", (answer_id,))
        if found is None:
            raise missing("answer", answer_id)
        return found

    def of_session(self, session_id: int) -> list[Answer]:
        """Return the answers of a session in the order they were given."""
        return self._database.rows(
            Answer, "SELECT * FROM answers WHERE session_id = ? ORDER BY id", (session_id,)
        )

    def item(self, answer_id: int) -> Item:
        """Return the whole item of an answer: the question with what the child wrote."""
        return _item(self._waiting("WHERE a.id = ?", answer_id)[0])

    def pending(
        self, session_id: int | None = None, *, after: int = 0, limit: int = 100
    ) -> list[Pending]:
        """Return answers without a mark in order of their ids, from behind ``after``."""
        where = "" if session_id is None else " AND a.session_id = ?"
        values = (after, limit) if session_id is None else (after, session_id, limit)
        sql = f"{_PENDING}{where} ORDER BY a.id LIMIT ?"
        return [_pending(one) for one in self._database.rows(_Waiting, sql, values)]

    def count_pending(self, session_id: int | None = None) -> int:
        """Return how many answers have no mark."""
        where = "" if session_id is None else " AND session_id = ?"
        values = () if session_id is None else (session_id,)
        sql = f"SELECT count(*) FROM answers WHERE mark_id IS NULL{where}"
        return int(self._database.value(sql, values) or 0)

    def _waiting(self, where: str, answer_id: int) -> list[_Waiting]:
        sql = (
            "SELECT a.id, a.row_id, a.text, a.steps, i.body AS item FROM answers AS a"
            f" JOIN items AS i ON i.id = a.item_id {where}"
        )
        found = self._database.rows(_Waiting, sql, (answer_id,))
        if not found:
            raise missing("answer", answer_id)
        return found


def _pending(one: _Waiting) -> Pending:
    item = _item(one)
    row = Row(line=one.id, id=one.row_id, digest=item_digest(item), item=item)
    if len(item.text) > MAX_ANSWER_CHARS:
        row = msgspec.structs.replace(
            row,
            item=None,
            problem=f"the answer has {len(item.text):,} characters, more than {MAX_ANSWER_CHARS:,}",
            remedy="Check that no other text was pasted in.",
        )
    return Pending(one.id, row)


def _item(one: _Waiting) -> Item:
    return msgspec.structs.replace(one.item, id=one.row_id, answer=one.text, steps=one.steps)
