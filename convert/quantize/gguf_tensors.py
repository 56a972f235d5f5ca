"""Lists the tensors of a GGUF file by name, shape and type, without reading one.

for tensor in read_tensors(Path("model-f16.gguf")):
    tensor.name, tensor.shape, tensor.kind

The gguf package's reader makes an array of every token: half a minute and half a gigabyte for a
vocabulary of 150,000, which quantizing does not look at.
"""

import math
import mmap
from pathlib import Path
from typing import NamedTuple

import gguf

from runtime.judge import gguf_header
from runtime.judge.gguf_cursor import Cursor


class GgufTensor(NamedTuple):
    """``shape`` in GGUF's order, the length of a row first; ``kind`` such as "F16"."""

    name: str
    shape: tuple[int, ...]
    kind: str

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return stored_size(self.shape, self.kind)


def stored_size(shape: tuple[int, ...], kind: str) -> int:
    """Return the bytes that a tensor takes as ``kind``."""
    block, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]]
    return math.prod(shape) // int(block) * int(size)


def block_size(kind: str) -> int:
    """Return how many values of a row are quantized together."""
    return int(gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]][0])


def read_tensors(path: Path) -> list[GgufTensor]:
    """Return the tensors in the order of the file.

    Raises ``ModelError`` if the file is missing or damaged.
    """
    gguf_header.read(path, "Convert the model again.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        cursor = Cursor(data)
        cursor.skip(8)
        tensors, entries = cursor.count(), cursor.count()
        for _ in range(entries):
            cursor.string()
            cursor.value(cursor.kind())
        return [_tensor(cursor) for _ in range(tensors)]


def _tensor(cursor: Cursor) -> GgufTensor:
    name = cursor.string()
    shape = tuple(cursor.count() for _ in range(cursor.kind()))
    kind = gguf.GGMLQuantizationType(cursor.kind()).name
    cursor.count()
    return GgufTensor(name, shape, kind)
