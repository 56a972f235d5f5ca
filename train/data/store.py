"""Keeps a data set: a ``datasets.DatasetDict`` on disk with its card, and a zip beside it.

    save({"train": examples, "held_out": others}, Path("data/maths"), manifest)
    saved = load_saved(Path("data/maths"))           # or data/maths.zip
    saved.parts["train"], saved.manifest.sha256

The zip holds the examples as JSON lines, so it can be read without ``datasets``, even by hand. The
same examples and manifest give the same bytes. What was changed afterwards is refused.
"""

import errno
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from runtime.errors import BadInputError
from train.data.archive import read_archive, write_archive
from train.data.card import card
from train.data.digest import data_hash, json_lines
from train.data.manifest import Manifest, PartNote
from train.data.schema import Example

_MANIFEST = "manifest.json"
_CARD = "README.md"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Saved(msgspec.Struct, frozen=True):
    """A data set that was kept, as it was."""

    parts: dict[str, tuple[Example, ...]]
    manifest: Manifest


def save(
    parts: Mapping[str, Sequence[Example]], folder: Path, manifest: Manifest, force: bool = False
) -> Manifest:
    """Write ``folder`` and ``folder``.zip; return the manifest with counts and hashes filled in.

    Both are written under temporary names first. Raises ``BadInputError`` if one is there already
    (``force`` replaces a data set, never anything else) or the disk is full.
    """
    archive = zip_of(folder)
    _check_target(folder, archive, force)
    filled = _filled(manifest, parts)
    texts = {_CARD: card(filled, parts), _MANIFEST: encoded(filled)}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the target, so that renaming is one step on the same disk.
        with tempfile.TemporaryDirectory(prefix=".kindmark-", dir=folder.parent) as name:
            _write(parts, texts, Path(name))
            _replace(Path(name) / "folder", folder)
            (Path(name) / "zip").replace(archive)
    except OSError as error:
        raise _unwritten(folder, error) from None
    return filled


def is_saved(path: Path) -> bool:
    """Whether ``path`` is a folder or a zip as ``save`` writes them."""
    if path.suffix == ".zip":
        return path.is_file()
    return (path / _MANIFEST).is_file()


def load_saved(path: Path) -> Saved:
    """Return the data set in ``path``, a folder or a zip.

    Raises ``BadInputError`` if it is none, or if its examples are not those that were saved.
    """
    try:
        saved = _from_zip(path) if path.suffix == ".zip" else _from_folder(path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadInputError(
            f"{path} is no data set of Kindmark, or a damaged one ({_reason(error)}).",
            "Read it from its zip or folder, whichever is whole, or make it again.",
        ) from None
    if _filled(saved.manifest, saved.parts).sha256 != saved.manifest.sha256:
        raise BadInputError(
            f"{path} was changed after it was saved: its examples have another hash.",
            "Make it again, or save the changed examples as a data set of their own.",
        )
    return saved


def zip_of(folder: Path) -> Path:
    """Return where the zip of ``folder`` lies."""
    return folder.with_name(f"{folder.name}.zip")


def encoded(value: object) -> str:
    """Return ``value`` as JSON with indents and a last line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _filled(manifest: Manifest, parts: Mapping[str, Sequence[Example]]) -> Manifest:
    notes = {name: PartNote(len(part), data_hash(part)) for name, part in parts.items()}
    everything = [example for part in parts.values() for example in part]
    return msgspec.structs.replace(manifest, parts=notes, sha256=data_hash(everything))


def _write(parts: Mapping[str, Sequence[Example]], texts: Mapping[str, str], into: Path) -> None:
    from train.data.columns import write_parts  # noqa: PLC0415 - datasets takes a second

    write_parts(parts, into / "folder")
    for name, text in texts.items():
        (into / "folder" / name).write_text(text, encoding="utf-8")
    lines = {f"{name}.jsonl": json_lines(part) for name, part in parts.items()}
    members = {name: text.encode() for name, text in texts.items()} | lines
    write_archive(into / "zip", members)


def _check_target(folder: Path, archive: Path, force: bool) -> None:
    there = next((path for path in (folder, archive) if path.exists()), None)
    if there is None:
        return
    if not force:
        raise BadInputError(
            f"{there} is there already.", "Choose another name, or overwrite it with --force."
        )
    if folder.exists() and not is_saved(folder):
        raise BadInputError(
            f"{folder} is no data set of Kindmark, so it is not overwritten.",
            "Choose another name.",
        )


def _replace(new: Path, old: Path) -> None:
    if old.exists():
        # Into the temporary folder, which goes away with it.
        old.replace(new.with_name("old"))
    new.replace(old)


def _unwritten(folder: Path, error: OSError) -> BadInputError:
    if error.errno in _NO_ROOM:
        return BadInputError(
            f"The disk is full: {folder} was not written; what was there is as it was.",
            "Make room, or name a folder on another disk.",
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return BadInputError(f"{folder} cannot be written: {reason}.", "Name another folder.")


def _from_folder(folder: Path) -> Saved:
    from train.data.columns import read_parts  # noqa: PLC0415 - datasets takes a second

    manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=Manifest)
    return Saved(read_parts(folder, manifest.parts), manifest)


def _from_zip(path: Path) -> Saved:
    members = read_archive(path)
    manifest = msgspec.json.decode(members[_MANIFEST], type=Manifest)
    parts = {name: _examples(members[f"{name}.jsonl"]) for name in manifest.parts}
    return Saved(parts, manifest)


def _examples(lines: bytes) -> tuple[Example, ...]:
    rows: Iterable[bytes] = lines.splitlines()
    return tuple(msgspec.json.decode(row, type=Example) for row in rows)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "not found"
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
