"""The models of a bundle: chosen from the store, and checked before they enter another one.

    models = choose(("qwen2.5-1.5b",), store)
    entries_text(models)                    the catalogue entries that travel with them

Heads and adapters that come with Kindmark are in its wheel; what lies in the store travels here.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Entry, State, installed, sha256
from runtime.judge.llm.fits import Fit, all_fits
from runtime.judge.shelf import CATALOGUE, Shelf, Shelved, model_shelf, without_defaults
from runtime.toml_text import toml_text

# What else belongs to an entry: its card, and the record of how it was built.
BESIDE = (".md", ".build.json")


class Model(NamedTuple):
    """An entry whose every file has its size and SHA-256, and where all of its files lie."""

    entry: Entry
    files: tuple[Path, ...]


def choose(names: Iterable[str] | None, store: Path) -> list[Model]:
    """Return the named models, what they stand on and their heads; ``None`` is all that are here.

    Raises ``BadInputError`` for an unknown name, ``ModelError`` for a missing or damaged file.
    """
    shelf = model_shelf(store)
    if names is None:
        return [_model(one) for one in shelf.models if one.folder == store and _present(one)]
    chosen = [one for name in names for one in _family(shelf, name)]
    unique = {one.entry.name: one for one in chosen if one.folder == store}
    return [_model(one) for one in unique.values()]


def entries_text(models: Iterable[Model]) -> str:
    """Return the entries as TOML, in the form of a catalogue."""
    return toml_text({"entry": [without_defaults(model.entry) for model in models]})


def fits_with(models: Iterable[Model], store: Path) -> list[Fit]:
    """Return what was fitted in ``store`` with one of the models.

    Raises ``ModelError`` if the file of fits cannot be used.
    """
    inside = {file.sha256 for model in models for file in model.entry.file}
    return [one for one in all_fits(store) if one.model in inside]


def new_fits(fits: Iterable[Fit], inside: Collection[str], store: Path) -> list[Fit]:
    """Return those that are not in ``store`` yet; of the same one the later counts.

    Raises ``BadInputError`` for a fit of a model whose SHA-256 is not ``inside`` the bundle.
    """
    here = {one.key: one for one in all_fits(store)}
    found = []
    for fit in fits:
        if fit.model not in inside:
            raise BadInputError(f"The bundle has a calibration of {fit.name} without that model.")
        known = here.get(fit.key)
        if known is None or (known != fit and known.fitted <= fit.fitted):
            found.append(fit)
    return found


def _family(shelf: Shelf, name: str) -> list[Shelved]:
    model = shelf.named(name)
    below = _family(shelf, model.entry.base) if model.entry.base else []
    heads = [one for one in shelf.standing_on(name) if one.entry.kind == "head"]
    return [*below, model, *heads]


def _present(model: Shelved) -> bool:
    return any((model.folder / file.name).is_file() for file in model.entry.file)


def _model(model: Shelved) -> Model:
    """Take what is there of an entry: of several quantizations one may be enough."""
    entry, folder = model.entry, model.folder
    there = tuple(file for file in entry.file if (folder / file.name).is_file())
    if not there:
        mend = f"See how to get it: kindmark models show {entry.name}"
        raise ModelError(f"The model {entry.name} is not in {folder}.", mend)
    for file in there:
        alone = msgspec.structs.replace(entry, file=(file,))
        if installed(alone, folder, hashes=True) is not State.OK:
            mend = "See which: kindmark models verify"
            raise ModelError(f"{folder / file.name} is not as the catalogue says.", mend)
    sized = tuple(
        msgspec.structs.replace(
            file, bytes=(folder / file.name).stat().st_size, sha256=sha256(folder / file.name)
        )
        for file in there
    )
    beside = [folder / f"{entry.name}{end}" for end in BESIDE]
    files = (*(folder / file.name for file in there), *(p for p in beside if p.is_file()))
    return Model(msgspec.structs.replace(entry, file=sized), files)


def check_entries(entries: Iterable[Entry], present: dict[str, tuple[int, str]]) -> None:
    """Raise ``BadInputError`` unless entries and model files of a bundle fit each other.

    ``present`` maps a file's name to its size and SHA-256.
    """
    if CATALOGUE in present:
        raise BadInputError("The bundle would write over the catalogue of this machine.")
    left = dict(present)
    for entry in entries:
        for file in entry.file:
            if left.pop(file.name, None) != (file.bytes, file.sha256):
                raise BadInputError(f"The bundle's entry {entry.name} is not about its files.")
        for end in BESIDE:
            left.pop(f"{entry.name}{end}", None)
    if left:
        raise BadInputError(f"The bundle has a model without an entry: {min(left)}.")
