"""Backups: whole copies inside the folder of the records, the newest of each day and week.

    made = back_up(database, places)
    for backup in backups(places): backup.path, backup.made
    check_database(backup.path)

A copy is made beside its name and takes it only when it is whole, checked and on the disk.
"""

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from runtime.errors import reason_of
from runtime.records.store.database import APPLICATION_ID, Database, connect
from runtime.records.store.errors import DamagedStoreError, StoreError, translated
from runtime.records.store.migrations import check_version, done_in
from runtime.records.store.places import Places, make_private, sync_folder
from runtime.words import _

DAYS, WEEKS = 7, 4
"""How many days and weeks back a backup is kept, of each the newest."""

BEFORE_RESTORE, BEFORE_UPDATE = "before-restore", "before-update"
_NAME = re.compile(r"records-(\d{6})-(\d{8}T\d{6}Z)(?:-([a-z-]+))?\.sqlite3")
_PART = ".part"


class Backup(msgspec.Struct, frozen=True):
    """A copy; ``number`` counts upwards whatever the clock says, ``why`` is "" for a daily one."""

    path: Path
    number: int
    made: datetime
    why: str = ""


def backups(places: Places) -> list[Backup]:
    """Return what there is, the newest first."""
    found = [_parsed(path) for path in places.backups.glob("records-*.sqlite3")]
    return sorted(filter(None, found), key=lambda backup: -backup.number)


def back_up(database: Database, places: Places, why: str = "", keep: Path | None = None) -> Backup:
    """Copy the store, then remove backups that are no longer due, but never ``keep``.

    Raises ``StoreFullError`` or ``StoreError``; earlier backups stay then.
    """
    make_private(places.backups)
    number = max((one.number for one in backups(places)), default=0) + 1
    made = database.clock().astimezone(UTC)
    ending = f"-{why}" if why else ""
    path = places.backups / f"records-{number:06d}-{made:%Y%m%dT%H%M%SZ}{ending}.sqlite3"
    copy_to(database, path)
    _rotate(places, keep)
    return Backup(path, number, made, why)


def copy_to(database: Database, path: Path) -> None:
    """Write a whole copy to ``path``, which exists only once it is complete."""
    part = path.with_name(path.name + _PART)
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        with database.read() as source, translated(part), closing(sqlite3.connect(part)) as target:
            source.backup(target)
            # A copy is one file; without this it would ask for a write-ahead log of its own.
            target.execute("PRAGMA journal_mode = DELETE").fetchone()
            _quick_check(target, part)
        settle(part, path)
    except OSError as error:
        raise StoreError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Check the folder and the disk."),
        ) from None
    finally:
        part.unlink(missing_ok=True)


def check_database(path: Path) -> None:
    """Read a database through and check that it is ours.

    Raises ``DamagedStoreError`` for one that is damaged, ``StoreError`` for another program's and
    ``NewerStoreError`` for one of a later version.
    """
    read_through(path)
    with translated(path), closing(connect(path, read_only=True)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (triggers,) = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        ).fetchone()
        if application != APPLICATION_ID or triggers:
            raise StoreError(
                _("{path} holds no records of Kindmark.").format(path=path), _("Name another file.")
            )
        check_version(done_in(connection))


def read_through(path: Path) -> None:
    """Let SQLite check every page. Raises ``DamagedStoreError``."""
    with translated(path), closing(connect(path, read_only=True)) as connection:
        _quick_check(connection, path)


def _quick_check(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedStoreError.of(path, found, _("Use another backup."))


def settle(part: Path, path: Path) -> None:
    """Give a finished file its name once its bytes are on the disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def drop(path: Path) -> None:
    """Delete a backup, with what a program that was killed while cleaning it has left beside it."""
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _rotate(places: Places, keep: Path | None) -> None:
    kept = {keep}
    every = backups(places)
    for span, limit in (("%Y%j", DAYS), ("%G%V", WEEKS)):
        newest: dict[str, Path] = {}
        for backup in every:
            newest.setdefault(f"{backup.made:{span}}{backup.why}", backup.path)
        kept |= set(list(newest.values())[:limit])
    for backup in every:
        if backup.path not in kept:
            drop(backup.path)


def _parsed(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if not match:
        return None
    try:
        made = datetime.strptime(match[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(path, int(match[1]), made, match[3] or "")
