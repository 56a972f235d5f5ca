"""What a learner knows and what comes back: what it follows from, and what was worked out.

    store.progress.tries(mia.id)         answers as they count now, in their order
    store.progress.keep(mia.id, skills, reviews)
    store.progress.mastery(mia.id), store.progress.due(mia.id)

The tables only keep what was worked out from the answers (``runtime.study.knowledge``), so that
screens and exports have it at hand.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from runtime.marking.mark import Verdict
from runtime.records.store.database import Database, stamp
from runtime.records.store.rows import Mastery, Review, SetItem

# The word of the session's own set for a skill comes first, then that of the newest set in use.
_TRIES = """
SELECT a.id AS answer_id, a.item_id, a.attempt, a.at,
    iif(o.id IS NULL, m.verdict, o.verdict) AS verdict,
    iif(o.id IS NULL, m.confidence, 1.0) AS confidence,
    coalesce((SELECT max(h.rung) + 1 FROM hints_used AS h WHERE h.session_id = a.session_id
        AND h.item_id = a.item_id AND h.tries < a.attempt), 0) AS hints,
    coalesce((SELECT i.skill FROM set_items AS i
        WHERE i.set_id = s.set_id AND i.item_id = a.item_id),
        (SELECT i.skill FROM set_items AS i JOIN question_sets AS q ON q.id = i.set_id
        WHERE i.item_id = a.item_id AND q.archived IS NULL ORDER BY q.id DESC LIMIT 1), '') AS skill
FROM answers AS a JOIN sessions AS s ON s.id = a.session_id AND s.kind = 'study'
LEFT JOIN marks AS m ON m.id = a.mark_id LEFT JOIN overrides AS o ON o.id = a.override_id
WHERE a.learner_id = ? AND coalesce(o.verdict, m.verdict) IS NOT NULL ORDER BY a.id
"""


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a study session as it counts now: the teacher's word, else the mark.

    ``hints`` were seen before it; a teacher is sure (``confidence`` 1). ``skill`` is a set's own
    word, or "".
    """

    answer_id: int
    item_id: int
    attempt: int
    at: datetime
    verdict: Verdict
    confidence: float
    hints: int
    skill: str


class Progress:
    """Mastery by skill, and the schedule of spaced review."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def tries(self, learner_id: int) -> list[Try]:
        """Return all that a learner answered in study sessions and that counts, in its order."""
        return self._database.rows(Try, _TRIES, (learner_id,))

    def questions(self, learner_id: int) -> list[SetItem]:
        """Return the questions a learner has answered, without place or skill."""
        return self._database.rows(
            SetItem,
            "SELECT id AS item_id, 0 AS position, '' AS skill, body AS item FROM items"
            " WHERE id IN (SELECT item_id FROM answers WHERE learner_id = ?)",
            (learner_id,),
        )

    def right_items(self, learner_id: int) -> set[int]:
        """Return the questions that a learner has answered right at some time."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT DISTINCT item_id FROM results WHERE learner_id = ? AND verdict = ?",
                (learner_id, Verdict.CORRECT.value),
            )
            return {item_id for (item_id,) in found}

    def keep(self, learner_id: int, skills: Sequence[Mastery], reviews: Sequence[Review]) -> None:
        """Put what was worked out in the place of all that was kept before."""
        with self._database.write() as connection:
            for table in ("mastery", "reviews"):
                connection.execute(f"DELETE FROM {table} WHERE learner_id = ?", (learner_id,))
            connection.executemany(
                "INSERT INTO mastery VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (learner_id, one.skill, one.known, one.tries, one.correct, stamp(one.at))
                    for one in skills
                ],
            )
            connection.executemany(
                "INSERT INTO reviews VALUES (?, ?, ?, ?, ?)",
                [
                    (learner_id, one.item_id, stamp(one.due), one.days, one.lapses)
                    for one in reviews
                ],
            )

    def learned(
        self, learner_id: int, skill: str, *, known: float, tries: int, correct: int
    ) -> None:
        """Set how well a skill is known (0..1) after so many tries."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO mastery VALUES (?, ?, ?, ?, ?, ?)",
                (learner_id, skill, known, tries, correct, self._database.now()),
            )

    def mastery(self, learner_id: int) -> list[Mastery]:
        """Return a learner's skills by name."""
        return self._database.rows(
            Mastery,
            "SELECT skill, known, tries, correct, at FROM mastery WHERE learner_id = ?"
            " ORDER BY skill",
            (learner_id,),
        )

    def review(
        self, learner_id: int, item_id: int, *, due: datetime, days: float, lapses: int
    ) -> None:
        """Set when an item comes back; ``due`` has a time zone."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?, ?)",
                (learner_id, item_id, stamp(due), days, lapses),
            )

    def due(self, learner_id: int, until: datetime | None = None, limit: int = 50) -> list[Review]:
        """Return what is due by ``until`` (now), the longest overdue first."""
        by = stamp(until) if until else self._database.now()
        return self._database.rows(
            Review,
            "SELECT item_id, due, days, lapses FROM reviews WHERE learner_id = ? AND due <= ?"
            " ORDER BY due LIMIT ?",
            (learner_id, by, limit),
        )

    def schedule(self, learner_id: int) -> list[Review]:
        """Return the whole schedule of a learner by date."""
        return self._database.rows(
            Review,
            "SELECT item_id, due, days, lapses FROM reviews WHERE learner_id = ?"
            " ORDER BY due, item_id",
            (learner_id,),
        )
