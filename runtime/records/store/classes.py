"""Classes and who is in them.

class_ = store.classes.add("4b", retention_days=365)
store.classes.join(class_.id, learner.id)
"""

from runtime.errors import BadInputError
from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.rows import SchoolClass
from runtime.records.store.texts import new_uid, short_name

_CLASSES = """
SELECT c.*, (SELECT count(*) FROM members WHERE class_id = c.id) AS learners FROM classes AS c
"""


class Classes:
    """The classes of this machine."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(self, name: str, retention_days: int = 0) -> SchoolClass:
        """Add a class. Raises ``BadInputError`` for a name that is taken or a period below 0."""
        name = short_name(name, "name of the class")
        _check_days(retention_days)
        if self._database.value("SELECT 1 FROM classes WHERE name = ?", (name,)):
            raise BadInputError(f"There is a class {name!r} already.", "Choose another name.")
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO classes (uid, name, retention_days, created) VALUES (?, ?, ?, ?)",
                (new_uid(), name, retention_days, self._database.now()),
            )
            return self.get(cursor.lastrowid or 0)

    def change(
        self, class_id: int, *, name: str | None = None, retention_days: int | None = None
    ) -> SchoolClass:
        """Change what is given and return the class."""
        with self._database.write() as connection:
            old = self.get(class_id)
            days = old.retention_days if retention_days is None else retention_days
            _check_days(days)
            connection.execute(
                "UPDATE classes SET name = ?, retention_days = ? WHERE id = ?",
                (short_name(name or old.name, "name of the class"), days, class_id),
            )
            return self.get(class_id)

    def remove(self, class_id: int) -> None:
        """Dissolve a class; its learners and their work stay."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM classes WHERE id = ?", (class_id,))

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


def _check_days(days: int) -> None:
    if days < 0:
        raise BadInputError(
            f"{days} is no number of days to keep work.", "Give 0 (for ever) or more."
        )
