"""Checks a GGUF file by its header, before llama.cpp sees it.

llama.cpp ends the process on some damaged files; a child should read a sentence instead.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import math
import mmap
import struct
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from runtime.errors import ModelError

REBUILD = "Build it again with: kindmark convert default --force"

# Kinds of metadata values: code -> struct format; strings and arrays are handled apart.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q"}
_SCALARS[12] = "d"
_STRING, _ARRAY = 8, 9
# Tensor types: code -> (values in a block, bytes in a block), from ggml's type traits.
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34)},
    **{9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176)},
    **{14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98)},
    **{19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1)},
    **{25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2)},
    **{34: (256, 54), 35: (256, 66), 39: (32, 17)},
}
_MAX_DIMENSIONS = 4

Value = int | float | bool | str
_Buffer = mmap.mmap | bytes


class Header(NamedTuple):
    """What the header says; lists (such as the vocabulary) are left out of ``metadata``."""

    metadata: dict[str, Value]
    tensors: int

    @property
    def architecture(self) -> str:
        """The network's name in llama.cpp, such as "bert"."""
        return str(self.metadata.get("general.architecture", "unknown"))


def check(path: Path, architectures: Collection[str], remedy: str = REBUILD) -> Header:
    """Return the header of a sound file of one of these architectures.

    Raises ``ModelError`` naming the file, what is wrong and the ``remedy``.
    """
    header = read(path, remedy)
    if header.architecture not in architectures:
        wanted = " or ".join(sorted(architectures))
        raise ModelError(f"{path} is a {header.architecture!r} model; needed is {wanted}.", remedy)
    return header


def read(path: Path, remedy: str = REBUILD) -> Header:
    """Return the header of a GGUF file that is complete; raises ``ModelError`` otherwise."""
    try:
        if not path.exists():
            raise ModelError(f"There is no model at {path}.", remedy.replace(" --force", ""))
        if not path.is_file():
            raise ModelError(f"{path} is not a file.", remedy)
        if not path.stat().st_size:
            raise ModelError(f"{path} is empty.", remedy)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return parse(data)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", remedy) from error
    except DamagedError as error:
        raise ModelError(f"{path} is not a usable GGUF file: {error}.", remedy) from error


class DamagedError(Exception):
    """What is wrong with the bytes, as the end of a sentence."""


class _Cursor:
    """Reads forward; never past the end, never more than it was asked for."""

    def __init__(self, data: _Buffer) -> None:
        self.data = data
        self.at = 0

    def skip(self, count: int) -> int:
        start = self.at
        if count > len(self.data) - start:
            raise DamagedError("it is cut short")
        self.at += count
        return start

    def take(self, code: str) -> int | float | bool:
        found: int | float | bool
        (found,) = struct.unpack_from("<" + code, self.data, self.skip(struct.calcsize("<" + code)))
        return found

    def count(self) -> int:
        return int(self.take("Q"))

    def string(self) -> str:
        start = self.skip(self.count())
        return bytes(self.data[start : self.at]).decode("utf-8", "replace")


def parse(data: _Buffer) -> Header:
    """Read a whole file's bytes; every count is bounded by the bytes that are there."""
    cursor = _Cursor(data)
    _check_start(data)
    cursor.skip(8)
    tensors, entries = cursor.count(), cursor.count()
    metadata: dict[str, Value] = {}
    for _ in range(entries):
        name = cursor.string()
        value = _value(cursor, int(cursor.take("I")))
        if value is not None:
            metadata[name] = value
    end = max((_tensor_end(cursor) for _ in range(tensors)), default=0)
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1:
        raise DamagedError("its alignment makes no sense")
    start = -(-cursor.at // alignment) * alignment
    if start + end > len(data):
        raise DamagedError("its tensors are cut short")
    return Header(metadata, tensors)


def _check_start(data: _Buffer) -> None:
    if data[:4] != b"GGUF":
        raise DamagedError("it does not begin with GGUF")
    version = int.from_bytes(data[4:8], "little")
    if version in (2 << 24, 3 << 24):
        raise DamagedError("it was written for big-endian machines")
    if version not in (2, 3):
        raise DamagedError(f"its format version is {version}, and 2 or 3 is needed")


def _value(cursor: _Cursor, kind: int) -> Value | None:
    """Read one value; a list is passed over and gives ``None``."""
    if kind == _STRING:
        return cursor.string()
    if kind == _ARRAY:
        _skip_array(cursor)
        return None
    if kind not in _SCALARS:
        raise DamagedError(f"its metadata has an unknown kind of value ({kind})")
    return cursor.take(_SCALARS[kind])


def _skip_array(cursor: _Cursor) -> None:
    kind, length = int(cursor.take("I")), cursor.count()
    if kind in _SCALARS:
        cursor.skip(length * struct.calcsize("<" + _SCALARS[kind]))
    elif kind == _STRING:
        # A string takes 8 bytes at least, so a hostile length ends with the file.
        for _ in range(length):
            cursor.skip(cursor.count())
    else:
        raise DamagedError(f"its metadata has a list of an unknown kind ({kind})")


def _tensor_end(cursor: _Cursor) -> int:
    """Return where a tensor's data ends, in bytes from the start of all data."""
    name, dimensions = cursor.string(), int(cursor.take("I"))
    if not 1 <= dimensions <= _MAX_DIMENSIONS:
        raise DamagedError(f"tensor {name!r} has {dimensions} dimensions")
    values = math.prod(cursor.count() for _ in range(dimensions))
    kind, offset = int(cursor.take("I")), cursor.count()
    if kind not in _BLOCKS:
        raise DamagedError(f"tensor {name!r} is of an unknown type ({kind})")
    per_block, size = _BLOCKS[kind]
    return offset + -(-values // per_block) * size
