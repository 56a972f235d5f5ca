"""The demo class: the example class set that comes with Kindmark, in the records.

    load(store)        a class "Demo" with invented learners, their answers, and a set to study
    remove(store)      all of it, and what was done with it since

Both are for a thread: they wait for the disk.
"""

import sqlite3

import msgspec

from runtime.locations import shipped_examples
from runtime.records.class_set import ClassSet
from runtime.records.rows import Row
from runtime.records.store import Store

CLASS = "Demo"
SET = "Demo questions"
_FILE = "class-set.jsonl"
_SUFFIX = " (demo)"


def is_loaded(store: Store) -> bool:
    """Whether there is a demo class."""
    return any(one.name == CLASS for one in store.classes.all())


def load(store: Store) -> None:
    """Add the demo class, once. Raises ``BadInputError`` if the examples are missing."""
    if is_loaded(store):
        return
    with ClassSet.open(str(shipped_examples() / _FILE)) as rows, store.database.write():
        group = store.classes.add(CLASS)
        store.desk.take([_invented(row) for row in rows], SET, group.id, origin=_FILE)


def remove(store: Store) -> None:
    """Remove the demo class, its learners, and everything they did; who else is in it stays."""
    with store.database.write() as connection:
        _remove(connection)


def _invented(row: Row) -> Row:
    """Return a row whose learner is seen to be none of the class that sits here."""
    if not row.item or not row.item.learner:
        return row
    item = msgspec.structs.replace(row.item, learner=row.item.learner + _SUFFIX)
    return msgspec.structs.replace(row, item=item)


def _remove(connection: sqlite3.Connection) -> None:
    group = "(SELECT id FROM classes WHERE name = :name)"
    learners = (
        f"(SELECT id FROM learners WHERE nickname LIKE :nickname AND id IN"
        f" (SELECT learner_id FROM members WHERE class_id IN {group}))"
    )
    given = {"name": CLASS, "nickname": f"%{_SUFFIX}", "set": SET, "origin": _FILE}
    for statement in (
        # Any child may press the button: what a teacher has put into this class stays.
        f"DELETE FROM sessions WHERE learner_id IN {learners} OR (class_id IN {group}"
        " AND id NOT IN (SELECT session_id FROM answers"
        f" WHERE coalesce(learner_id, 0) NOT IN {learners}))",
        f"DELETE FROM answers WHERE learner_id IN {learners}",
        f"DELETE FROM learners WHERE id IN {learners}",
        "DELETE FROM classes WHERE name = :name AND id NOT IN (SELECT class_id FROM members)",
        "UPDATE question_sets SET archived = imported WHERE name = :set AND origin = :origin",
    ):
        connection.execute(statement, given)
