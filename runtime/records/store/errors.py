"""What can go wrong with the store of records, in words for the one who sits in front of it.

with translated(path):
    connection.execute("...")
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from runtime.errors import BadInputError, ExitCode, KindmarkError
from runtime.words import N_, _

_MISSING = {
    "answer": N_("There is no answer {which!r} in the records."),
    "class": N_("There is no class {which!r} in the records."),
    "learner": N_("There is no learner {which!r} in the records."),
    "PIN for": N_("There is no PIN for {which!r} in the records."),
    "question set": N_("There is no question set {which!r} in the records."),
    "session": N_("There is no session {which!r} in the records."),
}
_BEYOND_REPAIR = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC})

_LEAST_BYTES = 1 << 16
"""What the write-ahead log and its index need at the least."""


class StoreError(KindmarkError):
    """The records cannot be read or written as asked."""

    title = N_("The records cannot be used")
    exit_code = ExitCode.BAD_INPUT


class StoreFullError(StoreError):
    """The disk is full; whatever was acknowledged before is on it."""


class ReadOnlyStoreError(StoreError):
    """Another program has the store, so this one may only look."""


class DamagedStoreError(StoreError):
    """The file is no whole database any more. ``found`` is what SQLite says is wrong, in a line."""

    def __init__(self, message: str, remedy: str = "", found: str = "") -> None:
        super().__init__(message, remedy)
        self.found = found

    @classmethod
    def of(cls, path: Path, found: object, remedy: str) -> Self:
        """Return the error for a file in which SQLite ``found`` something."""
        # What a check finds begins with a line that names the database.
        line = str(found).removeprefix("*** in database main ***").strip().partition("\n")[0]
        return cls(_("{path} is damaged: {found}.").format(path=path, found=line), remedy, line)


class NewerStoreError(StoreError):
    """A later version of Kindmark made the store."""


def missing(what: str, which: object) -> BadInputError:
    """Return the error for a row that is not there (any more)."""
    return BadInputError(
        _(_MISSING[what]).format(which=str(which)),
        _("See who and what is there with: kindmark records list"),
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
        again = _("Close Kindmark and open it again: the last backup takes its place.")
        return DamagedStoreError.of(path, error, again)
    if code in _NO_ROOM or code & 0xFF == sqlite3.SQLITE_FULL or _is_full(code, path):
        return StoreFullError(
            _("The disk is full. What was saved before is safe."),
            _("Make room on the disk of {path} and do it once more.").format(path=path),
        )
    if code & 0xFF == sqlite3.SQLITE_BUSY:
        return StoreError(
            _("{path} is in use by another program.").format(path=path),
            _("Close it and try again."),
        )
    if code & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return StoreError(
            _("{path} cannot be opened: {error}.").format(path=path, error=error),
            _("Check its permissions."),
        )
    return StoreError(
        f"{path}: {error}.",
        _("Check it with: kindmark records check"),
    )


def _is_full(code: int, path: Path) -> bool:
    """Whether SQLite failed at what needs room (its shared memory, say) on a disk without any."""
    if code & 0xFF not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return False
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < _LEAST_BYTES
    return False
