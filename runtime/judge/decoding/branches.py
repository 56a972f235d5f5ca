"""Many token sequences over one memory, sharing what they begin with.

    with Model(path) as model, BranchContext(model, BranchLimits(4096, 32)) as context:
        context.read([Piece(0, prefix)])
        context.copy(0, 1)
        rows = context.read([Piece(1, tail, len(prefix), wanted=1)])     (1, vocabulary)
        context.drop(1)

A copy costs nothing: in llama.cpp's unified cache a cell may belong to many sequences
(``llama_memory_seq_cp``).

What a row comes to depends a little on the rows beside it: llama.cpp multiplies four rows at once
and what is left one by one, fewer than eight in another way, and so is attention below 64 rows.
``fixed`` fills a step up so that none of this happens (``benchmarks.layout`` has the figures).
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
from runtime.words import _

_NO_CELLS = 1
"""What ``llama_decode`` returns if it found too few empty cells; nothing has changed then."""


ROW_GROUP = 4
"""Rows that llama.cpp multiplies at once; a step of another number ends in rows done singly."""

LEAST_ROWS = 8
"""Rows of logits from which on they are multiplied together, and not each alone."""

TILE = 64
"""Rows and cells of a tile of flash attention; smaller steps are added up in 16 bits instead."""


class BranchLimits(NamedTuple):
    """How much fits, and how it is computed.

    ``tokens`` counts cells over all sequences, what they share once. ``sequences``, at most 255,
    are numbered from 0. ``step`` is the most tokens of one ``read``, and at most ``sequences``
    rows of logits come of it, or ``rows`` if given; no step is longer than ``tokens``. ``exact`` is
    as in ``CausalLimits``.
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
    ``spare``, if set, is asked for so many cells where too few are empty, and says whether it
    emptied some; the step is then tried again.
    """

    def __init__(self, model: Model, limits: BranchLimits) -> None:
        check_branches(model)
        # llama.cpp takes no step longer than its memory, and ends the process over one that is.
        limits = limits._replace(step=min(limits.step, limits.tokens))
        super().__init__(model, _params(limits))
        self.limits = limits
        self.stopping: Callable[[], bool] | None = None
        self.spare: Callable[[int], bool] | None = None
        # llama.cpp keeps only the address: the attribute keeps the callback itself alive.
        self._callback = llama.ggml_abort_callback(self._stops)
        llama.llama_set_abort_callback(self._handle, self._callback, None)

    @property
    def model(self) -> Model:
        """The weights it reads with."""
        return self._model

    @property
    def cells(self) -> int:
        """How many tokens fit: ``limits.tokens`` or a little more, as llama.cpp rounds it up."""
        return int(llama.llama_n_ctx(self._handle))

    @property
    def windowed(self) -> bool:
        """Whether some layers keep only a window of the last tokens."""
        return int(llama.llama_model_n_swa(self._model.handle)) > 0

    def read(self, pieces: Sequence[Piece], *, fixed: bool = False) -> Vectors:
        """Read one step and return the wanted logits in order, ``(rows, vocabulary)``.

        ``fixed``: so that a row does not depend on how many others there are; that costs a few
        tokens more, or what is missing to ``TILE``, unless there is no room for them.

        Raises ``OutOfRoomError`` if cells or memory are short, ``StoppedError`` if ``stopping``
        says so, and ``ModelError`` if llama.cpp fails or gives what are no numbers. After either
        of the last three the sequences of ``pieces`` must be dropped.
        """
        self._check_adapters()
        if fixed:
            return self._read_filled(pieces)
        batch = self._step(pieces)
        if not batch.rows:
            return np.empty((0, self._model.vocabulary), np.float32)
        rows = llama.llama_get_logits(self._handle)
        # A copy: llama.cpp overwrites its buffer with the next step.
        found = np.ctypeslib.as_array(rows, (batch.rows, self._model.vocabulary)).copy()
        return self._checked(found)

    def vectors(self, pieces: Sequence[Piece]) -> Vectors:
        """Read a token of each sequence; return the hidden states after the final norm.

        ``(pieces, width)``, each as in a step of any other number of up to 60 pieces. Raises as
        ``read`` does.
        """
        self._check_adapters()
        count = len(pieces)
        more = max(LEAST_ROWS, count + -count % ROW_GROUP) - count
        filling = Piece(self.limits.sequences, np.zeros(more, np.int32), 0, more)
        # With vectors on, llama.cpp makes one of every token, asked for or not.
        llama.llama_set_embeddings(self._handle, True)
        try:
            batch = self._step([*pieces, filling])
            rows = llama.llama_get_embeddings(self._handle)
            found = np.ctypeslib.as_array(rows, (batch.rows, self._model.width)).copy()
        finally:
            llama.llama_set_embeddings(self._handle, False)
            self.drop(filling.sequence)
        return self._checked(found)[:count]

    def _step(self, pieces: Sequence[Piece]) -> Batch:
        batch = Batch(pieces)
        # llama.cpp ends the process over a step that is larger than was said.
        if batch.size > self.limits.step or batch.rows > _most_rows(self.limits):
            raise OutOfRoomError(
                _("A step of {count} tokens and {rows} rows is too large.").format(
                    count=batch.size, rows=batch.rows
                ),
                _("Use smaller batches."),
            )
        code = int(llama.llama_decode(self._handle, batch.native))
        while code == _NO_CELLS and self.spare and self.spare(batch.size):
            code = int(llama.llama_decode(self._handle, batch.native))
        if code:
            raise _failure(code, batch.size)
        return batch

    def _checked(self, found: Vectors) -> Vectors:
        if not np.isfinite(found).all():
            raise ModelError(
                _("The model {path} gives logits that are no numbers.").format(
                    path=self._model.path
                ),
                _("Its file is damaged or was converted wrongly: verify it, or convert it again."),
            )
        return found

    def _read_filled(self, pieces: Sequence[Piece]) -> Vectors:
        """Read pieces with others beside them that fill the step up, and forget those."""
        tokens, wanted = sum(len(p.ids) for p in pieces), sum(p.wanted for p in pieces)
        rows = max(LEAST_ROWS, wanted + -wanted % ROW_GROUP) - wanted if wanted else 0
        more = max(rows, TILE - tokens)
        more += -(tokens + more) % ROW_GROUP
        if not more or tokens + more > self.limits.step:
            return self.read(pieces)
        filling = Piece(self.limits.sequences, np.zeros(more, np.int32), 0, rows)
        try:
            return self.read([*pieces, filling])[:wanted]
        except OutOfRoomError:
            return self.read(pieces)
        finally:
            self.drop(filling.sequence)

    def copy(self, source: int, target: int, length: int = -1) -> None:
        """Let ``target`` hold the first ``length`` tokens of ``source``, or all, and no others."""
        self.drop(target)
        llama.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def share(self, source: int, target: int, length: int) -> None:
        """Let ``target`` hold its first ``length`` tokens, the same, in the cells of ``source``."""
        llama.llama_memory_seq_rm(self._memory, target, 0, length)
        llama.llama_memory_seq_cp(self._memory, source, target, 0, length)

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


def check_branches(model: Model) -> None:
    """Raise ``ModelError`` if a model predicts no next token or its memory cannot branch."""
    handle = model.handle
    if model.encodes or llama.llama_model_has_encoder(handle):
        raise ModelError(
            _("{path} is an encoder: it reads, and predicts no next token.").format(path=model.path)
        )
    if llama.llama_model_is_diffusion(handle):
        raise ModelError(
            _("{path} writes by diffusion: it predicts no next token.").format(path=model.path)
        )
    if llama.llama_model_is_recurrent(handle) or llama.llama_model_is_hybrid(handle):
        raise ModelError(
            _("{path} keeps one running state of what it read, which answers cannot share.").format(
                path=model.path
            ),
            _("Use a model with attention in every layer, such as Qwen or Gemma."),
        )


def _failure(code: int, size: int) -> Exception:
    if code == 2:
        return StoppedError()
    # -2: memory for the graph could not be had (llama.h, llama_decode).
    if code in {_NO_CELLS, -2}:
        return OutOfRoomError(
            _("There is no room to read {size} tokens.").format(size=size),
            _("Use smaller batches."),
        )
    return ModelError(
        _("llama.cpp could not read {size} tokens (code {code}).").format(size=size, code=code)
    )


def _most_rows(limits: BranchLimits) -> int:
    return max(limits.rows or 0, limits.sequences) + LEAST_ROWS


def _params(limits: BranchLimits) -> llama.llama_context_params:
    params = llama.llama_context_default_params()
    params.n_ctx = limits.tokens
    params.n_batch = params.n_ubatch = limits.step
    # One more for what fills a step up.
    params.n_seq_max = limits.sequences + 1
    # One pool of cells: a shared prefix lies there once, and long answers borrow from short ones.
    params.kv_unified = True
    # Room in the graph for so many rows of logits; without it, for a whole step of them. llama.cpp
    # ends the process if there are fewer than sequences.
    params.n_outputs_max = _most_rows(limits)
    params.n_threads = params.n_threads_batch = limits.threads or default_threads()
    # A vector is that of a token, whatever the file says of whole texts.
    params.pooling_type = llama.LLAMA_POOLING_TYPE_NONE
    # Layers with a window get as many cells as the others: what sequences share is never freed in
    # part, and with many of them llama.cpp's smaller size is no smaller.
    params.swa_full = True
    if limits.exact:
        params.type_k = params.type_v = llama.GGML_TYPE_F32
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return params
