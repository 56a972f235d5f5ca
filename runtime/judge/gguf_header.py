"""Checks a GGUF file by its header, before llama.cpp sees it.

    header = check(path, {"bert"})

llama.cpp ends the process on some damaged files; a child should read a sentence instead. A file
from elsewhere may also be made to harm: it is read with bounds on time and memory, nothing in it
names a file, and what llama.cpp takes for granted is checked (``gguf_limits``).
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import mmap
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from runtime.errors import ModelError, reason_of
from runtime.judge.gguf_cursor import (
    FLOAT32,
    STRING,
    UINT32,
    Buffer,
    Cursor,
    DamagedError,
    List,
    Value,
)
from runtime.judge.gguf_limits import check_metadata
from runtime.judge.gguf_tensors import (
    LEAST_ALIGNMENT,
    MOST_ALIGNMENT,
    check_adapter,
    check_layout,
    read_tensor,
)
from runtime.words import N_, _

REBUILD = N_("Build it again with: kindmark convert default --force")

# Far more than any model has: the largest have some thousands of tensors.
_MOST_TENSORS = _MOST_ENTRIES = 65_536
# The least that the description of a tensor, or an entry of the metadata, takes in bytes.
_TENSOR_BYTES, _ENTRY_BYTES = 33, 14
# llama.cpp asserts that these are of just this kind, when it loads an adapter even of its type.
_KINDS = {
    **{"general.alignment": UINT32, "adapter.lora.alpha": FLOAT32},
    **{"general.type": STRING, "general.architecture": STRING, "adapter.type": STRING},
}
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,255}")


class Header(NamedTuple):
    """What the header says; of ``lists`` (such as the vocabulary) only where they lie."""

    metadata: dict[str, Value]
    tensors: int
    lists: dict[str, List]

    @property
    def architecture(self) -> str:
        """The network's name in llama.cpp, such as "bert"."""
        return str(self.metadata.get("general.architecture", "unknown"))


def check(path: Path, architectures: Collection[str], remedy: str = "") -> Header:
    """Return the header of a sound file of one of these architectures.

    Raises ``ModelError`` naming the file, what is wrong and the ``remedy``.
    """
    header = read(path, remedy)
    if header.architecture not in architectures:
        wanted = " or ".join(sorted(architectures))
        raise ModelError(
            _("{path} is a {architecture!r} model; needed is {wanted}.").format(
                path=path, architecture=header.architecture, wanted=wanted
            ),
            remedy or _(REBUILD),
        )
    return header


def read(path: Path, remedy: str = "") -> Header:
    """Return the header of a GGUF file that is complete; raises ``ModelError`` otherwise."""
    remedy = remedy or _(REBUILD)
    try:
        if not path.exists():
            raise ModelError(
                _("There is no model at {path}.").format(path=path), remedy.replace(" --force", "")
            )
        if not path.is_file():
            raise ModelError(_("{path} is not a file.").format(path=path), remedy)
        if not path.stat().st_size:
            raise ModelError(_("{path} is empty.").format(path=path), remedy)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return parse(data)
    except OSError as error:
        raise ModelError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)), remedy
        ) from error
    except DamagedError as error:
        raise ModelError(
            _("{path} is not a usable GGUF file: {error}.").format(path=path, error=error), remedy
        ) from error


def parse(data: Buffer) -> Header:
    """Read a whole file's bytes; every count is bounded by the bytes that are there."""
    cursor = Cursor(data)
    _check_start(data)
    cursor.skip(8)
    tensors, entries = cursor.count(), cursor.count()
    room = tensors * _TENSOR_BYTES + entries * _ENTRY_BYTES
    if tensors > _MOST_TENSORS or entries > _MOST_ENTRIES or room > len(data):
        raise DamagedError(_("it claims more than it can hold"))
    metadata, lists, alignment = _metadata(cursor, entries)
    found = [read_tensor(cursor) for _ in range(tensors)]
    check_layout(found, cursor.at, len(data), alignment)
    check_metadata(metadata, lists, data)
    if metadata.get("general.type") == "adapter":
        check_adapter(found)
    return Header(metadata, tensors, lists)


def _check_start(data: Buffer) -> None:
    if data[:4] != b"GGUF":
        raise DamagedError(_("it does not begin with GGUF"))
    version = int.from_bytes(data[4:8], "little")
    if version in (2 << 24, 3 << 24):
        raise DamagedError(_("it was written for big-endian machines"))
    if version not in (2, 3):
        raise DamagedError(
            _("its format version is {version}, and 2 or 3 is needed").format(version=version)
        )


def _metadata(cursor: Cursor, entries: int) -> tuple[dict[str, Value], dict[str, List], int]:
    """Return values, lists and how the tensors are aligned, in bytes."""
    metadata: dict[str, Value] = {}
    lists: dict[str, List] = {}
    alignment = 32
    for _entry in range(entries):
        name, kind = cursor.string(), cursor.kind()
        if not _KEY.fullmatch(name):
            raise DamagedError(
                _("its metadata has an impossible name ({name!r})").format(name=name[:80])
            )
        if name in metadata or name in lists:
            raise DamagedError(_("its metadata has {name!r} twice").format(name=name))
        value = cursor.value(kind)
        if isinstance(value, List):
            lists[name] = value
        else:
            metadata[name] = value
        if kind != _KINDS.get(name, kind):
            raise DamagedError(
                _("its metadata has {name!r} as another kind of value than usual").format(name=name)
            )
        if name == "general.alignment" and isinstance(value, int):
            alignment = _alignment(value)
    return metadata, lists, alignment


def _alignment(value: int) -> int:
    if not LEAST_ALIGNMENT <= value <= MOST_ALIGNMENT or value & (value - 1):
        raise DamagedError(_("its alignment makes no sense"))
    return value
