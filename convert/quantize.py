"""Quantizes a GGUF file with llama.cpp's own quantizer (8 bits: Q8_0)."""

import ctypes
import os
from pathlib import Path

from llama_cpp import llama_cpp as llama

from runtime.errors import ModelError
from runtime.judge import engine


def to_q8_0(source: Path, target: Path, threads: int | None = None) -> None:
    """Write ``target``, the 8-bit form of ``source``. Raises ``ModelError`` if llama.cpp fails.

    Every matrix whose rows divide by 32 becomes Q8_0; norms, biases and positions stay f32.
    """
    engine.start()
    params = llama.llama_model_quantize_default_params()
    params.ftype = llama.LLAMA_FTYPE_MOSTLY_Q8_0
    params.nthread = threads or engine.default_threads()
    code = llama.llama_model_quantize(
        os.fsencode(source), os.fsencode(target), ctypes.byref(params)
    )
    if code:
        raise ModelError(f"llama.cpp cannot quantize {source} (code {code}).")
