"""Asks for room on the disk before anything is written.

check_room(Path("models"), needed=3_100_000_000)
"""

import shutil
from pathlib import Path

from runtime.errors import ModelError

SPARE = 50_000_000
"""Left free whatever is written: a full disk stops other programs, too."""


class NoRoomError(ModelError):
    """The disk is too full for what is to be written; nothing was."""

    title = "The disk is too full"


def check_room(folder: Path, needed: int) -> None:
    """Raise ``NoRoomError`` unless ``needed`` bytes fit where ``folder`` is or would be made."""
    free = shutil.disk_usage(_nearest(folder)).free
    if free < needed + SPARE:
        raise NoRoomError(
            f"{_megabytes(needed)} are needed in {folder}, and {_megabytes(free)} are free.",
            "Free some room, or name a folder on another disk; nothing was written.",
        )


def _nearest(folder: Path) -> Path:
    """Return the nearest folder above that exists, or ``folder`` itself."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _megabytes(count: int) -> str:
    return f"{-(-count // 1_000_000):,} MB"
