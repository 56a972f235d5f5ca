"""Sessions: one sitting of a learner, or one class set on the marking desk.

session = store.sessions.start(learner_id=mia.id, set_id=week.id, item_order=ids)
store.sessions.use_hint(session.id, item_id, rung=0, text="Read line 2 again.")
store.sessions.end(session.id)
"""

from collections.abc import Sequence

import msgspec

from runtime.marking.mark import Verdict
from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.rows import HintUsed, Session, SessionKind
from runtime.records.store.texts import new_uid, storable

_HINT = """
INSERT INTO hints_used (uid, session_id, item_id, rung, text, at, tries)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, count(*) FROM answers WHERE session_id = ?2 AND item_id = ?3
"""
_CLASS_OF_SET = """
SELECT class_id FROM sessions WHERE kind = 'desk' AND set_id = ?2
AND class_id IN (SELECT class_id FROM members WHERE learner_id = ?1) ORDER BY id DESC LIMIT 1
"""


class Sessions:
    """When somebody sat down, and which hints were shown."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def start(
        self,
        *,
        kind: SessionKind = SessionKind.STUDY,
        learner_id: int | None = None,
        class_id: int | None = None,
        set_id: int | None = None,
        item_order: Sequence[int] = (),
    ) -> Session:
        """Begin a session; ``item_order`` are ids of items as they will be asked."""
        order = msgspec.json.encode(item_order).decode()
        values = (new_uid(), kind, learner_id, class_id, set_id, self._database.now(), order)
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO sessions (uid, kind, learner_id, class_id, set_id, started,"
                " item_order) VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            return self.get(cursor.lastrowid or 0)

    def class_for(self, learner_id: int, set_id: int | None) -> int | None:
        """Return the class in which a learner studies a set, ``None`` if that cannot be told.

        That is the one class the learner is in; of several, the one that was given the set on the
        desk. Work without a class is kept as long as any class of its learner asks.
        """
        with self._database.read() as connection:
            classes = connection.execute(
                "SELECT class_id FROM members WHERE learner_id = ?", (learner_id,)
            ).fetchall()
            if len(classes) == 1:
                return int(classes[0][0])
            found = connection.execute(_CLASS_OF_SET, (learner_id, set_id)).fetchone()
        return int(found[0]) if found else None

    def reorder(self, session_id: int, item_order: Sequence[int]) -> None:
        """Change what is asked next."""
        order = msgspec.json.encode(item_order).decode()
        with self._database.write() as connection:
            connection.execute(
                "UPDATE sessions SET item_order = ? WHERE id = ?", (order, session_id)
            )

    def end(self, session_id: int) -> None:
        """End a session; one that has ended keeps its time."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE sessions SET ended = ? WHERE id = ? AND ended IS NULL",
                (self._database.now(), session_id),
            )

    def get(self, session_id: int) -> Session:
        """Return a session. Raises ``BadInputError`` if there is none."""
        found = self._database.row(Session, "SELECT * FROM sessions WHERE id = ?", (session_id,))
        if found is None:
            raise missing("session", session_id)
        return found

    def of_learner(self, learner_id: int, limit: int = 50) -> list[Session]:
        """Return a learner's sessions, the latest first."""
        return self._database.rows(
            Session,
            "SELECT * FROM sessions WHERE learner_id = ? ORDER BY id DESC LIMIT ?",
            (learner_id, limit),
        )

    def of_class(self, class_id: int, limit: int = 50) -> list[Session]:
        """Return the sessions of a class, the latest first."""
        return self._database.rows(
            Session,
            "SELECT * FROM sessions WHERE class_id = ? ORDER BY id DESC LIMIT ?",
            (class_id, limit),
        )

    def unfinished(self, learner_id: int) -> Session | None:
        """Return the session a learner was in when the program last ended, if any."""
        return self._database.row(
            Session,
            "SELECT * FROM sessions WHERE learner_id = ? AND ended IS NULL ORDER BY id DESC",
            (learner_id,),
        )

    def verdicts(self, session_id: int) -> dict[int, Verdict]:
        """Return what counts for each answer that has a mark or a teacher's word, by its id."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT answer_id, verdict FROM results WHERE session_id = ?"
                " AND verdict IS NOT NULL",
                (session_id,),
            ).fetchall()
        return {answer_id: Verdict(verdict) for answer_id, verdict in found}

    def use_hint(self, session_id: int, item_id: int, rung: int, text: str) -> None:
        """Note that a hint was shown, and after how many answers to its question."""
        with self._database.write() as connection:
            connection.execute(
                _HINT,
                (
                    *(new_uid(), session_id, item_id, rung),
                    *(storable(text, "hint"), self._database.now()),
                ),
            )

    def hints(self, session_id: int, item_id: int | None = None) -> list[HintUsed]:
        """Return the hints shown in a session (for one item), in order."""
        return self._database.rows(
            HintUsed,
            "SELECT id, session_id, item_id, rung, text, at FROM hints_used"
            " WHERE session_id = ? AND item_id = coalesce(?, item_id) ORDER BY id",
            (session_id, item_id),
        )
