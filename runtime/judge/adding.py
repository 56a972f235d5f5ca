"""Brings models into the store by hand.

    entry = add(Path("usb/qwen.gguf"), store, Given(name="qwen"))

Every file is copied under another name, looked at, and only then given its own.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from runtime.errors import BadInputError, ModelError, reason_of
from runtime.judge import gguf_header, trial
from runtime.judge.catalogue import Entry, ModelFile, sha256
from runtime.judge.shelf import check_name, model_shelf, put
from runtime.judge.side_head import load_side_head
from runtime.words import N_, _

_REMEDY = N_("Bring a whole GGUF file of version 2 or 3.")
_ENGINE_MB = 100
"""What llama.cpp and Python need beside the weights, about; a long context needs more."""


class Given(NamedTuple):
    """What the user says of a file; "" where the file itself or its name is to say it."""

    name: str = ""
    title: str = ""
    licence: str = ""
    source: str = ""
    base: str = ""


def add(path: Path, store: Path, given: Given) -> Entry:
    """Copy a GGUF file or a side head into ``store`` and enter it in the user's catalogue.

    Under the name of a shipped base that is fetched, the file becomes that base's. Raises
    ``ModelError`` if the file is not sound, ``BadInputError`` if it cannot be entered.
    """
    if not path.is_file():
        raise BadInputError(_("There is no file {path}.").format(path=path), _("Correct its name."))
    name = _file_name(path)
    with copied(path, store) as part:
        entry = _entry(part, name, given)
        check_name(entry)
        _check_base(entry, store)
        _check_place(entry, store)
        part.replace(store / name)
        put(store, [entry])
    return entry


def memory_mb(size: int) -> int:
    """Return about how much memory a model file of ``size`` bytes needs, in units of 10**6 bytes.

    An estimate: the weights are mapped whole, and the engine and a short context come on top.
    """
    return round(size / 1e6) + _ENGINE_MB


@contextmanager
def copied(path: Path, store: Path) -> Iterator[Path]:
    """Yield a copy of ``path`` in ``store``, which is gone afterwards unless it was renamed."""
    part = store / f".adding-{os.getpid()}-{path.name}.part"
    try:
        store.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(store).free < path.stat().st_size:
            need = _("Make {size} MB of room there.").format(
                size=f"{path.stat().st_size / 1e6:,.0f}"
            )
            raise BadInputError(
                _("There is too little room for {file} in {store}.").format(
                    file=path.name, store=store
                ),
                need,
            )
        shutil.copyfile(path, part)
        yield part
    except ModelError as error:
        # The user knows the file by the name it was brought under.
        raise ModelError(error.message.replace(str(part), str(path)), error.remedy) from error
    except OSError as error:
        where = error.filename or path
        raise BadInputError(
            _("{where} cannot be used: {reason}.").format(
                where=where, reason=reason_of(error) if error.strerror else error
            )
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _file_name(path: Path) -> str:
    if path.suffix not in {".gguf", ".json"}:
        raise BadInputError(
            _("{file} is no GGUF file and no head (.json).").format(file=path.name), _(_REMEDY)
        )
    # A name of the catalogue: nothing in it that a shell or another system takes for more.
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.name).lstrip("._-") or f"model{path.suffix}"


def _entry(part: Path, name: str, given: Given) -> Entry:
    file = ModelFile(name=name, bytes=part.stat().st_size, sha256=sha256(part))
    called = given.name or Path(name).stem.lower()
    if name.endswith(".json"):
        return _head(part, called, file, given)
    metadata = gguf_header.read(part, _(_REMEDY)).metadata
    adapter = metadata.get("general.type") == "adapter"
    if not adapter:
        trial.try_out(part)
    shipped = next((m.entry for m in model_shelf().models if m.entry.name == called), None)
    if shipped and shipped.hub:
        return msgspec.structs.replace(shipped, file=(file,))
    if adapter and not given.base:
        raise BadInputError(
            _("{name} is an adapter, but of which base?").format(name=name), _("Add --base NAME.")
        )
    fields = {
        "name": called,
        "kind": "adapter" if adapter else "base",
        "title": given.title or _said(metadata, "general.name") or called,
        "licence": given.licence or _said(metadata, "general.license") or "unknown",
        "source": given.source or _said(metadata, "general.repo_url") or "brought by hand",
        "base": given.base if adapter else "",
        "memory_mb": 0 if adapter else memory_mb(file.bytes),
        "file": [msgspec.to_builtins(file)],
    }
    return _valid(fields)


def _head(part: Path, name: str, file: ModelFile, given: Given) -> Entry:
    head = load_side_head(part)
    fields = {
        "name": name,
        "kind": "head",
        "title": given.title or f"Head: {', '.join(head.labels)}"[:200],
        "licence": given.licence or "unknown",
        "source": given.source or "brought by hand",
        "base": given.base or head.base,
        "file": [msgspec.to_builtins(file)],
    }
    return _valid(fields)


def _valid(fields: Mapping[str, object]) -> Entry:
    try:
        return msgspec.convert(fields, Entry)
    except msgspec.ValidationError as error:
        raise BadInputError(
            _("The model cannot be entered in the catalogue: {error}.").format(error=error),
            _("Give it a name of letters, digits, dots and hyphens with --name."),
        ) from error


def _said(metadata: Mapping[str, object], key: str) -> str:
    """Return a text of the header, at a length that fits a table."""
    return " ".join(str(metadata.get(key, "")).split())[:200]


def _check_base(entry: Entry, store: Path) -> None:
    if entry.kind != "base":
        model_shelf(store).named(entry.base)


def _check_place(entry: Entry, store: Path) -> None:
    """Refuse to write over a file of another entry."""
    for other in model_shelf(store).models:
        names = {file.name for file in other.entry.file}
        if other.entry.name != entry.name and names & {file.name for file in entry.file}:
            raise BadInputError(
                _("{file} is the name of a file of {other}.").format(
                    file=entry.file[0].name, other=other.entry.name
                ),
                _("Rename the file you bring."),
            )
