"""First weights with which the practice judge can look up at once what is copied.

    begin_with_lookup(model, seed=0)

Random weights take millions of tokens to find out how to copy: a head that looks one token back
must form before one that looks for the same token earlier (induction heads, Olsson et al. 2022).
Both are put here as what training makes of them (as in Trockman and Kolter 2023, Mimetic
Initialization of Self-Attention Layers); from there everything is trained.

The residual stream begins in parts: a constant, the token, and what stood one and two tokens back.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

Attention = Any
"""A layer's attention: transformers ships no types, and ``Module`` knows nothing of its layers."""

_TOKEN = slice(1, 64)
_BACK = {1: slice(64, 80), 2: slice(80, 96)}
_FREE = slice(96, 128)
"""Where the token lies that stands in the same place of the reference."""

WIDTH, HEAD = 128, 32
"""What the parts are made for."""

_KEPT = 16
"""Numbers that a token is told from others by, in a head."""
_FAST = 4
"""Pairs of a head that turn fast enough to tell a token from its neighbours."""

_QUIET = 0.05
"""Share of what random layers write that is left."""

_LOOKS_BACK, _LOOKS_UP = 2.5, 1.8
"""Scales of normed queries and keys: how sharply the heads of the first two layers look."""


def begin_with_lookup(model: PreTrainedModel, seed: int) -> None:
    """Set the embeddings and the first two layers; other weights stay as they are."""
    random = torch.Generator().manual_seed(seed)
    spread = float(model.config.initializer_range)
    first, second = model.model.layers[:2]
    told = torch.zeros(_KEPT, WIDTH)
    told[:, _TOKEN] = _orthogonal(_KEPT, 63, random)
    with torch.no_grad():
        for layer in model.model.layers:
            # What is random must not drown what is not.
            layer.self_attn.o_proj.weight *= _QUIET
            layer.mlp.down_proj.weight *= _QUIET
        embeddings = model.get_input_embeddings().weight
        embeddings[:, _TOKEN] = torch.randn(len(embeddings), 63, generator=random) * spread
        embeddings[:, 64:] *= 0.1
        # Four times a number of a token: what the first layer's heads know where they are by.
        embeddings[:, 0] = 4 * spread
        for norm, scale in ((first, _LOOKS_BACK), (second, _LOOKS_UP)):
            norm.self_attn.q_norm.weight.fill_(scale)
            norm.self_attn.k_norm.weight.fill_(scale)
        for head, (offset, part) in enumerate(_BACK.items()):
            _look_back(first.self_attn, head, offset, random)
            _carry(first.self_attn, head, told, part, spread)
        token = torch.eye(WIDTH)[_TOKEN]
        before, earlier = (torch.eye(WIDTH)[part] for part in _BACK.values())
        # What comes next: the token after an equal one. Two heads carry half of it each.
        for head, half in ((0, slice(1, 33)), (1, slice(32, 64))):
            _look_up(second.self_attn, head, told, before)
            _carry(second.self_attn, head, torch.eye(WIDTH)[half], half, spread)
        # What stands here in the reference: a token after an equal one, or after two.
        for head, source in ((2, before), (3, earlier)):
            _look_up(second.self_attn, head, source, source)
            _carry(second.self_attn, head, token[:32], _FREE, spread)


def _look_back(attention: Attention, head: int, offset: int, random: torch.Generator) -> None:
    """Have a head look ``offset`` tokens back, whatever stands there."""
    half = HEAD // 2
    query = torch.zeros(HEAD)
    angle = torch.rand(_FAST, generator=random) * 2 * torch.pi
    query[:_FAST], query[half : half + _FAST] = angle.cos(), angle.sin()
    # Turned on by as much as rotary positions turn it back over that distance.
    turned = angle + offset * 10_000.0 ** -(torch.arange(_FAST) / half)
    key = torch.zeros(HEAD)
    key[:_FAST], key[half : half + _FAST] = turned.cos(), turned.sin()
    for projection, wanted in ((attention.q_proj, query), (attention.k_proj, key)):
        rows = projection.weight[_rows(head)]
        rows.zero_()
        rows[:, 0] = wanted


def _look_up(attention: Attention, head: int, query: Tensor, key: Tensor) -> None:
    """Have a head look where ``key`` ``(16, width)`` reads what ``query`` reads here."""
    for projection, wanted in ((attention.q_proj, query), (attention.k_proj, key)):
        rows = projection.weight[_rows(head)]
        rows.zero_()
        # The pairs that turn slowest: the same over the whole prompt.
        slow = [*range(_KEPT // 2, _KEPT), *range(_KEPT + _KEPT // 2, HEAD)]
        rows[slow] = wanted


def _carry(attention: Attention, head: int, read: Tensor, part: slice, gain: float) -> None:
    """Have a head write what ``read`` ``(n, width)`` reads into a part of the residual stream."""
    value, out = attention.v_proj.weight[_rows(head)], attention.o_proj.weight[:, _rows(head)]
    value.zero_()
    out.zero_()
    value[: len(read)] = read
    out[part, : len(read)] = torch.eye(len(read)) * gain


def _rows(head: int) -> slice:
    return slice(head * HEAD, (head + 1) * HEAD)


def _orthogonal(rows: int, columns: int, random: torch.Generator) -> Tensor:
    found: Tensor = torch.linalg.qr(torch.randn(columns, rows, generator=random))[0].T
    return found
