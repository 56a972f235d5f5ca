"""Writes files and folders under another name and renames them when they are whole.

    with whole_file(target) as part:
        part.write_bytes(...)

A kill at any point leaves nothing half-written under a final name; what it leaves beside it, the
next run removes.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yield where to write; the file appears as ``target`` when the block ends well."""
    part = _part(target)
    part.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
        _to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder to fill; it takes the place of ``target`` when the block ends well."""
    part = _part(target)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        for path in part.iterdir():
            _to_disk(path)
        # A folder cannot be put over one that holds files.
        shutil.rmtree(target, ignore_errors=True)
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _to_disk(path: Path) -> None:
    """Have the bytes on the disk before the name is: a power cut must not swap the order."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
