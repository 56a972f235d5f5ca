"""Takes models out of the store again, and looks whether what is there is sound.

removed = remove("qwen", store)
state_of(model_shelf().named("qwen"), hashes=True)
"""

import shutil
from pathlib import Path

from runtime.errors import BadInputError, ModelError
from runtime.judge import catalogue, gguf_header
from runtime.judge.catalogue import ModelFile, State
from runtime.judge.shelf import Shelved, drop, model_shelf
from runtime.words import _


def remove(name: str, store: Path, *, keep_files: bool = False) -> list[Path]:
    """Take an entry and its heads out of the user's catalogue; return what was deleted.

    Files that come with Kindmark are never touched. Raises ``BadInputError`` if the entry is not
    in the store or an adapter stands on it.
    """
    shelf = model_shelf(store)
    model = shelf.named(name)
    if model.folder != store:
        raise BadInputError(_("{name} comes with Kindmark and is not removed.").format(name=name))
    adapters = [one.entry.name for one in shelf.standing_on(name) if one.entry.kind == "adapter"]
    if adapters and model.own:
        first = _("Remove first what needs it: {names}.").format(names=", ".join(adapters))
        raise BadInputError(
            _("{name} is needed by {count} adapters.").format(name=name, count=len(adapters)), first
        )
    gone = [model, *(one for one in shelf.standing_on(name) if one.folder == store)]
    names = {one.entry.name for one in gone}
    files = [] if keep_files else _only_of(gone, shelf.models, store)
    if not files and not any(one.own for one in gone):
        raise BadInputError(
            _("{name} is not in {store}.").format(name=name, store=store),
            _("See what is: kindmark models list"),
        )
    # The catalogue first: a file without an entry is a nuisance, an entry without its file a fault.
    drop(store, names)
    for path in files:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return files


def state_of(model: Shelved, *, hashes: bool) -> dict[str, State]:
    """Return the state of every file of an entry; ``hashes`` reads every byte and the headers."""
    return {file.name: _file_state(file, model.folder, hashes) for file in model.entry.file}


def _file_state(file: ModelFile, folder: Path, hashes: bool) -> State:
    state = catalogue.file_state(file, folder / file.name, hashes)
    if hashes and state is State.OK and file.name.endswith(".gguf"):
        try:
            gguf_header.read(folder / file.name)
        except ModelError:
            return State.DAMAGED
    return state


def _only_of(gone: list[Shelved], models: tuple[Shelved, ...], store: Path) -> list[Path]:
    names = {one.entry.name for one in gone}
    shared = {f.name for one in models if one.entry.name not in names for f in one.entry.file}
    own = [file.name for one in gone for file in one.entry.file if file.name not in shared]
    # Cards, records of a build, 16-bit weights, and what a broken fetch has left.
    ends = (".md", ".build.json", "-weights")
    beside = [f"{one.entry.name}{end}" for one in gone for end in ends]
    halves = [f".pulling-{one.entry.name}{end}" for one in gone for end in ("", "-weights")]
    return [store / name for name in (*own, *beside, *halves) if (store / name).exists()]
