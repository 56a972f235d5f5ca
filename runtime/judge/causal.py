"""Runs a decoder over one token sequence: all its logits, or the vector of its last token.

    with Model(path) as model, CausalContext(model, CausalLimits(2048)) as context:
        context.logits(ids)  # (len(ids), vocabulary): what comes after each token
        context.last(ids)    # (width,): what a side head reads

llama.cpp sets room aside for a row of logits for every token that is asked for, which for a full
context of Gemma 3n is gigabytes. So rows are asked for where they are wanted and a few at a time;
the vector is asked for in a step of its own, since with vectors on, every token counts as asked
for.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.errors import ModelError
from runtime.judge.batches import Batch, Piece
from runtime.judge.context import Context, Vectors
from runtime.judge.engine import Model, default_threads
from runtime.judge.tokens import AnyIds
from runtime.words import _

STEP_TOKENS = 512
"""Tokens that are read in one step: llama.cpp's own choice, long enough to keep the cores busy."""

ROWS = 32
"""Logit rows that are held at once: 34 MB with the largest vocabulary, that of Gemma 3n."""


class CausalLimits(NamedTuple):
    """How long one sequence may be, in tokens, and how it is computed.

    ``exact`` keeps keys and values in float32 and leaves flash attention out: for comparing with
    another implementation, at twice the memory. ``threads`` is a thread a CPU if not given.
    """

    tokens: int
    threads: int | None = None
    exact: bool = False


class CausalContext(Context):
    """The working memory of a decoder. ``pooling`` is llama.cpp's, for ``pooled``.

    Every call reads its sequence from the start: a result depends on nothing that was read before.
    """

    def __init__(
        self, model: Model, limits: CausalLimits, pooling: int = llama.LLAMA_POOLING_TYPE_LAST
    ) -> None:
        if model.encodes:
            raise ModelError(
                _("{path} is an encoder: it reads, and predicts no next token.").format(
                    path=model.path
                )
            )
        super().__init__(model, _params(limits, pooling))
        self._room = min(limits.tokens, model.positions)

    def logits(self, ids: AnyIds, first: int = 0) -> Vectors:
        """Return the logits after each token from ``first`` on, ``(len(ids) - first, vocabulary)``.

        Raises ``ModelError`` if the sequence is empty, too long or holds an id that is no token.
        """
        return np.concatenate(list(self.pieces(ids, first)))

    def pieces(self, ids: AnyIds, first: int = 0) -> Iterator[Vectors]:
        """Yield the rows of ``logits``, at most ``ROWS`` at a time; read them to the end."""
        self._begin(ids)
        self._read(ids, 0, first)
        for start in range(first, len(ids), ROWS):
            count = len(ids[start : start + ROWS])
            self._step(Batch([Piece(0, ids[start : start + ROWS], start, count)]))
            rows = llama.llama_get_logits(self._handle)
            # A copy: llama.cpp overwrites its buffer with the next batch.
            yield np.ctypeslib.as_array(rows, (count, self._model.vocabulary)).copy()

    def last(self, ids: AnyIds) -> Vectors:
        """Return the last token's hidden state after the final norm, ``(width,)``.

        Raises ``ModelError`` as ``logits`` does.
        """
        return self.pooled(ids, self._model.width)

    def pooled(self, ids: AnyIds, size: int) -> Vectors:
        """Return the ``size`` numbers that ``pooling`` makes of the last token.

        Raises ``ModelError`` as ``logits`` does.
        """
        self._begin(ids)
        self._read(ids, 0, len(ids) - 1)
        llama.llama_set_embeddings(self._handle, True)
        try:
            self._step(Batch([Piece(0, ids[-1:], len(ids) - 1, 1)]))
            return self._pooled(size)
        finally:
            llama.llama_set_embeddings(self._handle, False)

    def continued(self, ids: AnyIds, count: int) -> list[int]:
        """Return the ``count`` likeliest next tokens, each after those before it.

        They run on past an end of text. Raises ``ModelError`` as ``logits`` does.
        """
        self._begin(ids, more=count)
        self._read(ids, 0, len(ids) - 1)
        found, token = [], int(ids[-1])
        for at in range(len(ids) - 1, len(ids) - 1 + count):
            self._step(Batch([Piece(0, [token], at, 1)]))
            row = llama.llama_get_logits(self._handle)
            token = int(np.argmax(np.ctypeslib.as_array(row, (self._model.vocabulary,))))
            found.append(token)
        return found

    def _begin(self, ids: AnyIds, more: int = 0) -> None:
        if not 0 < len(ids) <= self._room - more:
            raise ModelError(
                _("A text of {count} tokens does not fit; {most} is the most.").format(
                    count=len(ids) + more, most=self._room
                )
            )
        self._check_adapters()
        llama.llama_memory_clear(llama.llama_get_memory(self._handle), False)

    def _read(self, ids: AnyIds, start: int, stop: int) -> None:
        """Take in ``ids[start:stop]`` without asking for anything."""
        for at in range(start, stop, STEP_TOKENS):
            piece = ids[at : min(at + STEP_TOKENS, stop)]
            self._step(Batch([Piece(0, piece, at)]))

    def _step(self, batch: Batch) -> None:
        code = llama.llama_decode(self._handle, batch.native)
        if code:
            raise ModelError(
                _("llama.cpp could not read {count} tokens (code {code}).").format(
                    count=batch.size, code=code
                )
            )


def _params(limits: CausalLimits, pooling: int) -> llama.llama_context_params:
    params = llama.llama_context_default_params()
    params.n_ctx = limits.tokens
    params.n_batch = params.n_ubatch = STEP_TOKENS
    params.n_seq_max = 1
    # Room in the graph for so many rows of logits; without it, for a whole step of them.
    params.n_outputs_max = ROWS
    params.n_threads = params.n_threads_batch = limits.threads or default_threads()
    params.pooling_type = pooling
    # A sequence is never taken back in part, so layers with a window need keep no more than it.
    params.swa_full = False
    if limits.exact:
        params.type_k = params.type_v = llama.GGML_TYPE_F32
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return params
