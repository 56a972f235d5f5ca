"""Classes and who is in them.

class_ = store.classes.add("4b", retention_days=365)
store.classes.join(class_.id, learner.id)
gone = store.classes.remove(class_.id)
store.classes.restore(gone)             who was in it is in it again
"""

import sqlite3

import msgspec

from runtime.errors import BadInputError
from runtime.records.store.database import Database, stamp
from runtime.records.store.errors import missing
from runtime.records.store.rows import SchoolClass
from runtime.records.store.texts import new_uid, short_name
from runtime.words import _

_CLASSES = """
SELECT c.*, (SELECT count(*) FROM members WHERE class_id = c.id) AS learners FROM classes AS c
"""

_WORK = """
SELECT s.class_id, count(DISTINCT iif(s.kind = 'desk', s.id, NULL)) AS sets,
    coalesce(sum(s.kind = 'desk' AND a.id IS NOT NULL AND a.mark_id IS NULL), 0) AS pending,
    coalesce(sum(a.override_id IS NULL AND m.needs_review), 0) AS to_review
FROM sessions AS s LEFT JOIN answers AS a ON a.session_id = s.id
LEFT JOIN marks AS m ON m.id = a.mark_id WHERE s.class_id IS NOT NULL GROUP BY s.class_id
"""


class ClassWork(msgspec.Struct, frozen=True, kw_only=True):
    """How many sets a class was given, and what waits.

    Answers that its learners gave while studying are among those to review; those without a mark
    are not ``pending`` here, for a learner's own session marks them.
    """

    class_id: int
    sets: int
    pending: int
    to_review: int


class Dissolved(msgspec.Struct, frozen=True):
    """A class that was dissolved, with who was in it and what was its work."""

    class_: SchoolClass
    learner_ids: tuple[int, ...]
    session_ids: tuple[int, ...]


class Classes:
    """The classes of this machine."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(self, name: str, retention_days: int = 0) -> SchoolClass:
        """Add a class. Raises ``BadInputError`` for a name that is taken or a period below 0."""
        name = short_name(name, "name of the class")
        _check_days(retention_days)
        self._refuse_taken(name)
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO classes (uid, name, retention_days, created) VALUES (?, ?, ?, ?)",
                (new_uid(), name, retention_days, self._database.now()),
            )
            return self.get(cursor.lastrowid or 0)

    def change(
        self, class_id: int, *, name: str | None = None, retention_days: int | None = None
    ) -> SchoolClass:
        """Change what is given and return the class. Raises as ``add``."""
        with self._database.write() as connection:
            old = self.get(class_id)
            if name and short_name(name, "name of the class") != old.name:
                self._refuse_taken(short_name(name, "name of the class"))
            days = old.retention_days if retention_days is None else retention_days
            _check_days(days)
            connection.execute(
                "UPDATE classes SET name = ?, retention_days = ? WHERE id = ?",
                (short_name(name or old.name, "name of the class"), days, class_id),
            )
            return self.get(class_id)

    def remove(self, class_id: int) -> Dissolved:
        """Dissolve a class; its learners and their work stay. Return what ``restore`` needs."""
        with self._database.write() as connection:
            gone = Dissolved(
                self.get(class_id),
                _ids(connection, "SELECT learner_id FROM members WHERE class_id = ?", class_id),
                _ids(connection, "SELECT id FROM sessions WHERE class_id = ?", class_id),
            )
            connection.execute("DELETE FROM classes WHERE id = ?", (class_id,))
            return gone

    def restore(self, gone: Dissolved) -> SchoolClass:
        """Bring a class back as it was, less what was erased meanwhile.

        Raises ``BadInputError`` if another class has its name now.
        """
        old = gone.class_
        self._refuse_taken(old.name)
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO classes (uid, name, retention_days, created) VALUES (?, ?, ?, ?)",
                (old.uid, old.name, old.retention_days, stamp(old.created)),
            )
            new = cursor.lastrowid or 0
            connection.executemany(
                "INSERT INTO members SELECT ?, id FROM learners WHERE id = ?",
                [(new, one) for one in gone.learner_ids],
            )
            connection.executemany(
                "UPDATE sessions SET class_id = ? WHERE id = ? AND class_id IS NULL",
                [(new, one) for one in gone.session_ids],
            )
            return self.get(new)

    def work(self) -> dict[int, ClassWork]:
        """Return for each class that was given any work how much of it waits, and for what."""
        return {one.class_id: one for one in self._database.rows(ClassWork, _WORK)}

    def get(self, class_id: int) -> SchoolClass:
        """Return a class. Raises ``BadInputError`` if there is none."""
        found = self._database.row(SchoolClass, f"{_CLASSES} WHERE c.id = ?", (class_id,))
        if found is None:
            raise missing("class", class_id)
        return found

    def all(self) -> list[SchoolClass]:
        """Return all classes by name."""
        return self._database.rows(SchoolClass, f"{_CLASSES} ORDER BY c.name COLLATE NOCASE")

    def named(self, name: str) -> SchoolClass:
        """Return the class with this name or uid. Raises ``BadInputError`` if there is none."""
        found = [one for one in self.all() if name in {one.name, one.uid}]
        if not found:
            raise missing("class", name)
        return found[0]

    def of_learner(self, learner_id: int) -> list[SchoolClass]:
        """Return the classes a learner is in."""
        where = "WHERE c.id IN (SELECT class_id FROM members WHERE learner_id = ?) ORDER BY c.name"
        return self._database.rows(SchoolClass, f"{_CLASSES} {where}", (learner_id,))

    def join(self, class_id: int, learner_id: int) -> None:
        """Put a learner into a class; once is enough."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO members VALUES (?, ?)", (class_id, learner_id)
            )

    def leave(self, class_id: int, learner_id: int) -> None:
        """Take a learner out of a class."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM members WHERE class_id = ? AND learner_id = ?", (class_id, learner_id)
            )

    def _refuse_taken(self, name: str) -> None:
        if self._database.value("SELECT 1 FROM classes WHERE name = ?", (name,)):
            raise BadInputError(
                _("There is a class {name!r} already.").format(name=name), _("Choose another name.")
            )


def _ids(connection: sqlite3.Connection, sql: str, class_id: int) -> tuple[int, ...]:
    return tuple(found for (found,) in connection.execute(sql, (class_id,)))


def _check_days(days: int) -> None:
    if days < 0:
        raise BadInputError(
            _("{days} is no number of days to keep work.").format(days=days),
            _("Give 0 (for ever) or more."),
        )
