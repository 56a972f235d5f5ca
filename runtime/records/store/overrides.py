"""Overrides: the teacher's word in the place of a mark, with who said it; every one can be undone.

store.overrides.accept(answer.id, who="desk")
store.overrides.change(answer.id, Verdict.PARTIAL, 0.5, who="desk", comment="Unit missing.")
store.overrides.undo(answer.id)
"""

import sqlite3

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store.database import Database
from runtime.records.store.rows import Override
from runtime.records.store.texts import new_uid, storable
from runtime.words import _

_CURRENT = """
UPDATE answers SET override_id =
    (SELECT max(id) FROM overrides WHERE answer_id = ?1 AND undone IS NULL) WHERE id = ?1
"""
_SELECT = "SELECT * FROM overrides WHERE answer_id = ?"


class Overrides:
    """What teachers decided."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def change(
        self, answer_id: int, verdict: Verdict, score: float | None, *, who: str, comment: str = ""
    ) -> Override:
        """Put a verdict and a score in the place of the mark."""
        values = (
            *(new_uid(), answer_id, storable(who, "name"), verdict.value, score),
            *(storable(comment, "comment"), self._database.now()),
        )
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO overrides (uid, answer_id, who, verdict, score, comment, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            return self._settle(connection, answer_id)

    def accept(self, answer_id: int, *, who: str, comment: str = "") -> Override:
        """Confirm the current mark. Raises ``BadInputError`` if there is none."""
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT m.verdict, m.score FROM marks AS m JOIN answers AS a ON a.mark_id = m.id"
                " WHERE a.id = ?",
                (answer_id,),
            ).fetchone()
            if row is None:
                raise BadInputError(
                    _("This answer has no mark yet."), _("Mark it, or give it a mark.")
                )
            return self.change(answer_id, Verdict(row[0]), row[1], who=who, comment=comment)

    def undo(self, answer_id: int) -> Override | None:
        """Take the latest override back and return it; what stood before it counts again."""
        with self._database.write() as connection:
            current = self.current(answer_id)
            if current:
                connection.execute(
                    "UPDATE overrides SET undone = ? WHERE id = ?",
                    (self._database.now(), current.id),
                )
                connection.execute(_CURRENT, (answer_id,))
            return current

    def current(self, answer_id: int) -> Override | None:
        """Return the override that counts."""
        return self._database.row(
            Override, f"{_SELECT} AND undone IS NULL ORDER BY id DESC LIMIT 1", (answer_id,)
        )

    def history(self, answer_id: int) -> list[Override]:
        """Return all overrides of an answer in order, those undone too."""
        return self._database.rows(Override, f"{_SELECT} ORDER BY id", (answer_id,))

    def _settle(self, connection: sqlite3.Connection, answer_id: int) -> Override:
        connection.execute(_CURRENT, (answer_id,))
        current = self.current(answer_id)
        assert current is not None
        return current
