"""Quantizes a GGUF file with llama.cpp's own quantizer.

    quantize(Path("m-f16.gguf"), Path("m-q4_k_m.gguf"), "Q4_K_M", keep={"output": "Q8_0"})

``keep`` holds single tensors in a finer type; an importance matrix (importance.py) says which
columns matter most. Memory: the rows at hand, and of the file what the system keeps mapped.
"""

import ctypes
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from llama_cpp import llama_cpp as llama

from convert.disk import check_room
from convert.quantize.gguf_tensors import GgufTensor, read_tensors
from convert.quantize.importance_file import Floats, read_importance
from convert.quantize.quant_types import QUANTS, check_quant, estimated_size, kept_types
from convert.whole import whole_file
from runtime.errors import ModelError
from runtime.judge import engine, logs

__all__ = ["QUANTS", "quantize", "to_q8_0"]

# A slab of rows at a time; llama.cpp's own 8 GB would hold the whole of a large embedding.
_BUFFER = 1 << 28
_NOTHING: Mapping[str, str] = MappingProxyType({})


def quantize(  # noqa: PLR0913 - the last three are options
    source: Path,
    target: Path,
    quant: str,
    *,
    keep: Mapping[str, str] = _NOTHING,
    importance: Path | None = None,
    threads: int | None = None,
) -> None:
    """Write ``target``, the form of ``source`` with fewer bits.

    Norms, biases and positions stay as they are, and a head F16. Raises ``BadInputError`` for an
    unknown quantization, type or tensor or an importance matrix of another model, ``NoRoomError``
    before anything is written, ``ModelError`` if ``source`` is damaged or quantized already.
    """
    quant = check_quant(quant)
    tensors = read_tensors(source)
    _check_source(source, tensors)
    kept = kept_types(tensors, keep)
    weights = read_importance(importance, tensors) if importance else {}
    header = source.stat().st_size - sum(tensor.size for tensor in tensors)
    check_room(target.parent, header + estimated_size(tensors, quant, kept))
    params = llama.llama_model_quantize_default_params()
    params.ftype = getattr(llama, f"LLAMA_FTYPE_MOSTLY_{quant}")
    params.nthread = threads or engine.default_threads()
    params.max_buf_size = _BUFFER
    alive = [_override(params, kept), _weigh(params, weights)]
    with whole_file(target) as part:
        _run(source, part, params)
    # llama.cpp reads through bare pointers: what they point to must live until here.
    del alive


def to_q8_0(source: Path, target: Path, threads: int | None = None) -> None:
    """Write ``target``, the 8-bit form of ``source``. Raises ``ModelError`` if llama.cpp fails.

    Every matrix whose rows divide by 32 becomes Q8_0; norms, biases and positions stay f32.
    """
    quantize(source, target, "Q8_0", threads=threads)


def _check_source(source: Path, tensors: list[GgufTensor]) -> None:
    if source_kind := next((t.kind for t in tensors if t.kind.startswith(("Q", "IQ", "T"))), None):
        raise ModelError(
            f"{source} is quantized already ({source_kind}).",
            "Quantize the f16, bf16 or f32 file: rounding what was rounded loses more.",
        )


def _run(source: Path, target: Path, params: llama.llama_model_quantize_params) -> None:
    engine.start()
    with _errors() as said:
        code = llama.llama_model_quantize(
            os.fsencode(source), os.fsencode(target), ctypes.byref(params)
        )
    if code:
        reason = said[-1].rpartition(": ")[2] if said else f"code {code}"
        raise ModelError(
            f"llama.cpp cannot quantize {source}: {reason}.", "Convert the model again."
        )


def _override(params: llama.llama_model_quantize_params, kept: Mapping[str, str]) -> object:
    """Have each tensor named become the type it is kept in; return what must stay alive."""
    overrides = (llama.llama_model_tensor_override * (len(kept) + 1))()
    for slot, (name, kind) in zip(overrides, kept.items(), strict=False):
        slot.pattern = f"^{re.escape(name)}$".encode()
        slot.type = getattr(llama, f"GGML_TYPE_{kind}")
    params.tt_overrides = ctypes.cast(overrides, type(params.tt_overrides))
    return overrides


def _weigh(params: llama.llama_model_quantize_params, weights: Mapping[str, Floats]) -> object:
    """Hand over the importance of columns; return what must stay alive."""
    if not weights:
        return None
    rows = (llama.llama_model_imatrix_data * (len(weights) + 1))()
    for slot, (name, values) in zip(rows, weights.items(), strict=False):
        slot.name = name.encode()
        slot.data = values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        slot.size = values.size
    params.imatrix = ctypes.cast(rows, type(params.imatrix))
    return rows, weights


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage().rstrip("."))


@contextmanager
def _errors() -> Iterator[list[str]]:
    """Collect what llama.cpp calls an error while the block runs."""
    collector = _Collector()
    logs.LOGGER.addHandler(collector)
    try:
        yield collector.lines
    finally:
        logs.LOGGER.removeHandler(collector)
