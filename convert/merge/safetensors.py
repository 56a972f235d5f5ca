"""Reads and writes safetensors files with numpy alone, trusting nothing in them.

    tensors = load(Path("adapter_model.safetensors"))           all at once, memory-mapped
    for stored in layout(path):                                 one after another,
        for piece in rows(path, stored): ...                    a piece in memory at a time

The format: 8 bytes little-endian header length, a JSON header, the raw tensors.
Source: https://github.com/huggingface/safetensors#format
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convert.merge import floats
from runtime.errors import ModelError

Tensor = NDArray[Any]

# safetensors' own limit; a header of this size would describe about a million tensors.
MAX_HEADER = 100_000_000
PIECE = 1 << 23
"""Values in one piece: 16 MB of bfloat16, and ten times as much while it is computed with."""
_DTYPES = {**floats.DTYPES, "I64": "<i8", "I32": "<i4"}
# What is only copied; its values are never looked at.
_COPIED = {"I16": "<i2", "I8": "<i1", "U8": "<u1", "BOOL": "<u1", "U16": "<u2", "U32": "<u4"}
_ALL = {**_DTYPES, **_COPIED, "U64": "<u8", "F8_E4M3": "<u1", "F8_E5M2": "<u1"}


class Described(NamedTuple):
    """A tensor as the header names it; ``kind`` in the format's own words, such as "BF16"."""

    name: str
    kind: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return math.prod(self.shape) * np.dtype(_ALL[self.kind]).itemsize


class Stored(NamedTuple):
    """A tensor in a file, and the byte of the file it begins at."""

    described: Described
    start: int


def load(path: Path) -> dict[str, Tensor]:
    """Return every tensor by name, memory-mapped; BF16 comes as F32.

    Raises ``ModelError`` if the file is missing, cut short or not safetensors.
    """
    header, start = _header(path)
    data = np.memmap(path, dtype=np.uint8, mode="r")[start:]
    return {name: _tensor(path, name, entry, data) for name, entry in header.items()}


def layout(path: Path) -> list[Stored]:
    """Return where each tensor lies, in the order of the file.

    Raises ``ModelError`` as ``load`` does, and unless the tensors fill the file without gaps.
    """
    header, start = _header(path)
    entries = [(name, *_entry(path, name, entry, _ALL)) for name, entry in header.items()]
    found, end = [], 0
    for name, kind, shape, begin, stop in sorted(entries, key=lambda entry: entry[3:]):
        described = Described(name, kind, tuple(shape))
        if begin != end or stop - begin != described.size:
            raise _broken(path, f"tensor {name!r} does not fit the file")
        found.append(Stored(described, start + begin))
        end = stop
    if start + end != path.stat().st_size:
        raise _broken(path, "it is cut short or goes on behind its last tensor")
    return found


def rows(path: Path, stored: Stored) -> Iterator[Tensor]:
    """Yield the rows of a tensor in pieces of about ``PIECE`` values, BF16 as whole numbers.

    Read, not mapped: mapped pages would count as this process's memory until they are dropped.
    """
    kind, shape = np.dtype(_ALL[stored.described.kind]), stored.described.shape
    width = math.prod(shape[1:])
    height = shape[0] if shape else 1
    step = max(1, PIECE // max(1, width))
    with path.open("rb") as file:
        file.seek(stored.start)
        for first in range(0, height, step):
            count = min(step, height - first)
            piece = np.fromfile(file, kind, count * width)
            if piece.size != count * width:
                raise _broken(path, "it was cut short while it was read")
            yield piece.reshape(count, *shape[1:]) if shape else piece


def write(
    path: Path,
    tensors: Sequence[Described],
    pieces: Callable[[Described], Iterable[Tensor]],
) -> None:
    """Write a file from pieces, asked for tensor by tensor in the order given."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in tensors:
        offsets = [end, end := end + tensor.size]
        header[tensor.name] = {
            **{"dtype": tensor.kind, "shape": tensor.shape, "data_offsets": offsets}
        }
    text = json.dumps(header).encode()
    # The format wants the tensors at a multiple of 8, and blanks behind the header allow it.
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors:
            before = file.tell()
            for piece in pieces(tensor):
                file.write(np.ascontiguousarray(piece).data)
            if file.tell() - before != tensor.size:
                raise ValueError(f"{tensor.name}: its pieces are not the {tensor.size} bytes said")


def _header(path: Path) -> tuple[dict[str, Any], int]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(size - 8, MAX_HEADER):
                raise _broken(path, "its header is longer than the file")
            header = json.loads(file.read(length))
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, "its header is not JSON") from error
    if not isinstance(header, dict):
        raise _broken(path, "its header is not a table")
    header.pop("__metadata__", None)
    return header, 8 + length


def _tensor(path: Path, name: str, entry: object, data: Tensor) -> Tensor:
    kind, shape, begin, end = _entry(path, name, entry, _DTYPES)
    dtype = np.dtype(_DTYPES[kind])
    if end > len(data) or end - begin != math.prod(shape) * dtype.itemsize:
        raise _broken(path, f"tensor {name!r} does not fit the file")
    flat = data[begin:end].view(dtype)
    if kind == "BF16":
        flat = floats.widen(flat, kind)
    return flat.reshape(shape)


def _entry(
    path: Path, name: str, entry: object, kinds: dict[str, str]
) -> tuple[str, list[int], int, int]:
    match entry:
        case {"dtype": str(kind), "shape": list(shape), "data_offsets": [begin, end]} if (
            kind in kinds and all(_is_count(n) for n in [*shape, begin, end]) and begin <= end
        ):
            return kind, shape, begin, end
    raise _broken(path, f"tensor {name!r} is described wrongly or of an unknown type")


def _is_count(value: object) -> bool:
    # An upper bound keeps the products of hostile shapes small integers.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**48


def _broken(path: Path, why: str) -> ModelError:
    return ModelError(f"{path} is not a usable safetensors file: {why}.", "Fetch it again.")
