"""A class set taken out again: its answers with their marks, and what came only with it.

take_out(store, taken, made)          ``made``: the class that was made for it, if one was
"""

from runtime.records.store import Store
from runtime.records.store.desk import Taken
from runtime.records.store.rows import SchoolClass


def take_out(store: Store, taken: Taken, made: SchoolClass | None = None) -> None:
    """Remove an import, all of it or nothing; learners and classes with other work stay."""
    set_id = taken.questions.id
    with store.database.write() as connection:
        items = connection.execute("SELECT item_id FROM set_items WHERE set_id = ?", (set_id,))
        unused = items.fetchall()
        connection.execute("DELETE FROM sessions WHERE id = ?", (taken.session.id,))
        connection.execute(_UNUSED_SET, (set_id,))
        connection.executemany(_UNUSED_ITEM, unused)
        connection.executemany(_IDLE_LEARNER, [(one.id,) for one in taken.new_learners])
        if made:
            connection.execute(_EMPTY_CLASS, (made.id,))


_UNUSED_SET = """
DELETE FROM question_sets WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE set_id = ?1)
"""
_UNUSED_ITEM = """
DELETE FROM items WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM set_items WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM answers WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM hints_used WHERE item_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM reviews WHERE item_id = ?1)
"""
_IDLE_LEARNER = """
DELETE FROM learners WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM answers WHERE learner_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM sessions WHERE learner_id = ?1)
"""
_EMPTY_CLASS = """
DELETE FROM classes WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM members WHERE class_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM sessions WHERE class_id = ?1)
"""
