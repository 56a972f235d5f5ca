"""Turns text into token ids. A child's text is never read as special tokens."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as llama
from numpy.typing import NDArray

from runtime.judge.engine import Model

Ids = NDArray[np.int32]
# What is read may come from anywhere; llama.cpp gets an int32 copy of it.
AnyIds = Ids | Sequence[int]


class Tokenizer:
    """The vocabulary of a loaded model with [CLS] and [SEP] (its BOS and SEP tokens)."""

    def __init__(self, model: Model) -> None:
        self._vocab: Any = model.vocab
        self.first = int(llama.llama_vocab_bos(self._vocab))
        self.last = int(llama.llama_vocab_sep(self._vocab))

    def ids(self, text: str) -> Ids:
        """Return the ids of the text alone, without [CLS] and [SEP]; empty text gives none.

        "[SEP]" typed by a child stays five characters. Half a surrogate pair becomes "?".
        """
        data = text.encode("utf-8", "replace")
        buffer = np.empty(len(data) + 8, np.int32)
        count = self._fill(data, buffer)
        if count < 0:
            buffer = np.empty(-count, np.int32)
            count = self._fill(data, buffer)
        return buffer[:count].copy()

    def _fill(self, data: bytes, buffer: Ids) -> int:
        room = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        return int(
            llama.llama_tokenize(self._vocab, data, len(data), room, len(buffer), False, False)
        )

    def framed(self, ids: Ids) -> Ids:
        """Return the ids between [CLS] and [SEP], as the model was trained to read them."""
        return np.concatenate([[self.first], ids, [self.last]]).astype(np.int32)
