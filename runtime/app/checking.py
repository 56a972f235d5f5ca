"""Reads every byte of model files and compares hashes, telling how far it is.

    check_files(model.entry, model.folder, told=print, stopped=lambda: False)      State.OK

Made for a thread: hashing lets go of the interpreter, so no screen waits for it.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from runtime.judge.catalogue import Entry, ModelFile, State, file_state

_PIECE = 4 * 1024 * 1024
"""Bytes read at once: some 10 ms on a slow card."""


def check_files(
    entry: Entry,
    folder: Path,
    told: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> State | None:
    """Return whether all files of an entry are whole, byte for byte; ``None`` if ``stopped``.

    ``told`` hears bytes read and bytes in all. Where the catalogue fixes no hash, being readable
    to the end and of the right size is all that can be checked.
    """
    states = [file_state(file, folder / file.name, hashes=False) for file in entry.file]
    found = next((s for s in (State.MISSING, State.DAMAGED) if s in states), None)
    if found:
        return found
    whole = sum((folder / file.name).stat().st_size for file in entry.file)
    done = 0
    for file in entry.file:
        digest = hashlib.sha256()
        try:
            with (folder / file.name).open("rb") as data:
                while piece := data.read(_PIECE):
                    if stopped():
                        return None
                    digest.update(piece)
                    done += len(piece)
                    told(done, whole)
        except OSError:
            return State.DAMAGED
        if file.sha256 and digest.hexdigest() != file.sha256:
            return State.DAMAGED
    return State.OK


def has_hashes(files: tuple[ModelFile, ...]) -> bool:
    """Whether the catalogue fixes the bytes of all files."""
    return all(file.sha256 for file in files)
