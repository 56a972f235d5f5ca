"""Removal with proof: of a learner and every word of theirs, in the store and its backups.

    would_go = plan_erasure(store, learner)      counts: nothing is changed
    removed = erase(store, learner)              removed.proof.clean

The same rows go from the store and from every backup. Backups come first: a program that is killed
half way leaves the learner in the store, and the same command finishes the work.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from runtime.records.store.backups import backups, drop
from runtime.records.store.database import connect
from runtime.records.store.errors import DamagedStoreError, translated
from runtime.records.store.migrations import migrate
from runtime.records.store.rows import Learner
from runtime.records.store.store import Store
from runtime.records.store.traces import Proof, search

T = TypeVar("T")
Removal = Callable[[sqlite3.Connection], None]
"""Deletes rows, in a transaction of the caller."""

_COUNTED = ("learners", "sessions", "answers", "marks", "overrides", "hints_used", "drafts")
# Columns with a child's own words, or words about one child.
_TEXTS = (
    "SELECT nickname FROM learners",
    "SELECT text FROM answers",
    "SELECT text FROM drafts",
    "SELECT value FROM answers, json_each(answers.steps)",
    "SELECT comment FROM overrides",
)


class Removed(msgspec.Struct, frozen=True):
    """What went: rows of the store by table, files cleaned, files deleted, and the proof."""

    rows: dict[str, int]
    cleaned: tuple[Path, ...]
    deleted: tuple[Path, ...]
    proof: Proof


def plan_erasure(store: Store, learner: Learner) -> dict[str, int]:
    """Return how many rows of each table would go with a learner."""
    return would_go(store, _erasure(learner.uid))


def erase(store: Store, learner: Learner) -> Removed:
    """Erase a learner and every word of theirs from the store and all its backups.

    Damaged stores and backups are deleted: nobody can tell what is in them. Raises ``StoreError``
    if another program is reading the store meanwhile, ``StoreFullError`` if the disk is full.
    """
    return remove(store, _erasure(learner.uid))


def _erasure(uid: str) -> Removal:
    def run(connection: sqlite3.Connection) -> None:
        learner = "(SELECT id FROM learners WHERE uid = ?)"
        for table in ("sessions", "answers"):
            connection.execute(f"DELETE FROM {table} WHERE learner_id IN {learner}", (uid,))
        connection.execute("DELETE FROM learners WHERE uid = ?", (uid,))

    return run


class _Nothing(Exception):
    """Ends a transaction that was only tried."""


def would_go(store: Store, removal: Removal) -> dict[str, int]:
    """Return how many rows of each table a removal takes."""
    return _difference(*tried(store, removal, _counts))


def tried(store: Store, removal: Removal, ask: Callable[[sqlite3.Connection], T]) -> tuple[T, T]:
    """Run a removal and take it back; return what ``ask`` says before and after it."""
    said: list[T] = []
    with suppress(_Nothing), store.database.write() as connection:
        said.append(ask(connection))
        removal(connection)
        said.append(ask(connection))
        raise _Nothing
    before, after = said
    return before, after


def remove(store: Store, removal: Removal) -> Removed:
    """Run a removal on all backups and the store, write them anew and search every file."""
    store.need_to_write()
    # Who reads now would keep old pages in the log: better to be refused before anything is gone.
    store.database.flush()
    gone: set[str] = set()
    cleaned: list[Path] = []
    deleted = _delete_set_aside(store)
    for backup in backups(store.places):
        try:
            gone |= _clean_backup(backup.path, removal)
            cleaned.append(backup.path)
        except DamagedStoreError:
            # What cannot be read cannot be cleaned either. Anything else, such as a full disk,
            # ends the removal while the learner is still there to be erased again.
            drop(backup.path)
            deleted.append(backup.path)
    with store.database.write() as connection:
        before, counts = _texts(connection), _counts(connection)
        removal(connection)
        gone |= before - _texts(connection)
        rows = _difference(counts, _counts(connection))
    _rewrite(store)
    proof = search(store.places.folder, gone)
    return Removed(rows, tuple(cleaned), tuple(deleted), proof)


def _rewrite(store: Store) -> None:
    """Write the file anew without what was deleted, and empty the write-ahead log."""
    store.database.flush()
    with store.database.exclusive() as connection, translated(store.places.file):
        connection.execute("VACUUM")
    store.database.flush()


def _clean_backup(path: Path, removal: Removal) -> set[str]:
    """Remove from one backup and return the texts that went."""
    with translated(path), closing(connect(path)) as connection:
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        before = _texts(connection)
        removal(connection)
        gone = before - _texts(connection)
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        # One file again, as it was made.
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    return gone


def _delete_set_aside(store: Store) -> list[Path]:
    files = [path for path in store.places.kept_aside.glob("*") if path.is_file()]
    for path in (*files, *store.places.folder.rglob("*.part")):
        path.unlink(missing_ok=True)
    return files


def _texts(connection: sqlite3.Connection) -> set[str]:
    """Return all that children wrote, whole and line by line, and what they are called."""
    whole = {text for sql in _TEXTS for (text,) in connection.execute(sql) if text}
    return whole | {line.strip() for text in whole for line in text.splitlines() if line.strip()}


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in _COUNTED
    }


def _difference(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: before[table] - after[table] for table in before}
