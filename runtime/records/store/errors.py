"""What can go wrong with the store of records, in words for the one who sits in front of it.

with translated(path):
    connection.execute("...")
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import BadInputError, ExitCode, KindmarkError

_BEYOND_REPAIR = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC})


class StoreError(KindmarkError):
    """The records cannot be read or written as asked."""

    title = "The records cannot be used"
    exit_code = ExitCode.BAD_INPUT


class StoreFullError(StoreError):
    """The disk is full; whatever was acknowledged before is on it."""


class ReadOnlyStoreError(StoreError):
    """Another program has the store, so this one may only look."""


class DamagedStoreError(StoreError):
    """The file is no whole database any more."""


class NewerStoreError(StoreError):
    """A later version of Kindmark made the store."""


def missing(what: str, which: object) -> BadInputError:
    """Return the error for a row that is not there (any more)."""
    return BadInputError(
        f"There is no {what} {str(which)!r} in the records.",
        "See who and what is there with: kindmark records list",
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what SQLite says of the store at ``path`` as a ``StoreError``."""
    try:
        yield
    except sqlite3.IntegrityError:
        # A rule of the tables is broken: a defect of the caller, which tests should see as it is.
        raise
    except sqlite3.Error as error:
        raise _in_words(error, path) from error


def _in_words(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0)
    # Extended codes keep the plain one in their low byte.
    if code & 0xFF in _BEYOND_REPAIR:
        return DamagedStoreError(
            f"{path} is damaged: {error}.", "Mend it with: kindmark records check"
        )
    if code in _NO_ROOM or code & 0xFF == sqlite3.SQLITE_FULL:
        return StoreFullError(
            f"{path} cannot grow: the disk is full. What was saved before is safe.",
            "Make room on this disk and do it once more.",
        )
    if code & 0xFF == sqlite3.SQLITE_BUSY:
        return StoreError(f"{path} is in use by another program.", "Close it and try again.")
    if code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return StoreError(f"{path} cannot be opened: {error}.", "Check its permissions.")
    return StoreError(f"{path}: {error}.", "Check it with: kindmark records check")
