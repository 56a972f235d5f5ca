"""All models of this machine: those of the shipped catalogue and the user's own, as one shelf.

    shelf = model_shelf()
    shelf.named("qwen2.5-1.5b").folder
    put(model_store(), [entry])           into the user's catalogue, replacing what it had

The user's catalogue is ``catalogue.toml`` in the model store, of the same form as the shipped one.
It may hold a shipped base that is fetched: with the hashes it had when it came.
"""

import os
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError, ModelError
from runtime.judge import catalogue
from runtime.judge.catalogue import Catalogue, Entry
from runtime.locations import model_store, shipped_models
from runtime.toml_text import toml_text
from runtime.words import _

CATALOGUE = "catalogue.toml"
_HEADING = """\
# The models of this machine beside those that come with Kindmark, in the same form.
# Written by: kindmark models add | pull | remove, kindmark convert, kindmark bundle import

"""


class Shelved(NamedTuple):
    """An entry and the folder its files lie in; ``own`` tells the user's from the shipped."""

    entry: Entry
    folder: Path
    own: bool


class Shelf(NamedTuple):
    """Every entry of both catalogues, the shipped ones first."""

    models: tuple[Shelved, ...]

    def named(self, name: str) -> Shelved:
        """Return one. Raises ``BadInputError`` naming the nearest known one."""
        entry = Catalogue(tuple(one.entry for one in self.models)).named(name)
        return next(one for one in self.models if one.entry == entry)

    def standing_on(self, name: str) -> list[Shelved]:
        """Return the adapters and heads that belong to an entry."""
        return [one for one in self.models if one.entry.base == name]


def model_shelf(store: Path | None = None) -> Shelf:
    """Read both catalogues; ``store`` is the model store if it is not the user's.

    Raises ``ModelError`` if one of them is damaged or an entry of the user's has a shipped name.
    """
    store = store or model_store()
    shipped = catalogue.read(shipped_models() / CATALOGUE).entry
    own = own_entries(store)
    replaced = {entry.name for entry in own}
    shelved = [
        Shelved(entry, _place(entry, store), own=False)
        for entry in shipped
        if entry.name not in replaced
    ]
    return Shelf((*shelved, *(Shelved(entry, store, own=True) for entry in own)))


def _place(entry: Entry, store: Path) -> Path:
    """Return where a shipped entry's files lie: beside the catalogue, or for a base that is fetched
    or built, in the store."""
    shipped = shipped_models()
    comes_with = entry.kind != "base" or (shipped / entry.file[0].name).is_file()
    return shipped if comes_with else store


def own_entries(store: Path) -> tuple[Entry, ...]:
    """Return the entries of the user's catalogue, none where there is no such file."""
    path = store / CATALOGUE
    if not path.exists():
        return ()
    shipped = catalogue.read(shipped_models() / CATALOGUE).entry
    found = catalogue.read(path, known=shipped).entry
    for entry in found:
        if taken := _taken(entry, shipped):
            raise ModelError(
                f"{path}: {taken}",
                _("Give the entry another name in that file."),
            )
    return found


def check_name(entry: Entry) -> None:
    """Raise ``BadInputError`` if a model that comes with Kindmark has the name of ``entry``."""
    if taken := _taken(entry, catalogue.read(shipped_models() / CATALOGUE).entry):
        raise BadInputError(taken, _("Choose another name."))


def put(store: Path, entries: Iterable[Entry]) -> None:
    """Add entries to the user's catalogue, in place of those of the same names."""
    new = {entry.name: entry for entry in entries}
    for entry in new.values():
        check_name(entry)
    kept = [entry for entry in own_entries(store) if entry.name not in new]
    _write(store, [*kept, *new.values()])


def drop(store: Path, names: Collection[str]) -> None:
    """Take entries out of the user's catalogue; their files are left."""
    _write(store, [entry for entry in own_entries(store) if entry.name not in names])


def _taken(entry: Entry, shipped: Iterable[Entry]) -> str:
    """Return what is wrong with the name of a user's entry, "" if nothing is."""
    same = next((one for one in shipped if one.name == entry.name), None)
    if same is None or (same.hub and entry.kind == "base"):
        return ""
    return _("{name!r} is the name of a model that comes with Kindmark.").format(name=entry.name)


def _write(store: Path, entries: Iterable[Entry]) -> None:
    rows = [without_defaults(entry) for entry in entries]
    text = _HEADING + (toml_text({"entry": rows}) if rows else "")
    store.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=f"{CATALOGUE}.", suffix=".part", dir=store)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(store / CATALOGUE)


def without_defaults(value: msgspec.Struct) -> dict[str, object]:
    """Return the fields that differ from their defaults: what a person would have written."""
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(value):
        one = getattr(value, field.name)
        if one == field.default:
            continue
        if isinstance(one, msgspec.Struct):
            found[field.name] = without_defaults(one)
        elif isinstance(one, tuple) and one and isinstance(one[0], msgspec.Struct):
            found[field.name] = [without_defaults(part) for part in one]
        else:
            found[field.name] = msgspec.to_builtins(one)
    return found
