"""Runs an encoder-only model over a batch of token sequences (``llama_encode``).

    with Model(path) as model, EncoderContext(model, Limits(256, 1, threads=2)) as context:
        [vectors] = context.encode([ids])

All sequences of a batch go through the network at once; a mask keeps them from seeing each other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama
from numpy.typing import NDArray

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge import lora
from runtime.judge.batches import Batch, Piece
from runtime.judge.engine import Model
from runtime.judge.lora import Scaled
from runtime.judge.tokens import AnyIds
from runtime.words import _

Vectors = NDArray[np.float32]


class Limits(NamedTuple):
    """How large one batch may be and how it is computed.

    Attention is worked out over the whole batch and then masked, so its cost grows with
    ``tokens`` squared. ``flash`` never writes that square to memory.
    """

    tokens: int
    sequences: int
    threads: int
    flash: bool = True


class Context(Closing):
    """The working memory of a model, whatever its kind. Not for use by two threads at once."""

    def __init__(self, model: Model, params: llama.llama_context_params) -> None:
        self._model = model
        self._adapters: tuple[Scaled, ...] = ()
        self._handle: Any = llama.llama_init_from_model(model.handle, params)
        if not self._handle:
            raise ModelError(
                _("llama.cpp cannot prepare {path}; is memory short?").format(path=model.path)
            )

    def use(self, adapters: Sequence[Scaled]) -> None:
        """Read with just these adapters from now on; with none, with the base alone.

        Raises ``ModelError`` if one was closed or belongs to another model.
        """
        lora.put_on(self._handle, self._model, adapters)
        self._adapters = tuple(adapters)

    def close(self) -> None:
        """Free the memory; a second call does nothing."""
        if self._handle:
            llama.llama_free(self._handle)
            self._handle = None

    def _check_adapters(self) -> None:
        """Keep llama.cpp from computing with freed weights."""
        lora.check(self._model, self._adapters)

    def _pooled(self, size: int) -> Vectors:
        """Return what was pooled of sequence 0 in the last step."""
        found = llama.llama_get_embeddings_seq(self._handle, 0)
        if not found:
            raise ModelError(
                _("{path} gives no vector for a whole text.").format(path=self._model.path)
            )
        # A copy: llama.cpp overwrites its buffer with the next batch.
        return np.ctypeslib.as_array(found, (size,)).copy()


class EncoderContext(Context):
    """The working memory of an encoder. ``pooling`` is llama.cpp's, for ``pooled``."""

    def __init__(
        self, model: Model, limits: Limits, pooling: int = llama.LLAMA_POOLING_TYPE_NONE
    ) -> None:
        super().__init__(model, _params(limits, pooling))
        self._room = min(limits.tokens, model.positions)

    def encode(self, sequences: Sequence[AnyIds]) -> list[Vectors]:
        """Return one ``(len(sequence), width)`` array a sequence: the last hidden layer.

        The sequences together must keep to the limits. Raises ``ModelError`` if llama.cpp fails.
        """
        batch = self._run(sequences)
        rows = llama.llama_get_embeddings(self._handle)
        flat = np.ctypeslib.as_array(rows, (batch.size, self._model.width)).copy()
        return np.split(flat, np.cumsum([len(s) for s in sequences[:-1]]))

    def pooled(self, ids: AnyIds, size: int) -> Vectors:
        """Return the ``size`` numbers that ``pooling`` makes of one sequence.

        Raises ``ModelError`` if it is longer than the limits or the model allow.
        """
        if not 0 < len(ids) <= self._room:
            raise ModelError(
                _("A text of {count} tokens does not fit; {most} is the most.").format(
                    count=len(ids), most=self._room
                )
            )
        self._run([ids])
        return self._pooled(size)

    def _run(self, sequences: Sequence[AnyIds]) -> Batch:
        self._check_adapters()
        batch = Batch([Piece(i, ids, 0, len(ids)) for i, ids in enumerate(sequences)])
        code = llama.llama_encode(self._handle, batch.native)
        if code:
            raise ModelError(
                _("llama.cpp could not encode {count} tokens (code {code}).").format(
                    count=batch.size, code=code
                )
            )
        return batch


def _params(limits: Limits, pooling: int) -> llama.llama_context_params:
    params = llama.llama_context_default_params()
    # An encoder takes its whole batch in one step, so the three sizes are one.
    params.n_ctx = params.n_batch = params.n_ubatch = limits.tokens
    # llama.cpp ends the process if there could be more sequences than tokens.
    params.n_seq_max = min(limits.sequences, limits.tokens)
    params.n_threads = params.n_threads_batch = limits.threads
    params.embeddings = True
    params.pooling_type = pooling
    params.flash_attn_type = (
        llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
        if limits.flash
        else llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    return params
