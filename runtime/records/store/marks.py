"""Marks: each given once, none lost, the current one and those before it.

    store.marks.add(answer.id, mark)
    store.marks.current(answer.id).mark.verdict

A mark is known by its answer and its provenance: the same one again changes nothing. Another model
or calibration gives another mark, which becomes the current one.
"""

import hashlib
import sqlite3
from collections.abc import Iterable

import msgspec

from runtime.marking.mark import Mark
from runtime.records.store.database import Database
from runtime.records.store.rows import StoredMark

_INSERT = """
INSERT INTO marks (answer_id, digest, verdict, score, max_score, confidence, needs_review,
    misconception, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (answer_id, digest) DO NOTHING
"""
_CURRENT = """
UPDATE answers SET mark_id = (SELECT id FROM marks WHERE answer_id = ?1 AND digest = ?2)
WHERE id = ?1
"""
_MARKS = """
SELECT m.id, m.answer_id, m.at, b.body AS mark FROM marks AS m
JOIN mark_bodies AS b ON b.mark_id = m.id
"""


class Marks:
    """What the marker said."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(self, answer_id: int, mark: Mark) -> bool:
        """Make ``mark`` the current mark of an answer; return whether it is new."""
        return self.add_many([(answer_id, mark)]) == 1

    def add_many(self, marked: Iterable[tuple[int, Mark]]) -> int:
        """Save marks in one transaction, all or none, and return how many are new.

        An answer that was erased meanwhile is passed over.
        """
        with self._database.write() as connection:
            return sum(self._add(connection, answer_id, mark) for answer_id, mark in marked)

    def current(self, answer_id: int) -> StoredMark | None:
        """Return the mark that counts before any override."""
        return self._database.row(
            StoredMark,
            f"{_MARKS} JOIN answers AS a ON a.mark_id = m.id WHERE a.id = ?",
            (answer_id,),
        )

    def history(self, answer_id: int) -> list[StoredMark]:
        """Return every mark an answer was ever given, in order."""
        return self._database.rows(
            StoredMark, f"{_MARKS} WHERE m.answer_id = ? ORDER BY m.id", (answer_id,)
        )

    def of_session(self, session_id: int) -> list[StoredMark]:
        """Return the current marks of a session in the order of the answers."""
        return self._database.rows(
            StoredMark,
            f"{_MARKS} JOIN answers AS a ON a.mark_id = m.id WHERE a.session_id = ? ORDER BY a.id",
            (session_id,),
        )

    def _add(self, connection: sqlite3.Connection, answer_id: int, mark: Mark) -> bool:
        if not connection.execute("SELECT 1 FROM answers WHERE id = ?", (answer_id,)).fetchone():
            return False
        digest = provenance_digest(mark)
        new = connection.execute(_INSERT, _values(answer_id, digest, mark, self._database.now()))
        if new.rowcount == 1:
            body = msgspec.json.encode(mark).decode()
            connection.execute("INSERT INTO mark_bodies VALUES (?, ?)", (new.lastrowid, body))
        connection.execute(_CURRENT, (answer_id, digest))
        return new.rowcount == 1


def provenance_digest(mark: Mark) -> str:
    """Return the SHA-256 of all that made a mark."""
    return hashlib.sha256(msgspec.json.encode(mark.provenance, order="deterministic")).hexdigest()


def _values(answer_id: int, digest: str, mark: Mark, at: str) -> tuple[object, ...]:
    shown = (mark.verdict.value, mark.score, mark.max_score, mark.confidence)
    return (answer_id, digest, *shown, mark.needs_review, mark.misconception, at)
