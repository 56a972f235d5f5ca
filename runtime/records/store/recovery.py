"""A damaged store: kept aside, the last good backup in its place, and in words what is missing.

recovery = mended(places, clock)
if recovery: say(recovery.words())
"""

import sqlite3
from contextlib import closing, suppress
from datetime import UTC
from pathlib import Path

import msgspec

from runtime.records.store.backups import Backup, backups, check_database, read_through, settle
from runtime.records.store.database import Clock, connect
from runtime.records.store.errors import DamagedStoreError, StoreError
from runtime.records.store.places import Places, make_private
from runtime.words import _, date, ngettext


class Recovery(msgspec.Struct, frozen=True):
    """What was done for a damaged store. ``lost`` is how many answers, where that can be told."""

    reason: str
    kept: Path | None
    backup: Backup | None
    lost: int | None

    def words(self) -> str:
        """Return what happened and what was lost, for people."""
        said = [_("The records were damaged, and there is no backup.")]
        if self.backup:
            made = self.backup.made.astimezone()
            backup = _("The records were damaged. The backup of {day}, {time} is in use.")
            said = [backup.format(day=date(made), time=f"{made:%H:%M}"), self._lost_words()]
        if self.kept:
            kept = _("The damaged file is kept as {path} ({reason}).")
            said.append(kept.format(path=self.kept, reason=self.reason))
        return " ".join(said)

    def _lost_words(self) -> str:
        if self.lost is None:
            return _("Answers, marks and changes made after it are missing.")
        if not self.lost:
            return _("No answer is missing; marks and changes made after it are.")
        return ngettext(
            "{count} answer given after it is missing, and so are marks and changes made after it.",
            "{count} answers given after it are missing, and so are marks and changes made after"
            " it.",
            self.lost,
        ).format(count=self.lost)


def mended(places: Places, clock: Clock) -> Recovery | None:
    """Check the database; if it is damaged, put the last good backup in its place.

    Returns ``None`` where nothing was wrong. Call it only with the store's lock held.
    """
    reason = _damage(places)
    if reason is None:
        return None
    backup = _last_good(places)
    lost = _lost(places.file, backup.path) if backup else None
    kept = _keep_aside(places, clock)
    if backup:
        _put(backup, places)
    return Recovery(reason, kept, backup, lost)


def _damage(places: Places) -> str | None:
    """Return what is wrong with the database, or ``None``."""
    if not places.file.exists() or not places.file.stat().st_size:
        wal = places.folder / f"{places.file.name}-wal"
        empty = not (wal.exists() and wal.stat().st_size)
        return _("the file is gone or empty") if backups(places) and empty else None
    try:
        # Whose file it is and of which version is seen when it is opened.
        read_through(places.file)
    except DamagedStoreError as error:
        return error.found
    return None


def _last_good(places: Places) -> Backup | None:
    for backup in backups(places):
        with suppress(StoreError):
            check_database(backup.path)
            return backup
    return None


def _lost(damaged: Path, backup: Path) -> int | None:
    """Count answers that only the damaged file has, as far as it can still be read."""
    try:
        with closing(connect(backup, read_only=True)) as connection:
            last = connection.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]
        with closing(connect(damaged, read_only=True)) as connection:
            sql = "SELECT count(*) FROM answers NOT INDEXED WHERE id > ?"
            return int(connection.execute(sql, (last,)).fetchone()[0])
    except sqlite3.Error:
        return None


def _keep_aside(places: Places, clock: Clock) -> Path | None:
    make_private(places.kept_aside)
    stamp = f"{clock().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name, number = f"records-{stamp}", 1
    while (places.kept_aside / f"{name}.sqlite3").exists():
        name, number = f"records-{stamp}-{number}", number + 1
    for path in places.companions():
        if path.exists():
            end = path.name.removeprefix(places.file.name)
            path.replace(places.kept_aside / f"{name}.sqlite3{end}")
    kept = places.kept_aside / f"{name}.sqlite3"
    return kept if kept.exists() else None


def _put(backup: Backup, places: Places) -> None:
    part = places.folder / f"{places.file.name}.part"
    part.write_bytes(backup.path.read_bytes())
    part.chmod(0o600)
    settle(part, places.file)
