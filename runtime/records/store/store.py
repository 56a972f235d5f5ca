"""The store: everything about learners and their work on this machine, in one folder.

with Store.open(records_folder()) as store:
    store.learners.all()
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Self

from runtime.closing import Closing
from runtime.errors import reason_of
from runtime.records.store.answers import Answers
from runtime.records.store.backups import (
    BEFORE_RESTORE,
    BEFORE_UPDATE,
    Backup,
    back_up,
    backups,
    check_database,
)
from runtime.records.store.classes import Classes
from runtime.records.store.database import Clock, Database, connect, utc_now
from runtime.records.store.desk import Desk
from runtime.records.store.drafts import Drafts
from runtime.records.store.errors import ReadOnlyStoreError, StoreError, translated
from runtime.records.store.holder import Claim, Holder
from runtime.records.store.learners import Learners
from runtime.records.store.marks import Marks
from runtime.records.store.migrations import MIGRATIONS, check_version, done_in, migrate
from runtime.records.store.overrides import Overrides
from runtime.records.store.pins import Pins
from runtime.records.store.places import Places
from runtime.records.store.progress import Progress
from runtime.records.store.question_sets import QuestionSets
from runtime.records.store.recovery import Recovery, mended
from runtime.records.store.screens import Screens
from runtime.records.store.sessions import Sessions
from runtime.words import _

_SQLITE = (3, 37)
"""The first with STRICT tables."""


class Store(Closing):
    """An open store, one attribute a topic; any thread may use it."""

    def __init__(
        self, places: Places, claim: Claim, database: Database, recovery: Recovery | None = None
    ) -> None:
        """Join the parts; ``open`` is the way in."""
        self.places = places
        self.recovery = recovery
        """What was done if the store was found damaged: to be told to whoever sits there."""
        self.database = database
        self._claim = claim
        self.learners, self.pins = Learners(database), Pins(database)
        self.classes, self.sets = Classes(database), QuestionSets(database)
        self.sessions, self.answers = Sessions(database), Answers(database)
        self.marks, self.overrides = Marks(database), Overrides(database)
        self.progress, self.screens = Progress(database), Screens(database)
        self.desk, self.drafts = Desk(database), Drafts(database)

    @classmethod
    def open(cls, folder: Path, *, clock: Clock = utc_now) -> Self:
        """Open the store in ``folder``, made if need be.

        If another program has it, it opens for reading only, and ``holder`` says who that is. A
        damaged store is replaced by its last backup, and ``recovery`` says so. Raises
        ``StoreError`` if it cannot be opened and ``NewerStoreError`` if a later version made it.
        """
        _check_sqlite()
        places = Places(folder)
        try:
            places.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                _("{folder} cannot be made: {reason}.").format(
                    folder=folder, reason=reason_of(error)
                ),
                _("Set KINDMARK_RECORDS to another."),
            ) from None
        claim = Claim.on(places.lock)
        try:
            return (
                cls._to_write(places, claim, clock)
                if claim.ours
                else cls._to_read(places, claim, clock)
            )
        except BaseException:
            claim.close()
            raise

    @classmethod
    def _to_write(cls, places: Places, claim: Claim, clock: Clock) -> Self:
        recovery = mended(places, clock)
        places.make()
        database = Database(places.file, clock=clock)
        try:
            with database.exclusive() as connection, translated(places.file):
                migrate(connection, before=lambda: back_up(database, places, BEFORE_UPDATE))
            database.take_as_unchanged()
        except BaseException:
            database.close()
            raise
        return cls(places, claim, database, recovery)

    @classmethod
    def _to_read(cls, places: Places, claim: Claim, clock: Clock) -> Self:
        with (
            translated(places.file),
            closing(connect(places.file, read_only=True)) as connection,
        ):
            done = done_in(connection)
        check_version(done)
        if len(done) < len(MIGRATIONS):
            raise StoreError(_("An earlier Kindmark has these records open."), _("Close it first."))
        return cls(places, claim, Database(places.file, read_only=True, clock=clock))

    @property
    def read_only(self) -> bool:
        """Whether another program has the store, so that nothing can be changed here."""
        return self.database.read_only

    @property
    def holder(self) -> Holder | None:
        """The program that has the store; ours, unless ``read_only``."""
        return self._claim.holder

    def in_use(self) -> str:
        """Return who has the store, in words."""
        who = self.holder.words() if self.holder else _("another program")
        return _("These records are open in another Kindmark: {who}.").format(who=who)

    def need_to_write(self) -> None:
        """Raise ``ReadOnlyStoreError`` saying who has the store, unless it is ours."""
        if self.read_only:
            raise ReadOnlyStoreError(self.in_use(), _("Close it there and try again."))

    def back_up(self, why: str = "") -> Backup:
        """Make a backup now; takes about a second for a school's year, so call it in a thread."""
        return back_up(self.database, self.places, why)

    def backup_due(self) -> bool:
        """Whether there are answers and no backup was made today (a killed program makes none)."""
        newest = next(iter(backups(self.places)), None)
        today = newest and newest.made.date() == self.database.clock().date()
        return not today and bool(self.database.value("SELECT 1 FROM answers LIMIT 1"))

    def restore(self, path: Path) -> Backup:
        """Put a backup in the place of everything, and return the backup made of that just before.

        Raises ``StoreError`` if ``path`` is no whole store; nothing is changed then.
        """
        self.need_to_write()
        if path.exists() and path.samefile(self.places.file):
            raise StoreError(
                _("{path} is the store itself.").format(path=path), _("Name a backup.")
            )
        check_database(path)
        before = back_up(self.database, self.places, BEFORE_RESTORE, keep=path)
        source = connect(path, read_only=True)
        try:
            with self.database.exclusive() as connection, translated(self.places.file):
                source.backup(connection)
                migrate(connection)
        finally:
            source.close()
        return before

    def close(self) -> None:
        """Back up if anything was changed, and let go of the store. A second call does nothing."""
        try:
            if self.database.changed:
                self.back_up()
        finally:
            self.database.close()
            self._claim.close()


def _check_sqlite() -> None:
    """Raise ``StoreError`` where Python was built with an SQLite that lacks what we need."""
    if sqlite3.sqlite_version_info < _SQLITE:
        raise StoreError(
            _("This Python has SQLite {version}; the records need 3.37.").format(
                version=sqlite3.sqlite_version
            ),
            _("Install a newer Python."),
        )
