"""One SQLite file: a single writer, readers beside it, every commit on the disk before it counts.

    database = Database(folder / "records.sqlite3")
    with database.write() as connection:
        connection.execute("INSERT INTO classes ...")
    classes = database.rows(SchoolClass, "SELECT * FROM classes")

Any thread may read and write. Readers never wait for the writer (WAL), so a screen stays fast while
marks are saved.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from runtime.closing import Closing
from runtime.records.store.errors import (
    DamagedStoreError,
    ReadOnlyStoreError,
    StoreError,
    translated,
)
from runtime.words import _

T = TypeVar("T")
Value = str | float | bytes | None
Clock = Callable[[], datetime]

APPLICATION_ID = 0x4B4D524B
"""Stands in the head of the file ("KMRK"): no other program's database is taken for ours."""

BUSY_SECONDS = 5.0
"""Longest wait for another process: a checkpoint of a slow memory card."""

_JSON = frozenset({"item", "item_order", "mark", "steps"})
"""Columns of queries that hold JSON."""

_WRITER = (
    # What is deleted is overwritten with zeros at once: children's texts leave no remains.
    ("secure_delete", "ON"),
    ("foreign_keys", "ON"),
    ("journal_mode", "WAL"),
    # Each commit waits for the disk: an acknowledged answer outlives a power cut.
    ("synchronous", "FULL"),
    # macOS alone: its fsync leaves data in the cache of the drive.
    ("fullfsync", "ON"),
    ("checkpoint_fullfsync", "ON"),
)
_ALL = (
    # Sorting and VACUUM must not spill texts into the system's folder for temporary files.
    ("temp_store", "MEMORY"),
    # A file restored from a stick may carry a schema that was tampered with.
    ("trusted_schema", "OFF"),
    ("cell_size_check", "ON"),
    # In KiB: a school's year of answers without their texts.
    ("cache_size", "-16000"),
)


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """Return a time as it is stored: UTC, in milliseconds, sortable as text."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open ``path`` (made if need be, unless ``read_only``) with all settings of ours."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for name, value in _ALL if read_only else (*_ALL, *_WRITER):
            connection.execute(f"PRAGMA {name} = {value}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


class Database(Closing):
    """A file with its connections. ``clock`` gives the time of day (tests turn it back)."""

    def __init__(self, path: Path, *, read_only: bool = False, clock: Clock = utc_now) -> None:
        """Open ``path``. Raises ``StoreError`` if SQLite cannot."""
        self.path = path
        self.clock = clock
        self._lock = threading.RLock()
        self._inside: int | None = None
        self._idle: list[sqlite3.Connection] = []
        with translated(path):
            self._writer = None if read_only else connect(path)
        self._changes = 0
        self._open = True

    @property
    def read_only(self) -> bool:
        """Whether this program may only look."""
        return self._writer is None

    @property
    def changed(self) -> bool:
        """Whether anything was written since the file was opened here."""
        return bool(self._open and self._writer and self._writer.total_changes > self._changes)

    def take_as_unchanged(self) -> None:
        """Count changes from now on: tables that were made are nothing to back up."""
        self._changes = self._writer.total_changes if self._writer else 0

    def now(self) -> str:
        """Return the time as it is stored."""
        return stamp(self.clock())

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Yield the writer inside a transaction; when the block ends, all of it is on the disk.

        A block within a block joins it. Raises ``ReadOnlyStoreError``, and ``StoreFullError`` with
        nothing of the block kept.
        """
        with self.exclusive() as connection, translated(self.path):
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A full disk has often rolled back by itself.
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def exclusive(self) -> Iterator[sqlite3.Connection]:
        """Yield the writer outside any transaction, for VACUUM and the like."""
        if self._writer is None:
            raise ReadOnlyStoreError(
                _("The records can only be looked at here."),
                _("Close the other Kindmark that has them, and open this one again."),
            )
        with self._lock:
            outer, self._inside = self._inside, threading.get_ident()
            try:
                yield self._writer
            finally:
                self._inside = outer

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a reader: it sees what is committed; inside ``write``, what the block has done."""
        with translated(self.path):
            if self._writer and self._inside == threading.get_ident():
                yield self._writer
                return
            # append and pop of a list are atomic: threads need no lock here.
            connection = self._idle.pop() if self._idle else connect(self.path, read_only=True)
            try:
                yield connection
            finally:
                self._idle.append(connection)

    def rows(self, kind: type[T], sql: str, values: Sequence[Value] = ()) -> list[T]:
        """Return every row of a query as a ``kind``, whose fields are the columns."""
        with self.read() as connection:
            cursor = connection.execute(sql, values)
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row, strict=True)) for row in cursor]
        try:
            for name in _JSON.intersection(names):
                for row in found:
                    row[name] = msgspec.json.decode(row[name])
            # Not strict: SQLite has 0 and 1 for truth values.
            return msgspec.convert(found, list[kind], strict=False)  # type: ignore[valid-type]
        except msgspec.MsgspecError as error:
            raise DamagedStoreError(
                _("{path} holds a row that makes no sense: {error}.").format(
                    path=self.path, error=error
                ),
                _("Restore a backup with: kindmark records restore"),
            ) from None

    def row(self, kind: type[T], sql: str, values: Sequence[Value] = ()) -> T | None:
        """Return the first row of a query, or ``None``."""
        found = self.rows(kind, sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[Value] = ()) -> Value:
        """Return the first column of the first row, or ``None``."""
        with self.read() as connection:
            row = connection.execute(sql, values).fetchone()
        return row[0] if row else None

    def flush(self) -> None:
        """Move all that is in the write-ahead log into the file and empty the log.

        Raises ``StoreError`` if somebody goes on reading for longer than ``BUSY_SECONDS``.
        """
        with self.exclusive() as connection, translated(self.path):
            busy, *_others = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise StoreError(
                    _("{path} is being read by another program.").format(path=self.path),
                    _("Close the other Kindmark and try again."),
                )

    def close(self) -> None:
        """Close all connections; the last one to leave folds the write-ahead log into the file."""
        self._open = False
        while self._idle:
            self._idle.pop().close()
        if self._writer:
            with self._lock:
                self._writer.close()
