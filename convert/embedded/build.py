"""Builds a base of the catalogue: sources -> f16 GGUF -> Q8_0 GGUF -> check -> model store.

Everything is written into a folder of its own beside the target and moved there when it is
whole, so an interrupted build leaves nothing half done and the next one starts afresh.
"""

import contextlib
import importlib.metadata
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from convert.embedded import bert, verify, wordpiece
from convert.merge import adapters, safetensors
from convert.quantize import quantize
from convert.say import Say
from runtime.errors import ModelError
from runtime.judge.catalogue import Entry, sha256
from runtime.locations import shipped_models

# Puts the source files of an entry into a folder.
Supply = Callable[[Path], None]

_WORKING = ".building-"
# Left over by a killed build; a running one takes minutes at most.
_STALE_SECONDS = 3600


def build(entry: Entry, store: Path, supply: Supply, say: Say, force: bool = False) -> list[Path]:
    """Return the entry's files in ``store``, building them unless they are there and sound.

    Raises ``ModelError`` if a source is damaged or the result is not what it should be.
    """
    if not force and is_built(entry, store):
        say(f"{entry.title}: already built in {store}.")
    else:
        store.mkdir(parents=True, exist_ok=True)
        with _working_folder(store) as folder:
            _build_into(entry, folder, supply, say)
            _check_pins(entry, folder)
            _move(entry, folder, store)
        say(f"Done: {store}")
    return [store / file.name for file in entry.file]


def is_built(entry: Entry, store: Path) -> bool:
    """Tell whether every file is there with the hash that its build recorded."""
    try:
        record = json.loads(_record_path(entry, store).read_bytes())
        return bool(record == _record(entry, store))
    except (OSError, ValueError):
        return False


def _build_into(entry: Entry, folder: Path, supply: Supply, say: Say) -> None:
    f16, q8_0 = (folder / file.name for file in entry.file)
    supply(folder)
    say("Converting to GGUF (a second) ...")
    wordpiece.check_normalizer(folder / "tokenizer.json")
    about = bert.About(entry.name, entry.licence, entry.source)
    shape = bert.read_shape(folder / "config.json")
    tokens = wordpiece.read_vocabulary(folder / "vocab.txt")
    tensors = safetensors.load(folder / "model.safetensors")
    if adapter := _adapter(entry):
        tensors = adapters.merge(tensors, adapter)
    bert.write(f16, about, shape, tokens, tensors)
    say("Quantizing to 8 bits (a second) ...")
    quantize.to_q8_0(f16, q8_0)
    say("Checking that both read alike ...")
    cosine = verify.agreement(f16, q8_0)
    say(f"They do: the least alike sentence has cosine {cosine:.4f}.")


def _check_pins(entry: Entry, folder: Path) -> None:
    for file in entry.file:
        if file.sha256 and sha256(folder / file.name) != file.sha256:
            raise ModelError(
                f"{file.name} came out with other bytes than the catalogue records.",
                "Check that gguf and numpy are of the versions pyproject.toml asks for.",
            )


def _move(entry: Entry, folder: Path, store: Path) -> None:
    record = json.dumps(_record(entry, folder), indent=1) + "\n"
    _record_path(entry, folder).write_text(record, "utf-8")
    # The record goes last: without it, the files do not count as built.
    _record_path(entry, store).unlink(missing_ok=True)
    for path in (*(folder / file.name for file in entry.file), _record_path(entry, folder)):
        path.replace(store / path.name)


def _record(entry: Entry, folder: Path) -> dict[str, object]:
    return {
        "inputs": _inputs(entry),
        "outputs": {file.name: sha256(folder / file.name) for file in entry.file},
        "llama_cpp_python": importlib.metadata.version("llama-cpp-python"),
        "gguf": importlib.metadata.version("gguf"),
    }


def _inputs(entry: Entry) -> dict[str, str]:
    """Return the hash of every file the entry is built from."""
    adapter = _adapter(entry)
    own = {name: sha256(adapter / name) for name in adapters.FILES} if adapter else {}
    return {**(entry.build.sha256 if entry.build else {}), **own}


def _adapter(entry: Entry) -> Path | None:
    """Return the folder of the adapter that is merged into the entry's base, if one is."""
    named = entry.build.adapter if entry.build else ""
    return shipped_models() / named if named else None


def _record_path(entry: Entry, folder: Path) -> Path:
    return folder / f"{entry.name}.build.json"


@contextlib.contextmanager
def _working_folder(store: Path) -> Iterator[Path]:
    for left in store.glob(f"{_WORKING}*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORKING, dir=store) as folder:
        yield Path(folder)
