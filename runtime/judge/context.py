"""Runs an encoder-only model over a batch of token sequences (``llama_encode``).

All sequences of a batch go through the network at once; a mask keeps them from seeing each other.
"""

import ctypes
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama
from numpy.typing import NDArray

from runtime.errors import ModelError
from runtime.judge.engine import Model
from runtime.judge.tokens import Ids

_INT32S = ctypes.POINTER(ctypes.c_int32)
_LISTS = ctypes.POINTER(_INT32S)
_FLAGS = ctypes.POINTER(ctypes.c_int8)


class Limits(NamedTuple):
    """How large one batch may be and how it is computed.

    Attention is worked out over the whole batch and then masked, so its cost grows with
    ``tokens`` squared. ``flash`` never writes that square to memory.
    """

    tokens: int
    sequences: int
    threads: int
    flash: bool = True


class EncoderContext:
    """The working memory of a model. Not for use by two threads at once."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self._width = model.width
        self._handle: Any = llama.llama_init_from_model(model.handle, _params(limits))
        if not self._handle:
            raise ModelError(f"llama.cpp cannot prepare {model.path}; is memory short?")

    def encode(self, sequences: Sequence[Ids]) -> list[NDArray[np.float32]]:
        """Return one ``(len(sequence), width)`` array a sequence: the last hidden layer.

        The sequences together must keep to the limits. Raises ``ModelError`` if llama.cpp fails.
        """
        batch = _Batch(sequences)
        code = llama.llama_encode(self._handle, batch.native)
        if code:
            raise ModelError(f"llama.cpp could not encode {batch.size} tokens (code {code}).")
        rows = llama.llama_get_embeddings(self._handle)
        # A copy: llama.cpp overwrites its buffer with the next batch.
        flat = np.ctypeslib.as_array(rows, (batch.size, self._width)).copy()
        return np.split(flat, np.cumsum([len(s) for s in sequences[:-1]]))

    def close(self) -> None:
        """Free the memory; a second call does nothing."""
        if self._handle:
            llama.llama_free(self._handle)
            self._handle = None


class _Batch:
    """A ``llama_batch`` over numpy arrays, which it keeps alive."""

    def __init__(self, sequences: Sequence[Ids]) -> None:
        lengths = [len(s) for s in sequences]
        self.size = sum(lengths)
        self._tokens = np.concatenate(sequences, dtype=np.int32)
        self._positions = np.concatenate([np.arange(n, dtype=np.int32) for n in lengths])
        self._counts = np.ones(self.size, np.int32)
        self._sequence = np.repeat(np.arange(len(sequences), dtype=np.int32), lengths)
        # llama.cpp wants a pointer to the list of sequences of every token; each list has one.
        self._lists = self._sequence.ctypes.data + 4 * np.arange(self.size, dtype=np.uintp)
        self._wanted = np.ones(self.size, np.int8)
        self.native = llama.llama_batch(
            n_tokens=self.size,
            token=self._tokens.ctypes.data_as(_INT32S),
            pos=self._positions.ctypes.data_as(_INT32S),
            n_seq_id=self._counts.ctypes.data_as(_INT32S),
            seq_id=self._lists.ctypes.data_as(_LISTS),
            logits=self._wanted.ctypes.data_as(_FLAGS),
        )


def _params(limits: Limits) -> llama.llama_context_params:
    params = llama.llama_context_default_params()
    # An encoder takes its whole batch in one step, so the three sizes are one.
    params.n_ctx = params.n_batch = params.n_ubatch = limits.tokens
    # llama.cpp ends the process if there could be more sequences than tokens.
    params.n_seq_max = min(limits.sequences, limits.tokens)
    params.n_threads = params.n_threads_batch = limits.threads
    params.embeddings = True
    params.pooling_type = llama.LLAMA_POOLING_TYPE_NONE
    params.flash_attn_type = (
        llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
        if limits.flash
        else llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    return params
