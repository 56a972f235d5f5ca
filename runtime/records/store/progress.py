"""What a learner knows and what comes back: numbers the app computes, kept here.

store.progress.learned(mia.id, "fractions", known=0.62, tries=5, correct=3)
store.progress.review(mia.id, item_id, due=tomorrow, days=1.0, lapses=1)
store.progress.due(mia.id)
"""

from datetime import datetime

from runtime.records.store.database import Database, stamp
from runtime.records.store.rows import Mastery, Review


class Progress:
    """Mastery by skill, and the schedule of spaced review."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

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

    def forget_review(self, learner_id: int, item_id: int) -> None:
        """Take an item off the schedule: it is known."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM reviews WHERE learner_id = ? AND item_id = ?", (learner_id, item_id)
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
            "SELECT item_id, due, days, lapses FROM reviews WHERE learner_id = ? ORDER BY due",
            (learner_id,),
        )
