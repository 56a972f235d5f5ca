"""Retention: work older than its class keeps it goes, with proof, from the store and its backups.

plan_purge(store)     how many rows of each table would go
purge(store)          removed.proof.clean

Work of a class, on the desk and in study sessions alike, goes by the period of that class; what was
studied in no class one could name, and what was never handed in, goes by the longest of the
learner's classes. What a learner knows is worked out from the answers that are left.
"""

import sqlite3
from collections.abc import Collection
from datetime import timedelta
from functools import partial

from runtime.errors import BadInputError
from runtime.records.store.database import stamp
from runtime.records.store.removal import Removal, Removed, remove, tried, would_go
from runtime.records.store.store import Store
from runtime.words import _


def plan_purge(store: Store) -> dict[str, int]:
    """Return how many rows of each table are older than their class keeps them."""
    return would_go(store, _purge(store))


def purge(store: Store) -> Removed:
    """Remove work, and learners who do nothing any more, past the period of their class.

    The period is counted from the clock of this machine; a learner stays as long as any of their
    classes has none.
    """
    return remove(store, _purge(store))


def _purge(store: Store) -> Removal:
    now = store.database.clock()
    try:
        limits = {
            one.uid: stamp(now - timedelta(days=one.retention_days))
            for one in store.classes.all()
            if one.retention_days
        }
    except OverflowError:
        raise BadInputError(
            _("A retention period reaches back before the year 1."),
            _("Give the class a shorter one."),
        ) from None

    def run(connection: sqlite3.Connection, stay: Collection[str] = ()) -> None:
        connection.execute("CREATE TEMP TABLE limits (class_id INTEGER PRIMARY KEY, before TEXT)")
        connection.execute("CREATE TEMP TABLE staying (uid TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO staying VALUES (?)", [(uid,) for uid in stay])
        connection.executemany(
            "INSERT INTO limits SELECT id, ?2 FROM classes WHERE uid = ?1", limits.items()
        )
        for statement in (*_PURGE, "DROP TABLE limits", "DROP TABLE staying"):
            connection.execute(statement)

    _result, stay = tried(store, run, _learners)
    # An old backup knows nothing of what a learner did since: the store says who stays.
    return partial(run, stay=stay)


def _learners(connection: sqlite3.Connection) -> set[str]:
    return {uid for (uid,) in connection.execute("SELECT uid FROM learners")}


# A learner of several classes is kept as long as the class with the longest period asks; one whose
# class has no period is kept.
_LEARNER_LIMITS = """
SELECT m.learner_id, min(l.before) AS before FROM members AS m
LEFT JOIN limits AS l ON l.class_id = m.class_id
GROUP BY m.learner_id HAVING count(*) = count(l.before)
"""
_PURGE = (
    """DELETE FROM answers WHERE id IN (SELECT a.id FROM answers AS a
    JOIN sessions AS s ON s.id = a.session_id JOIN limits AS l ON l.class_id = s.class_id
    WHERE a.at < l.before)""",
    f"""DELETE FROM answers WHERE id IN (SELECT a.id FROM answers AS a
    JOIN sessions AS s ON s.id = a.session_id AND s.class_id IS NULL
    JOIN ({_LEARNER_LIMITS}) AS l ON l.learner_id = a.learner_id WHERE a.at < l.before)""",
    """DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions AS s
    JOIN limits AS l ON l.class_id = s.class_id WHERE s.started < l.before)
    AND id NOT IN (SELECT session_id FROM answers)""",
    f"""DELETE FROM sessions WHERE class_id IS NULL AND id IN (SELECT s.id FROM sessions AS s
    JOIN ({_LEARNER_LIMITS}) AS l ON l.learner_id = s.learner_id WHERE s.started < l.before)
    AND id NOT IN (SELECT session_id FROM answers)""",
    """DELETE FROM reviews WHERE learner_id IN (SELECT m.learner_id FROM members AS m
    JOIN limits AS l ON l.class_id = m.class_id) AND NOT EXISTS (SELECT 1 FROM answers AS a
    WHERE a.learner_id = reviews.learner_id AND a.item_id = reviews.item_id)""",
    f"""DELETE FROM drafts WHERE (learner_id, item_id) IN (SELECT d.learner_id, d.item_id
    FROM drafts AS d JOIN ({_LEARNER_LIMITS}) AS l ON l.learner_id = d.learner_id
    WHERE d.at < l.before)""",
    """DELETE FROM mastery WHERE learner_id IN (SELECT m.learner_id FROM members AS m
    JOIN limits AS l ON l.class_id = m.class_id)
    AND learner_id NOT IN (SELECT learner_id FROM answers WHERE learner_id IS NOT NULL)""",
    f"""DELETE FROM learners WHERE id IN (SELECT p.id FROM learners AS p
    JOIN ({_LEARNER_LIMITS}) AS l ON l.learner_id = p.id WHERE p.created < l.before)
    AND uid NOT IN staying
    AND id NOT IN (SELECT learner_id FROM answers WHERE learner_id IS NOT NULL)
    AND id NOT IN (SELECT learner_id FROM sessions WHERE learner_id IS NOT NULL)
    AND id NOT IN (SELECT learner_id FROM drafts)""",
)
