"""Plans the working memory of a decoder before it is made: how many answers at once, or why none.

    limits = plan(model, Needs(shared=400, longest=100, answers=30, reply=60))
    context = BranchContext(model, limits)

What is counted: the model's file, keys and values of every cell, the logits, and what a step
computes with. For the shape of Qwen2.5-1.5B with 4,864 cells, 32 sequences and steps of 512 tokens
llama.cpp takes 231 MB beside the file, and 275 MB are planned.
"""

import os
from pathlib import Path
from typing import NamedTuple

from llama_cpp import llama_cpp as llama

from runtime.errors import ModelError
from runtime.judge.causal import STEP_TOKENS
from runtime.judge.decoding.branches import BranchLimits, check_branches
from runtime.judge.engine import Model
from runtime.words import _

SEQUENCES = 32
"""Most sequences at once: decoding gains nothing beyond (measured at 8, 16 and 30)."""

BESIDE = 2
"""Sequences beside the answers': one for what they share, one for a label of several tokens."""

SPARE = 128
"""Cells beside what is asked for: labels of several tokens, and the rows that fill up a step."""

_HALF, _SINGLE = 2, 4
"""Bytes of a float16, in which keys and values are kept, and of a float32."""

_MB = 1_000_000


class Needs(NamedTuple):
    """What is to be marked, in tokens: what all answers share, the longest of what each has alone.

    ``reply`` is what may be written after an answer, 0 for verdicts alone.
    """

    shared: int
    longest: int
    answers: int
    reply: int

    def cells(self, answers: int) -> int:
        """Return how many tokens lie in memory with so many answers at once."""
        return self.shared + answers * (self.longest + self.reply) + SPARE


def plan(model: Model, needs: Needs, memory: int | None = None) -> BranchLimits:
    """Return the limits of a context for the largest batch that fits in ``memory`` bytes.

    Without ``memory``, in what is free on this machine. Raises ``ModelError`` with the numbers if
    not even one answer fits, be it the memory or the positions that the model knows, and for a
    model that predicts no next token or cannot branch.
    """
    check_branches(model)
    longest = needs.shared + needs.longest + needs.reply
    if longest > model.positions:
        raise ModelError(
            _(
                "An answer takes {longest} tokens with its question and what is written"
                " about it, and {path} knows {positions} positions."
            ).format(longest=longest, path=model.path, positions=model.positions),
            _("Shorten the question, the source or the answer, or use another model."),
        )
    if memory is None:
        memory = free_memory()
    limits = _limits(needs, max(1, min(needs.answers, SEQUENCES - BESIDE)))
    if memory is None:
        return limits
    for answers in range(limits.sequences - BESIDE, 0, -1):
        limits = _limits(needs, answers)
        if bytes_of(model, limits) <= memory:
            return limits
    raise ModelError(
        _(
            "{path} takes {need:.0f} MB for one answer of {longest} tokens, and"
            " {free:.0f} MB are free."
        ).format(
            path=model.path, need=bytes_of(model, limits) / _MB, longest=longest, free=memory / _MB
        ),
        _("Close other programs, or use a smaller model or a smaller quantization."),
    )


def bytes_of(model: Model, limits: BranchLimits) -> int:
    """Return about how many bytes a model and a context of it take together.

    Weights that llama.cpp lays out anew for a processor lie in memory twice at first, but the
    pages of the file may go then.
    """
    inner = _number(model, "feed_forward_length") or 8 * model.width
    # A step's widest moment: gate, up and their product, beside the hidden states and the mask.
    step = limits.step * (3 * inner + 4 * model.width + limits.tokens) * _SINGLE
    # In the graph, as llama.cpp hands them out, and our copy.
    logits = 3 * limits.sequences * model.vocabulary * _SINGLE
    kept = limits.tokens * kv_bytes(model)
    return model.path.stat().st_size + kept + step + logits


def kv_bytes(model: Model) -> int:
    """Return the bytes of one cell: its keys and values in all layers."""
    layers = int(llama.llama_model_n_layer(model.handle))
    # The last of them may reuse the keys and values of others (Gemma 3n).
    layers -= _number(model, "attention.shared_kv_layers")
    head = model.width // max(1, int(llama.llama_model_n_head(model.handle)))
    key = _number(model, "attention.key_length") or head
    value = _number(model, "attention.value_length") or head
    return layers * int(llama.llama_model_n_head_kv(model.handle)) * (key + value) * _HALF


def free_memory() -> int | None:
    """Return the bytes that may be taken on this machine; None if it does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvail"))
    except (OSError, StopIteration):
        pages = "SC_AVPHYS_PAGES"
        if pages not in getattr(os, "sysconf_names", {}):
            return None
        return os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE")


def _limits(needs: Needs, answers: int) -> BranchLimits:
    cells = needs.cells(answers)
    return BranchLimits(cells, answers + BESIDE, step=min(STEP_TOKENS, cells))


def _number(model: Model, key: str) -> int:
    """Return a number of the header; 0 if it is not there, or one for each layer."""
    value = model.metadata(f"{model.architecture}.{key}")
    return int(value) if value.isdecimal() else 0
