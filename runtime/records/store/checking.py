"""Whether every row makes sense: read all of them as what they are meant to be.

check_rows(database)     raises DamagedStoreError naming what cannot be read
"""

from runtime.records.store.database import Database
from runtime.records.store.errors import DamagedStoreError
from runtime.records.store.rows import (
    Answer,
    Draft,
    HintUsed,
    Learner,
    Mastery,
    Override,
    QuestionSet,
    Review,
    SchoolClass,
    Session,
    SetItem,
    StoredMark,
)
from runtime.words import _

_ROWS = (
    (Learner, "SELECT *, 0 AS has_pin FROM learners"),
    (SchoolClass, "SELECT *, 0 AS learners FROM classes"),
    (QuestionSet, "SELECT *, 0 AS items FROM question_sets"),
    (SetItem, "SELECT id AS item_id, 0 AS position, '' AS skill, body AS item FROM items"),
    (Session, "SELECT * FROM sessions"),
    (Answer, "SELECT * FROM answers"),
    (
        StoredMark,
        "SELECT id, answer_id, at, coalesce(body, '') AS mark FROM marks"
        " LEFT JOIN mark_bodies ON mark_id = id",
    ),
    (Override, "SELECT * FROM overrides"),
    (HintUsed, "SELECT * FROM hints_used"),
    (Draft, "SELECT * FROM drafts"),
    (Mastery, "SELECT * FROM mastery"),
    (Review, "SELECT * FROM reviews"),
)


def check_rows(database: Database) -> None:
    """Read every row. Raises ``DamagedStoreError`` for the first that makes no sense."""
    for kind, sql in _ROWS:
        database.rows(kind, sql)
    with database.read() as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise DamagedStoreError(
            _("{path}: a row of {table} points at one that is not there.").format(
                path=database.path, table=broken[0]
            ),
            _("Restore a backup with: kindmark records restore"),
        )
