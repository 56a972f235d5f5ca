"""Turns texts into token vectors with a BERT encoder in llama.cpp.

    with Encoder.open(path) as encoder:
        [found] = encoder.encode(["Plants need light."])
        found.mean()  # one sentence vector

Texts go through in batches of at most ``BATCH_TOKENS`` tokens, sorted by length; longer texts
than ``WINDOW_TOKENS`` are read in overlapping windows (see ``windows``), never cut off.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.closing import Closing
from runtime.judge import gguf_header, windows
from runtime.judge.context import EncoderContext, Limits
from runtime.judge.engine import Model, default_threads
from runtime.judge.tokens import Ids, Tokenizer

Vectors = NDArray[np.float32]

# The sentence model is meant for 256 tokens at most, [CLS] and [SEP] included.
WINDOW_TOKENS = 254
# A token of a long text is read with at least half of this many tokens on both sides.
OVERLAP_TOKENS = 64
BATCH_TOKENS = 256
BATCH_SEQUENCES = 64


class TokenVectors(msgspec.Struct, frozen=True, eq=False):
    """The last hidden layer for one text.

    ``tokens`` is ``(n,)`` int32 and ``vectors`` ``(n, width)`` float32, row for row. The first
    row is [CLS] and the last [SEP]; empty text has just these two.
    """

    tokens: Ids
    vectors: Vectors

    def mean(self) -> Vectors:
        """Return the sentence vector, ``(width,)``, of length 1.

        The mean over all rows, [CLS] and [SEP] included, as sentence-transformers takes it.
        """
        total = self.vectors.mean(axis=0)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12), np.float32)


class _Piece(NamedTuple):
    """One window of one text, framed by [CLS] and [SEP]."""

    text: int
    window: int
    ids: Ids


class Encoder(Closing):
    """An encoder model that is loaded and ready. Not for use by two threads at once."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self._model = model
        self.tokenizer = Tokenizer(model)
        self._window = min(WINDOW_TOKENS, model.positions - 2)
        self._overlap = min(OVERLAP_TOKENS, self._window // 2)
        self._limits = limits
        # A whole window must fit even where batches are to be smaller.
        room = limits._replace(tokens=max(limits.tokens, self._window + 2))
        self._context = EncoderContext(model, room)
        self.width = model.width

    @classmethod
    def open(cls, path: Path, threads: int | None = None, limits: Limits | None = None) -> Self:
        """Load a GGUF file; by default with a thread a CPU and the batch sizes measured best.

        Raises ``ModelError`` if the file is missing, damaged or no BERT encoder.
        """
        gguf_header.check(path, {"bert"})
        threads = threads or default_threads()
        return cls(Model(path), limits or Limits(BATCH_TOKENS, BATCH_SEQUENCES, threads))

    def encode(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of every text, in order; equal texts share one result.

        How texts share batches moves a component by rounding only; see ``benchmarks/encoder.py``.
        """
        distinct = {text: self.tokenizer.ids(text) for text in texts}
        found = dict(zip(distinct, self._encode_ids(list(distinct.values())), strict=True))
        return [found[text] for text in texts]

    def _encode_ids(self, texts: Sequence[Ids]) -> list[TokenVectors]:
        cuts = [windows.cut(len(ids), self._window, self._overlap) for ids in texts]
        pieces = [
            _Piece(t, w, self.tokenizer.framed(texts[t][window.start : window.stop]))
            for t, cut in enumerate(cuts)
            for w, window in enumerate(cut)
        ]
        parts: dict[tuple[int, int], Vectors] = {}
        for batch in _batches(pieces, self._limits):
            rows = self._context.encode([piece.ids for piece in batch])
            parts |= {(p.text, p.window): r for p, r in zip(batch, rows, strict=True)}
        return [
            TokenVectors(
                self.tokenizer.framed(ids),
                windows.join(cuts[t], [parts[t, w] for w in range(len(cuts[t]))]),
            )
            for t, ids in enumerate(texts)
        ]

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        self._context.close()
        self._model.close()


def _batches(pieces: Sequence[_Piece], limits: Limits) -> Iterator[list[_Piece]]:
    """Yield groups of neighbours in length within the limits; a longer piece goes alone."""
    batch: list[_Piece] = []
    total = 0
    for piece in sorted(pieces, key=lambda p: len(p.ids)):
        if batch and (total + len(piece.ids) > limits.tokens or len(batch) == limits.sequences):
            yield batch
            batch, total = [], 0
        batch.append(piece)
        total += len(piece.ids)
    if batch:
        yield batch
