"""The tables, step by step: each migration is a function that is run once, in order.

    migrate(connection, before=make_a_backup)

To change a table, add a function at the end of ``MIGRATIONS``; those above it never change, since
stores out there have run them. Which ones a store has run stands in its table ``migrations``.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from runtime.records.store.database import APPLICATION_ID
from runtime.records.store.errors import NewerStoreError, StoreError
from runtime.words import _

Migration = Callable[[sqlite3.Connection], None]


def m001_first_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of the first version."""
    for table in (_PEOPLE, _QUESTIONS, _WORK, _PROGRESS, _RESULTS):
        for statement in table.split(";"):
            connection.execute(statement)


def m002_study_in_classes(connection: sqlite3.Connection) -> None:
    """Note after how many tries a hint was shown, and in which class a learner studies."""
    connection.execute("ALTER TABLE hints_used ADD COLUMN tries INTEGER NOT NULL DEFAULT 0")
    connection.execute(
        "UPDATE hints_used SET tries = (SELECT count(*) FROM answers AS a WHERE a.session_id ="
        " hints_used.session_id AND a.item_id = hints_used.item_id AND a.at <= hints_used.at)"
    )
    connection.execute(
        "UPDATE sessions SET class_id = (SELECT class_id FROM members"
        " WHERE learner_id = sessions.learner_id) WHERE kind = 'study' AND class_id IS NULL"
        " AND (SELECT count(*) FROM members WHERE learner_id = sessions.learner_id) = 1"
    )


def m003_drafts(connection: sqlite3.Connection) -> None:
    """Make a place for what is written and not handed in yet."""
    for statement in _DRAFTS.split(";"):
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (m001_first_tables, m002_study_in_classes, m003_drafts)


