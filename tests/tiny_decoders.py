"""Tiny random decoders (Qwen3's network) as GGUF files, and the same network in numpy.

    weights = write_decoder(path, seed=1)
    forward(weights, ids).logits

No torch and no converter: what is tested is how the runtime reads such a file.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Weights = dict[str, NDArray[np.float32]]

WIDTH, LAYERS, HEADS, KV_HEADS, HEAD, INNER = 32, 2, 4, 2, 16, 48
POSITIONS = 4096
THETA = 10_000.0
EPSILON = 1e-6
VOCABULARY = 300


class Said(NamedTuple):
    """``logits`` ``(n, vocabulary)`` and the hidden states behind them, ``(n, width)``."""

    logits: Floats
    hidden: Floats


def write_decoder(
    path: Path,
    seed: int,
    *,
    labels: Sequence[str] = (),
    vocabulary: int = VOCABULARY,
    width: int = WIDTH,
) -> Weights:
    """Write a decoder, with a head inside if it has labels, and return its weights by name."""
    weights = random_weights(seed, len(labels), vocabulary, width)
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(width)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_freq_base(THETA)
    writer.add_layer_norm_rms_eps(EPSILON)
    _add_tokens(writer, vocabulary)
    if labels:
        writer.add_pooling_type(gguf.PoolingType.RANK)
        writer.add_classifier_output_labels(list(labels))
    _finish(writer, weights)
    return weights


def write_lora(
    path: Path, seed: int, *, rank: int = 4, alpha: float = 8.0, width: int = WIDTH
) -> Weights:
    """Write an adapter for such a decoder; return what it adds to each weight, by name."""
    random = np.random.default_rng(seed)
    shapes = {f"blk.{layer}.attn_q.weight": (HEADS * HEAD, width) for layer in range(LAYERS)}
    shapes["blk.1.ffn_up.weight"] = (INNER, width)
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    pairs, changes = {}, {}
    for name, (out, into) in shapes.items():
        down = random.normal(0, 0.2, (rank, into)).astype(np.float32)
        up = random.normal(0, 0.2, (out, rank)).astype(np.float32)
        pairs[f"{name}.lora_a"], pairs[f"{name}.lora_b"] = down, up
        changes[name] = (alpha / rank * up @ down).astype(np.float32)
    _finish(writer, pairs)
    return changes


def added(weights: Weights, *changes: tuple[Weights, float]) -> Weights:
    """Return the weights with changes added, each as many times as is said."""
    found = dict(weights)
    for change, scale in changes:
        for name, value in change.items():
            found[name] = found[name] + np.float32(scale) * value
    return found


def random_weights(seed: int, labels: int, vocabulary: int, width: int) -> Weights:
    """Return weights large enough that every layer matters."""
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (vocabulary, width)}
    for layer in range(LAYERS):
        shapes |= {f"blk.{layer}.{name}": shape for name, shape in _block(width).items()}
    shapes["output_norm.weight"] = (width,)
    if labels:
        shapes["cls.output.weight"] = (labels, width)
    return {
        name: (
            1 + random.normal(0, 0.1, shape)
            if "norm" in name
            else random.normal(0, width**-0.5, shape)
        ).astype(np.float32)
        for name, shape in shapes.items()
    }


def _block(width: int) -> Mapping[str, tuple[int, ...]]:
    return {
        "attn_norm.weight": (width,),
        "attn_q.weight": (HEADS * HEAD, width),
        "attn_k.weight": (KV_HEADS * HEAD, width),
        "attn_v.weight": (KV_HEADS * HEAD, width),
        "attn_output.weight": (width, HEADS * HEAD),
        "attn_q_norm.weight": (HEAD,),
        "attn_k_norm.weight": (HEAD,),
        "ffn_norm.weight": (width,),
        "ffn_gate.weight": (INNER, width),
        "ffn_up.weight": (INNER, width),
        "ffn_down.weight": (width, INNER),
    }


def forward(weights: Weights, ids: Sequence[int]) -> Said:
    """Run the network on one sequence in float64."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = w["token_embd.weight"][np.asarray(ids)]
    for layer in range(LAYERS):
        part = {n.removeprefix(f"blk.{layer}."): v for n, v in w.items() if f"blk.{layer}." in n}
        x = x + _attention(part, _norm(x, part["attn_norm.weight"]))
        h = _norm(x, part["ffn_norm.weight"])
        gate = h @ part["ffn_gate.weight"].T
        inner = gate / (1 + np.exp(-gate)) * (h @ part["ffn_up.weight"].T)
        x = x + inner @ part["ffn_down.weight"].T
    hidden = _norm(x, w["output_norm.weight"])
    return Said(hidden @ w["token_embd.weight"].T, hidden)


def _attention(part: Mapping[str, Floats], h: Floats) -> Floats:
    count = len(h)
    q = _turned(
        _norm((h @ part["attn_q.weight"].T).reshape(count, HEADS, HEAD), part["attn_q_norm.weight"])
    )
    k = _turned(
        _norm(
            (h @ part["attn_k.weight"].T).reshape(count, KV_HEADS, HEAD), part["attn_k_norm.weight"]
        )
    )
    v = (h @ part["attn_v.weight"].T).reshape(count, KV_HEADS, HEAD)
    k, v = (np.repeat(one, HEADS // KV_HEADS, axis=1) for one in (k, v))
    scores = np.einsum("qhd,khd->hqk", q, k) / HEAD**0.5
    scores = np.where(np.tri(count, dtype=bool), scores, -np.inf)
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = np.einsum("hqk,khd->qhd", odds / odds.sum(axis=-1, keepdims=True), v)
    return np.asarray(mixed.reshape(count, -1) @ part["attn_output.weight"].T)


def _norm(x: Floats, weight: Floats) -> Floats:
    return np.asarray(x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + EPSILON) * weight)


def _turned(x: Floats) -> Floats:
    """Rotary positions (Su et al. 2021), the first half of a head turned with the second."""
    half = HEAD // 2
    angles = np.outer(np.arange(len(x)), THETA ** -(np.arange(half) / half))[:, None]
    first, second = x[..., :half], x[..., half:]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


def _add_tokens(writer: gguf.GGUFWriter, count: int) -> None:
    letters = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256))]
    letters += [chr(256 + i) for i in range(256 - len(letters))]
    tokens = [*letters, "th", *(f"<extra_{i}>" for i in range(count - len(letters) - 1))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (len(letters) + 1) + [5] * (count - len(letters) - 1))
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(count - 1)


def _finish(writer: gguf.GGUFWriter, tensors: Mapping[str, NDArray[np.float32]]) -> None:
    for name, tensor in tensors.items():
        writer.add_tensor(name, np.ascontiguousarray(tensor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
