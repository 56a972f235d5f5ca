"""Reads a safetensors file with numpy alone, trusting nothing in it.

The format: 8 bytes little-endian header length, a JSON header, the raw tensors.
Source: https://github.com/huggingface/safetensors#format
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.errors import ModelError

Tensor = NDArray[Any]

# safetensors' own limit; a header of this size would describe about a million tensors.
MAX_HEADER = 100_000_000
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "BF16": "<u2"}


def load(path: Path) -> dict[str, Tensor]:
    """Return every tensor by name, memory-mapped; BF16 comes as F32.

    Raises ``ModelError`` if the file is missing, cut short or not safetensors.
    """
    header, start = _header(path)
    data = np.memmap(path, dtype=np.uint8, mode="r")[start:]
    return {
        name: _tensor(path, name, entry, data)
        for name, entry in header.items()
        if name != "__metadata__"
    }


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
    return header, 8 + length


def _tensor(path: Path, name: str, entry: object, data: Tensor) -> Tensor:
    dtype, shape, begin, end = _entry(path, name, entry)
    if end > len(data) or end - begin != math.prod(shape) * dtype.itemsize:
        raise _broken(path, f"tensor {name!r} does not fit the file")
    flat = data[begin:end].view(dtype)
    if isinstance(entry, dict) and entry["dtype"] == "BF16":
        flat = (flat.astype("<u4") << 16).view("<f4")
    return flat.reshape(shape)


def _entry(path: Path, name: str, entry: object) -> tuple[np.dtype[Any], list[int], int, int]:
    match entry:
        case {"dtype": str(kind), "shape": list(shape), "data_offsets": [begin, end]} if (
            kind in _DTYPES and all(_is_count(n) for n in [*shape, begin, end]) and begin <= end
        ):
            return np.dtype(_DTYPES[kind]), shape, begin, end
    raise _broken(path, f"tensor {name!r} is described wrongly or of an unknown type")


def _is_count(value: object) -> bool:
    # An upper bound keeps the products of hostile shapes small integers.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**48


def _broken(path: Path, why: str) -> ModelError:
    return ModelError(f"{path} is not a usable safetensors file: {why}.", "Fetch it again.")
