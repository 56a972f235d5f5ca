"""Export: all there is of a store, a class or some learners, as JSONL to take in again, or as CSV.

    rows = export_jsonl(store, learner_ids=[mia.id])     bytes, a line each
    csv = export_csv(store, class_id=4)

JSONL holds every row as it stands in the tables, texts exact; PINs are left out. CSV is for
spreadsheets: an answer a row with what counts for it, and no cell a spreadsheet would run; drafts,
which nobody has handed in, stand in JSONL alone.
"""

import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from runtime import __version__
from runtime.records.csv_marks import harmless
from runtime.records.source import BOM
from runtime.records.store.migrations import done_in
from runtime.records.store.store import Store
from runtime.records.store.tables import TABLES, Table

Cell = str | int | float | None

FORMAT = 1
"""Raised when older programs could no longer take a file in."""

CSV_COLUMNS = (
    *("class", "learner", "set", "id", "attempt", "at", "question", "answer", "verdict", "score"),
    *("max_score", "confidence", "needs_review", "changed_by", "comment", "marked_as"),
    *("misconception",),
)


class Header(msgspec.Struct, frozen=True):
    """The first line of an export."""

    kindmark_records: int
    kindmark: str
    migrations: tuple[str, ...]


class Line(msgspec.Struct, frozen=True):
    """A row of a table, its columns by name."""

    table: str
    row: dict[str, Cell]


def export_jsonl(store: Store, learner_ids: Sequence[int] | None = None) -> Iterator[bytes]:
    """Yield an export line by line, all of it as it was at one moment.

    With ``learner_ids`` only what belongs to them, with the questions, sets and classes needed.
    """
    with store.database.read() as connection:
        connection.execute("BEGIN")
        try:
            header = Header(FORMAT, __version__, done_in(connection))
            yield msgspec.json.encode(header) + b"\n"
            _choose(connection, learner_ids)
            for table in TABLES:
                for row in _rows(connection, table, learner_ids is not None):
                    yield msgspec.json.encode(Line(table.name, row)) + b"\n"
        finally:
            connection.execute("ROLLBACK")


def export_csv(
    store: Store, *, class_id: int | None = None, learner_id: int | None = None
) -> bytes:
    """Return answers with what counts for each, as CSV with the mark by which Excel knows UTF-8."""
    where = "r.class_id = coalesce(?1, r.class_id)" if class_id is not None else "?1 IS NULL"
    where += " AND r.learner_id = ?2" if learner_id is not None else " AND ?2 IS NULL"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    with store.database.read() as connection:
        for row in connection.execute(_CSV.format(where=where), (class_id, learner_id)):
            writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue().encode()


def _choose(connection: sqlite3.Connection, learner_ids: Sequence[int] | None) -> None:
    # It goes with the transaction.
    connection.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    connection.executemany(
        "INSERT OR IGNORE INTO chosen VALUES (?)", [(one,) for one in learner_ids or ()]
    )


def _rows(connection: sqlite3.Connection, table: Table, chosen: bool) -> Iterator[dict[str, Cell]]:
    where = table.of_learners if chosen else "1"
    cursor = connection.execute(f"SELECT * FROM {table.name} WHERE {where}")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


_CSV = """
SELECT c.name, l.nickname, q.name, r.row_id, r.attempt, r.at, i.question, r.text, r.verdict,
    r.score, r.max_score, r.confidence, iif(r.needs_review, 'True', 'False'), r.who, r.comment,
    r.marked_as, r.misconception
FROM results AS r JOIN items AS i ON i.id = r.item_id
LEFT JOIN classes AS c ON c.id = r.class_id LEFT JOIN learners AS l ON l.id = r.learner_id
LEFT JOIN question_sets AS q ON q.id = r.set_id
WHERE {where} ORDER BY r.answer_id
"""
