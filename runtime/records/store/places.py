"""Where things lie inside the folder of the records.

places = Places(folder)
places.file, places.backups, places.kept_aside
"""

import os
from pathlib import Path
from typing import NamedTuple

FILE = "records.sqlite3"


class Places(NamedTuple):
    """The files of one store, readable by their owner alone."""

    folder: Path

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / FILE

    @property
    def lock(self) -> Path:
        """Held by the one program that writes, and says which that is."""
        return self.folder / "in-use"

    @property
    def backups(self) -> Path:
        """Copies of the database, by number and date."""
        return self.folder / "backups"

    @property
    def kept_aside(self) -> Path:
        """Damaged databases, by date."""
        return self.folder / "damaged"

    def companions(self) -> tuple[Path, ...]:
        """Return the database and what SQLite keeps beside it, whether it is there or not."""
        return tuple(self.folder / f"{FILE}{end}" for end in ("", "-wal", "-shm", "-journal"))

    def make(self) -> None:
        """Make the folder, and an empty database, for their owner's eyes only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))


def make_private(folder: Path) -> None:
    """Make a folder only its owner can enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until names in a folder are on the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
