"""Token sequences as llama.cpp takes them: parallel arrays that must outlive the call."""

import ctypes
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.judge.tokens import AnyIds

_INT32S = ctypes.POINTER(ctypes.c_int32)
_LISTS = ctypes.POINTER(_INT32S)
_FLAGS = ctypes.POINTER(ctypes.c_int8)


class Piece(NamedTuple):
    """Tokens that follow each other in one sequence, the first of them at position ``start``.

    ``wanted`` says of how many of them, counted from the last, the model is to say something; of
    the others it keeps what later tokens need.
    """

    sequence: int
    ids: AnyIds
    start: int = 0
    wanted: int = 0


class Batch:
    """A ``llama_batch`` over numpy arrays, which it keeps alive."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        lengths = [len(piece.ids) for piece in pieces]
        self.size = sum(lengths)
        self._tokens = np.concatenate([piece.ids for piece in pieces], dtype=np.int32)
        self._positions = np.concatenate(
            [np.arange(p.start, p.start + len(p.ids), dtype=np.int32) for p in pieces]
        )
        self._counts = np.ones(self.size, np.int32)
        self._sequence = np.repeat(np.array([p.sequence for p in pieces], np.int32), lengths)
        # llama.cpp wants a pointer to the list of sequences of every token; each list has one.
        self._lists = self._sequence.ctypes.data + 4 * np.arange(self.size, dtype=np.uintp)
        self._wanted = np.concatenate([_last(len(p.ids), p.wanted) for p in pieces])
        self.rows = int(self._wanted.sum())
        self.native = llama.llama_batch(
            n_tokens=self.size,
            token=self._tokens.ctypes.data_as(_INT32S),
            pos=self._positions.ctypes.data_as(_INT32S),
            n_seq_id=self._counts.ctypes.data_as(_INT32S),
            seq_id=self._lists.ctypes.data_as(_LISTS),
            logits=self._wanted.ctypes.data_as(_FLAGS),
        )


def _last(length: int, wanted: int) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    flags = np.zeros(length, np.int8)
    flags[length - wanted :] = 1
    return flags
