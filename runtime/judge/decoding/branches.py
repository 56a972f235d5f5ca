"""Many token sequences over one memory, sharing what they begin with.

    with Model(path) as model, BranchContext(model, BranchLimits(4096, 32)) as context:
        context.read([Piece(0, prefix)])
        context.copy(0, 1)
        rows = context.read([Piece(1, tail, len(prefix), wanted=1)])     (1, vocabulary)
        context.drop(1)

A copy costs nothing: in llama.cpp's unified cache a cell may belong to many sequences
(``llama_memory_seq_cp``).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.errors import ModelError
from runtime.judge.batches import Batch, Piece
from runtime.judge.causal import STEP_TOKENS
from runtime.judge.context import Context, Vectors
from runtime.judge.engine import Model, default_threads


class BranchLimits(NamedTuple):
    """How much fits, and how it is computed.

    ``tokens`` counts cells over all sequences, what they share once; ``sequences`` are numbered
    from 0. ``step`` is the most tokens of one ``read``, and at most ``sequences`` rows of logits
    come of it, or ``rows`` if given. ``exact`` is as in ``CausalLimits``.
    """

    tokens: int
    sequences: int
    step: int = STEP_TOKENS
    rows: int | None = None
    threads: int | None = None
    exact: bool = False


class OutOfRoomError(ModelError):
    """The cells or the memory for a batch are not there; a smaller one may still fit."""


class StoppedError(Exception):
    """``stopping`` said so in the middle of a step; what was read of the step is undefined."""


class BranchContext(Context):
    """The working memory of a decoder, for many sequences. Not for use by two threads at once.

    ``stopping``, if set, is asked many times a step whether to give up. It must not raise.
    """

    def __init__(self, model: Model, limits: BranchLimits) -> None:
        if model.encodes:
            raise ModelError(f"{model.path} is an encoder: it reads, and predicts no next token.")
        super().__init__(model, _params(limits))
        self.limits = limits
        self.stopping: Callable[[], bool] | None = None
        # llama.cpp keeps only the address: the attribute keeps the callback itself alive.
        self._callback = llama.ggml_abort_callback(self._stops)
        llama.llama_set_abort_callback(self._handle, self._callback, None)

    @property
    def model(self) -> Model:
        """The weights it reads with."""
        return self._model

    def read(self, pieces: Sequence[Piece]) -> Vectors:
        """Read one step and return the wanted logits in order, ``(rows, vocabulary)``.

        Raises ``OutOfRoomError`` if cells or memory are short, ``StoppedError`` if ``stopping``
        says so, and ``ModelError`` if llama.cpp fails or gives what are no numbers. After either
        of the last three the sequences of ``pieces`` must be dropped.
        """
        self._check_adapters()
        batch = Batch(pieces)
        code = int(llama.llama_decode(self._handle, batch.native))
        if code:
            raise _failure(code, batch.size)
        if not batch.rows:
            return np.empty((0, self._model.vocabulary), np.float32)
        rows = llama.llama_get_logits(self._handle)
        # A copy: llama.cpp overwrites its buffer with the next step.
        found = np.ctypeslib.as_array(rows, (batch.rows, self._model.vocabulary)).copy()
        if not np.isfinite(found).all():
            raise ModelError(
                f"The model {self._model.path} gives logits that are no numbers.",
                "Its file is damaged or was converted wrongly: verify it, or convert it again.",
            )
        return found

    def copy(self, source: int, target: int) -> None:
        """Let ``target`` begin with all of ``source``; what it held before is dropped."""
        self.drop(target)
        llama.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def drop(self, sequence: int, start: int = 0) -> None:
        """Forget a sequence from position ``start`` on."""
        llama.llama_memory_seq_rm(self._memory, sequence, start, -1)

    def clear(self) -> None:
        """Forget every sequence."""
        llama.llama_memory_clear(self._memory, False)

    def length(self, sequence: int) -> int:
        """Return how many tokens a sequence holds."""
        return int(llama.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    @property
    def _memory(self) -> llama.llama_memory_t:
        return llama.llama_get_memory(self._handle)

    def _stops(self, _data: object) -> bool:
        return self.stopping is not None and self.stopping()


def _failure(code: int, size: int) -> Exception:
    if code == 2:
        return StoppedError()
    # 1: no free cells; -2: memory for the graph could not be had (llama.h, llama_decode).
    if code in {1, -2}:
        return OutOfRoomError(f"There is no room to read {size} tokens.", "Use smaller batches.")
    return ModelError(f"llama.cpp could not read {size} tokens (code {code}).")


def _params(limits: BranchLimits) -> llama.llama_context_params:
    params = llama.llama_context_default_params()
    params.n_ctx = limits.tokens
    params.n_batch = params.n_ubatch = min(limits.step, limits.tokens)
    params.n_seq_max = limits.sequences
    # One pool of cells: a shared prefix lies there once, and long answers borrow from short ones.
    params.kv_unified = True
    # Room in the graph for so many rows of logits; without it, for a whole step of them.
    params.n_outputs_max = limits.rows or limits.sequences
    params.n_threads = params.n_threads_batch = limits.threads or default_threads()
    params.swa_full = False
    if limits.exact:
        params.type_k = params.type_v = llama.GGML_TYPE_F32
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return params
