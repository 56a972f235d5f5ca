"""Question sets: questions as they were imported, kept whole.

    with ClassSet.open("week1.jsonl") as rows:
        week = store.sets.add("Week 1", rows, origin="week1.jsonl")
    store.sets.items(week.id)[0].item.question

The file may go away afterwards. A question is kept once, by the digest of all but the answer.
"""

import sqlite3
from collections.abc import Iterable

from runtime.errors import BadInputError
from runtime.marking.item import Item
from runtime.records.rows import Row, item_digest, item_json, question_of
from runtime.records.store.database import Database
from runtime.records.store.errors import missing
from runtime.records.store.rows import QuestionSet, SetItem
from runtime.records.store.texts import new_uid, short_name
from runtime.words import _

_SETS = """
SELECT s.*, (SELECT count(*) FROM set_items WHERE set_id = s.id) AS items FROM question_sets AS s
"""


class QuestionSets:
    """What can be studied and marked."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database

    def add(self, name: str, rows: Iterable[Row], origin: str = "") -> QuestionSet:
        """Keep the questions of a class set, each once, in their order; rows in error are left out.

        A column ``skill`` names what a question trains. Raises ``BadInputError`` if no row is left.
        """
        name = short_name(name, "name of the set")
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO question_sets (uid, name, origin, imported) VALUES (?, ?, ?, ?)",
                (new_uid(), name, origin, self._database.now()),
            )
            set_id = cursor.lastrowid or 0
            for position, (item_id, skill) in enumerate(_kept(connection, rows).items()):
                connection.execute(
                    "INSERT INTO set_items VALUES (?, ?, ?, ?)", (set_id, position, item_id, skill)
                )
            found = self.get(set_id)
            if not found.items:
                raise BadInputError(
                    _("The set {name!r} has no question that can be used.").format(name=name),
                    _("See what its rows lack."),
                )
            return found

    def get(self, set_id: int) -> QuestionSet:
        """Return a set. Raises ``BadInputError`` if there is none."""
        found = self._database.row(QuestionSet, f"{_SETS} WHERE s.id = ?", (set_id,))
        if found is None:
            raise missing("question set", set_id)
        return found

    def all(self) -> list[QuestionSet]:
        """Return the sets that are in use, the newest first."""
        return self._database.rows(
            QuestionSet, f"{_SETS} WHERE s.archived IS NULL ORDER BY s.id DESC"
        )

    def items(self, set_id: int) -> list[SetItem]:
        """Return the questions of a set in their order."""
        return self._database.rows(
            SetItem,
            "SELECT s.item_id, s.position, s.skill, i.body AS item FROM set_items AS s"
            " JOIN items AS i ON i.id = s.item_id WHERE s.set_id = ? ORDER BY s.position",
            (set_id,),
        )

    def archive(self, set_id: int, archived: bool = True) -> None:
        """Hide a set from lists, or show it again; sessions and answers keep their questions."""
        with self._database.write() as connection:
            at = self._database.now() if archived else None
            connection.execute("UPDATE question_sets SET archived = ? WHERE id = ?", (at, set_id))


def keep_item(connection: sqlite3.Connection, item: Item) -> int:
    """Keep a question without its answer and return its id; one that is known keeps its own."""
    question = question_of(item)
    body, digest = item_json(question), item_digest(question)
    connection.execute(
        "INSERT OR IGNORE INTO items (digest, task, question, body) VALUES (?, ?, ?, ?)",
        (digest, item.task.value, item.question, body.decode()),
    )
    (found,) = connection.execute("SELECT id FROM items WHERE digest = ?", (digest,)).fetchone()
    return int(found)


def _kept(connection: sqlite3.Connection, rows: Iterable[Row]) -> dict[int, str]:
    """Return the ids of the questions, with their skills, in the order they first come."""
    found: dict[int, str] = {}
    for row in rows:
        if row.item:
            skill = str(row.fields.get("skill") or "").strip()
            found.setdefault(keep_item(connection, row.item), skill)
    return found
