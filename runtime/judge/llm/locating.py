"""Finds the files of the model a user names: a catalogue entry, or a GGUF file.

    found = located("qwen2.5-1.5b")
    found.path, found.entry, found.adapters

Nothing is loaded. ``None`` stands for the embedded default.
"""

import os
from pathlib import Path
from typing import NamedTuple

from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Entry, State, file_state
from runtime.judge.shelf import Shelf, Shelved, model_shelf
from runtime.words import _

DEFAULT = "minilm-marker"
"""The embedded default's name in the catalogue."""


class Located(NamedTuple):
    """A base's file, with its entry if it has one, and the adapters that were asked for with it."""

    name: str
    path: Path
    entry: Entry | None = None
    adapters: tuple[Shelved, ...] = ()


def located(name: str) -> Located | None:
    """Return where a model lies; ``None`` for the embedded default, by its name or by "".

    An adapter comes with its base, a base with all of its adapters that are here. Raises
    ``BadInputError`` for a name that is none, ``ModelError`` if a file is missing or damaged.
    """
    if name in {"", DEFAULT}:
        return None
    if name.endswith(".gguf") or os.sep in name:
        return Located(name, _given(Path(name)))
    shelf = model_shelf()
    model = shelf.named(name)
    if model.entry.kind == "head":
        raise BadInputError(
            _("{name!r} is a head, which marks with what it stands on.").format(name=name),
            _("Use {base!r}.").format(base=model.entry.base),
        )
    if model.entry.kind == "adapter":
        base = shelf.named(model.entry.base)
        file_of(model)
        return Located(name, file_of(base), base.entry, (model,))
    return Located(name, file_of(model), model.entry, _adapters(shelf, name))


def file_of(model: Shelved) -> Path:
    """Return the first file of an entry that is here and whole in size.

    Raises ``ModelError`` naming the command that mends it.
    """
    states = {
        model.folder / file.name: file_state(file, model.folder / file.name, hashes=False)
        for file in model.entry.file
    }
    found = next((path for path, state in states.items() if state is State.OK), None)
    if found:
        return found
    name = model.entry.name
    if State.DAMAGED in states.values():
        raise ModelError(
            _("The model {name!r} is damaged.").format(name=name),
            _("See: kindmark models verify {name}").format(name=name),
        )
    mend = f"kindmark models {'pull' if model.entry.hub else 'add FILE --name'} {name}"
    raise ModelError(
        _("The model {name!r} is not on this machine.").format(name=name),
        _("Bring it with: {mend}").format(mend=mend),
    )


def _given(path: Path) -> Path:
    if not path.is_file():
        raise BadInputError(
            _("There is no model file {path}.").format(path=path),
            _("Correct its name, or see: kindmark models list"),
        )
    return path


def _adapters(shelf: Shelf, name: str) -> tuple[Shelved, ...]:
    """Return the adapters on a base that are here; one that is not is no reason to refuse it."""
    return tuple(
        one
        for one in shelf.standing_on(name)
        if one.entry.kind == "adapter"
        and all(file_state(f, one.folder / f.name, False) is State.OK for f in one.entry.file)
    )
