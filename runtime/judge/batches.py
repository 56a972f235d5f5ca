"""Token sequences as llama.cpp takes them: parallel arrays that must outlive the call."""

import ctypes
from collections.abc import Sequence

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.judge.tokens import AnyIds

_INT32S = ctypes.POINTER(ctypes.c_int32)
_LISTS = ctypes.POINTER(_INT32S)
_FLAGS = ctypes.POINTER(ctypes.c_int8)


class Batch:
    """A ``llama_batch`` over numpy arrays, which it keeps alive.

    ``start`` is the position of each sequence's first token; ``wanted`` asks for what the model
    says of every token, and not only of what comes later.
    """

    def __init__(self, sequences: Sequence[AnyIds], *, start: int = 0, wanted: bool = True) -> None:
        lengths = [len(s) for s in sequences]
        self.size = sum(lengths)
        self._tokens = np.concatenate(sequences, dtype=np.int32)
        self._positions = np.concatenate([np.arange(n, dtype=np.int32) for n in lengths]) + start
        self._counts = np.ones(self.size, np.int32)
        self._sequence = np.repeat(np.arange(len(sequences), dtype=np.int32), lengths)
        # llama.cpp wants a pointer to the list of sequences of every token; each list has one.
        self._lists = self._sequence.ctypes.data + 4 * np.arange(self.size, dtype=np.uintp)
        self._wanted = np.full(self.size, wanted, np.int8)
        self.native = llama.llama_batch(
            n_tokens=self.size,
            token=self._tokens.ctypes.data_as(_INT32S),
            pos=self._positions.ctypes.data_as(_INT32S),
            n_seq_id=self._counts.ctypes.data_as(_INT32S),
            seq_id=self._lists.ctypes.data_as(_LISTS),
            logits=self._wanted.ctypes.data_as(_FLAGS),
        )
