"""Reads and writes importance matrices: by GGUF name, how much each column of a weight counts.

    write_importance(Path("calibration.npz"), {"blk.0.ffn_up.weight": mean_squares})
    read_importance(Path("calibration.npz"), read_tensors(gguf))

A numpy archive of one float32 vector a tensor, the mean square of what each column is multiplied
with (measured by importance.py).
"""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convert.quantize.gguf_tensors import GgufTensor
from convert.whole import whole_file
from runtime.errors import BadInputError

Floats = NDArray[np.float32]

_REMEDY = "Measure it again, on the very model that is to be quantized."
# A column that no sample used still counts a little: a later text may use it.
_LEAST_SHARE = 1e-6


def write_importance(path: Path, vectors: Mapping[str, NDArray[Any]]) -> None:
    """Write the vectors; the file appears when it is whole."""
    with whole_file(path) as part, part.open("wb") as file:
        kept: dict[str, Any] = {name: np.float32(vector) for name, vector in vectors.items()}
        np.savez(file, **kept)


def read_importance(path: Path, tensors: Iterable[GgufTensor]) -> dict[str, Floats]:
    """Return the vectors of the tensors that are quantized, every value above zero.

    Raises ``BadInputError`` if the file is damaged or was measured on another model.
    """
    vectors = _load(path)
    rows = {tensor.name: tensor.shape[0] for tensor in tensors if len(tensor.shape) > 1}
    found = {name: vector for name, vector in vectors.items() if name in rows}
    for name, vector in found.items():
        if vector.shape != (rows[name],):
            raise _bad(path, f"it was measured on another model: {name} has rows of {rows[name]}")
        if not np.isfinite(vector).all() or (vector < 0).any():
            raise _bad(path, f"{name} holds what is no mean square")
    if not found:
        raise _bad(path, "it names no tensor of this model")
    return {name: _raised(vector) for name, vector in found.items()}


def _load(path: Path) -> dict[str, Floats]:
    try:
        # Opened here, since numpy leaves what it cannot read open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: np.asarray(archive[name], np.float32) for name in archive.files}
    except OSError as error:
        raise _bad(path, error.strerror or "it cannot be read") from error
    except (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise _bad(path, "it is no numpy archive") from error


def _raised(vector: Floats) -> Floats:
    mean = float(vector.mean())
    return np.ascontiguousarray(np.maximum(vector, mean * _LEAST_SHARE if mean else 1), np.float32)


def _bad(path: Path, why: str) -> BadInputError:
    return BadInputError(f"The importance matrix {path} cannot be used: {why}.", _REMEDY)
