"""The shapes of the catalogue's bases as their makers published them, for those not installed.

    published("qwen2.5-1.5b", "qwen2.5-1.5b-instruct-q4_k_m.gguf")

From the models' cards and configurations: Qwen2.5 (arXiv 2412.15115), Qwen3 (arXiv 2505.09388),
Gemma (arXiv 2403.08295), Gemma 3n (https://ai.google.dev/gemma/docs/gemma-3n).
"""

from typing import NamedTuple

from runtime.judge.measure.shape import Shape

_BITS = {"q4_k_m": 4.85, "q5_k_m": 5.7, "q6_k": 6.56, "q8_0": 8.5, "f16": 16.0, "bf16": 16.0}
"""Bits a weight takes on average in files of these names (llama.cpp's quantize)."""

_OUTPUT_BITS = {"q4_k_m": 6.56, "q5_k_m": 6.56}
"""Where what makes the logits is kept finer than the rest."""


class _Known(NamedTuple):
    """Millions of weights; widths. ``lookup`` are tables beside that of the vocabulary."""

    body: float
    layers: int
    width: int
    inner: int
    kv_heads: int
    head: int
    vocabulary: int
    positions: int
    lookup: float = 0.0


_MODELS = {
    "qwen2.5-1.5b": _Known(1310, 28, 1536, 8960, 2, 128, 151_936, 32_768),
    "qwen3-4b": _Known(3633, 36, 2560, 9728, 8, 128, 151_936, 262_144),
    "gemma-2b": _Known(1982, 18, 2048, 16_384, 1, 256, 256_000, 8192),
    # Of its 30 layers 10 use the keys and values of others; half of the model is looked up.
    "gemma-3n-e2b": _Known(1910, 20, 2048, 8192, 2, 256, 262_400, 32_768, 2013.0),
}


def published(name: str, file: str) -> Shape | None:
    """Return the shape of a catalogue entry's file, None if nothing is published or known of it."""
    known = _MODELS.get(name)
    kind = next((kind for kind in _BITS if kind in file.lower()), None)
    if known is None or kind is None:
        return None
    bits, finer = _BITS[kind], _OUTPUT_BITS.get(kind, _BITS[kind])
    output = known.vocabulary * known.width
    body = 1e6 * known.body
    lookup = 1e6 * known.lookup
    return Shape(
        parameters=int(body + lookup + output),
        file_bytes=int(((body + lookup) * bits + output * finer) / 8),
        body=body,
        body_bytes=body * bits / 8,
        output=output,
        output_bytes=int(output * finer / 8),
        vocabulary=known.vocabulary,
        inner=known.inner,
        kv=2 * known.layers * known.kv_heads * known.head,
        positions=known.positions,
    )
