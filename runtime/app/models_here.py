"""The models of this machine as a screen lists them: what is here, fits, and marks.

    for model in models_here(): model.entry.title, model.state, model.fits, model.used

Made for a thread: it looks at files.
"""

from pathlib import Path
from typing import NamedTuple

from runtime.errors import BadInputError
from runtime.judge.catalogue import Entry, State, installed
from runtime.judge.llm.locating import DEFAULT
from runtime.judge.shelf import model_shelf
from runtime.machine import this_machine
from runtime.preferences import preferences


class ModelHere(NamedTuple):
    """An entry with its folder; ``size`` is in bytes, 0 where unknown.

    ``fits`` compares what it needs with the memory that is free; ``None`` where one is unknown.
    """

    entry: Entry
    folder: Path
    state: State
    size: int
    fits: bool | None
    used: bool

    @property
    def marks(self) -> bool:
        """Whether it could be chosen to mark: a head only works on what it stands on."""
        return self.entry.kind != "head"

    @property
    def get(self) -> str:
        """The command that brings it here; nothing is ever fetched from inside the app."""
        name = self.entry.name
        if self.entry.build:
            return "kindmark convert default"
        return f"kindmark models {'pull' if self.entry.hub else 'add FILE --name'} {name}"


def models_here() -> list[ModelHere]:
    """Return every entry of both catalogues. Raises ``ModelError`` if one of them is damaged."""
    used = _used()
    free = this_machine().free_memory_mb
    return [
        ModelHere(
            one.entry,
            one.folder,
            installed(one.entry, one.folder),
            _size(one.entry, one.folder),
            _fits(one.entry, free),
            one.entry.name == used,
        )
        for one in model_shelf().models
    ]


def _used() -> str:
    try:
        return preferences().model or DEFAULT
    except BadInputError:
        # What cannot be read chooses nothing; choosing here writes it anew.
        return DEFAULT


def _size(entry: Entry, folder: Path) -> int:
    paths = [(file.bytes, folder / file.name) for file in entry.file]
    return sum(size or (path.stat().st_size if path.is_file() else 0) for size, path in paths)


def _fits(entry: Entry, free_mb: int) -> bool | None:
    return entry.memory_mb <= free_mb if entry.memory_mb and free_mb else None