def migrate(
    connection: sqlite3.Connection,
    *,
    before: Callable[[], object] = lambda: None,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> int:
    """Run what a store lacks, all in one transaction, and return how many that were.

    ``before`` is called first if the store holds anything (to make a backup). Raises ``StoreError``
    for another program's file and ``NewerStoreError`` for a store of a later version.
    """
    done = _done(connection)
    check_version(done, migrations)
    waiting = migrations[len(done) :]
    if waiting and done:
        before()
    if waiting:
        _run(connection, waiting)
    return len(waiting)


def check_version(done: Sequence[str], migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Raise ``NewerStoreError`` if a store has run what this program does not know."""
    known = [migration.__name__ for migration in migrations]
    if list(done) != known[: len(done)]:
        strange = next((name for name in done if name not in known), done[-1])
        raise NewerStoreError(
            _("A later version of Kindmark made these records (it ran {strange!r}).").format(
                strange=strange
            ),
            _("Install that version again; this one leaves the records as they are."),
        )


def done_in(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the migrations a store has run, in order."""
    return tuple(name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY id"))


def _done(connection: sqlite3.Connection) -> tuple[str, ...]:
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if found == APPLICATION_ID:
        return done_in(connection)
    if tables:
        raise StoreError(
            _("This database belongs to another program."),
            _("Name another folder for the records."),
        )
    return ()


def _run(connection: sqlite3.Connection, waiting: Sequence[Migration]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_MIGRATIONS)
        for migration in waiting:
            migration(connection)
            row = (migration.__name__, datetime.now(UTC).isoformat(timespec="seconds"))
            connection.execute("INSERT INTO migrations (name, at) VALUES (?, ?)", row)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE, at TEXT) STRICT
"""

# ``uid`` names a row on every machine (exports, backups); ``id`` only in this file.
_PEOPLE = """
CREATE TABLE learners (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, nickname TEXT NOT NULL, avatar TEXT NOT NULL,
    age_band TEXT NOT NULL, language TEXT NOT NULL, created TEXT NOT NULL, archived TEXT) STRICT;
CREATE INDEX learners_by_name ON learners (nickname);
CREATE TABLE pins (
    id INTEGER PRIMARY KEY, learner_id INTEGER REFERENCES learners ON DELETE CASCADE,
    salt BLOB NOT NULL, hash BLOB NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
    failed_tick REAL NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX pins_by_owner ON pins (coalesce(learner_id, 0));
CREATE INDEX pins_by_learner ON pins (learner_id);
CREATE TABLE classes (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    retention_days INTEGER NOT NULL DEFAULT 0 CHECK (retention_days >= 0),
    created TEXT NOT NULL) STRICT;
CREATE TABLE members (
    class_id INTEGER NOT NULL REFERENCES classes ON DELETE CASCADE,
    learner_id INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,
    PRIMARY KEY (class_id, learner_id)) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_learner ON members (learner_id)"""

# An item is kept as it was imported, without any child's text, and found by the hash of that.
_QUESTIONS = """
CREATE TABLE items (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, task TEXT NOT NULL,
    question TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE question_sets (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, origin TEXT NOT NULL,
    imported TEXT NOT NULL, archived TEXT) STRICT;
CREATE TABLE set_items (
    set_id INTEGER NOT NULL REFERENCES question_sets ON DELETE CASCADE, position INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items, skill TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (set_id, position)) STRICT, WITHOUT ROWID;
CREATE INDEX set_items_by_item ON set_items (item_id)"""

# Counting must not read texts: the indexes of answers hold all that is counted, and whole marks
# (JSON) have a table of their own. AUTOINCREMENT: ids of answers and marks count upwards for ever,
# whatever the clock says.
_WORK = """
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    learner_id INTEGER REFERENCES learners ON DELETE CASCADE,
    class_id INTEGER REFERENCES classes ON DELETE SET NULL,
    set_id INTEGER REFERENCES question_sets ON DELETE SET NULL,
    started TEXT NOT NULL, ended TEXT, item_order TEXT NOT NULL DEFAULT '[]') STRICT;
CREATE INDEX sessions_by_learner ON sessions (learner_id);
CREATE INDEX sessions_by_class ON sessions (class_id);
CREATE INDEX sessions_by_set ON sessions (set_id);
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    learner_id INTEGER REFERENCES learners ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items, row_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    text TEXT NOT NULL, steps TEXT NOT NULL DEFAULT '[]', at TEXT NOT NULL,
    mark_id INTEGER REFERENCES marks ON DELETE SET NULL,
    override_id INTEGER REFERENCES overrides ON DELETE SET NULL,
    UNIQUE (session_id, row_id, attempt)) STRICT;
CREATE INDEX answers_by_learner ON answers (learner_id, mark_id, override_id, at);
CREATE INDEX answers_by_item ON answers (item_id, session_id, mark_id, override_id, learner_id);
CREATE INDEX answers_by_session ON answers (session_id, mark_id, override_id);
CREATE UNIQUE INDEX answers_by_mark ON answers (mark_id);
CREATE UNIQUE INDEX answers_by_override ON answers (override_id);
CREATE INDEX answers_waiting ON answers (id) WHERE mark_id IS NULL;
CREATE TABLE marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    answer_id INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE, digest TEXT NOT NULL,
    verdict TEXT NOT NULL, score REAL, max_score REAL NOT NULL, confidence REAL NOT NULL,
    needs_review INTEGER NOT NULL, misconception TEXT, at TEXT NOT NULL,
    UNIQUE (answer_id, digest)) STRICT;
CREATE TABLE mark_bodies (
    mark_id INTEGER PRIMARY KEY REFERENCES marks ON DELETE CASCADE, body TEXT NOT NULL) STRICT;
CREATE TABLE overrides (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    answer_id INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE, who TEXT NOT NULL,
    verdict TEXT NOT NULL, score REAL, comment TEXT NOT NULL, at TEXT NOT NULL,
    undone TEXT) STRICT;
CREATE INDEX overrides_by_answer ON overrides (answer_id);
CREATE TABLE hints_used (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items, rung INTEGER NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL) STRICT;
CREATE INDEX hints_by_session ON hints_used (session_id, item_id);
CREATE INDEX hints_by_item ON hints_used (item_id)"""

_PROGRESS = """
CREATE TABLE mastery (
    learner_id INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE, skill TEXT NOT NULL,
    known REAL NOT NULL, tries INTEGER NOT NULL, correct INTEGER NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (learner_id, skill)) STRICT, WITHOUT ROWID;
CREATE TABLE reviews (
    learner_id INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items, due TEXT NOT NULL, days REAL NOT NULL,
    lapses INTEGER NOT NULL, PRIMARY KEY (learner_id, item_id)) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_by_due ON reviews (learner_id, due);
CREATE INDEX reviews_by_item ON reviews (item_id)"""

_DRAFTS = """
CREATE TABLE drafts (
    learner_id INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE, text TEXT NOT NULL,
    at TEXT NOT NULL, PRIMARY KEY (learner_id, item_id)) STRICT;
CREATE INDEX drafts_by_item ON drafts (item_id)"""

# What counts for an answer: the teacher's word where there is one, else the current mark.
_RESULTS = """
CREATE VIEW results AS
SELECT a.id AS answer_id, a.session_id, s.class_id, s.set_id, a.learner_id, a.item_id, a.row_id,
    a.attempt, iif(a.text = '' AND a.steps <> '[]',
        (SELECT group_concat(value, char(10)) FROM json_each(a.steps)), a.text) AS text,
    a.at, m.verdict AS marked_as, m.max_score, m.confidence, m.misconception,
    iif(o.id IS NULL, m.verdict, o.verdict) AS verdict,
    iif(o.id IS NULL, m.score, o.score) AS score,
    o.id IS NULL AND coalesce(m.needs_review, 0) AS needs_review,
    o.id IS NOT NULL AS overridden, o.who, o.comment
FROM answers AS a JOIN sessions AS s ON s.id = a.session_id
LEFT JOIN marks AS m ON m.id = a.mark_id LEFT JOIN overrides AS o ON o.id = a.override_id"""
