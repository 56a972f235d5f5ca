"""How far a GGUF file may be from the model it was made from, by how its weights are stored.

    limits_of("Q4_K_M").kl

f32 must be the same computation; 16 bits may round; what is quantized is bounded by what
quantizing is known to cost, and whether its marks are still good is for the gate to say.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from runtime.errors import ModelError
from runtime.judge.gguf_header import Header


class Limits(NamedTuple):
    """The worst that passes; ``None`` where a measure decides nothing.

    ``max_diff`` is of logits, ``relative`` the mean difference in standard deviations of the
    model's own logits (of hidden states, for an encoder), ``top1`` a share, ``kl`` in nats,
    ``cosine`` the least of hidden states, ``head_diff`` of class logits.
    """

    max_diff: float | None
    relative: float
    top1: float | None
    kl: float
    cosine: float
    head_diff: float | None


# Mean KL of Llama 3 8B against its own f16, as llama.cpp measures it (tools/perplexity/README.md of
# the release we build on): Q8_0 0.0014, Q6_K 0.0055, Q5_K_M 0.011, Q4_K_M 0.031, Q4_0 0.072. Small
# models lose more than large ones; four times as much is a broken file.
_SLACK = 4.0
_KNOWN_KL = {"Q8_0": 0.0014, "Q6_K": 0.0055, "Q5_K_M": 0.011, "Q4_K_M": 0.031, "Q4_0": 0.072}
# Least cosine of a token's vector: a random tiny BERT, the worst there is to quantize, reaches
# 0.9995, 0.9995, 0.991, 0.976 and 0.876.
_KNOWN_COSINE = {"Q8_0": 0.99, "Q6_K": 0.99, "Q5_K_M": 0.97, "Q4_K_M": 0.94, "Q4_0": 0.80}

_SIXTEEN = Limits(None, 0.02, 0.97, 1e-3, 0.9999, 0.05)
LIMITS: Mapping[str, Limits] = {
    "F32": Limits(5e-3, 2e-3, 0.995, 1e-5, 0.99999, 5e-3),
    "F16": _SIXTEEN,
    "BF16": _SIXTEEN,
    **{
        name: Limits(None, math.inf, None, _SLACK * kl, _KNOWN_COSINE[name], None)
        for name, kl in _KNOWN_KL.items()
    },
}

# general.file_type: llama.cpp's llama_ftype.
_KINDS = {0: "F32", 1: "F16", 2: "Q4_0", 7: "Q8_0", 15: "Q4_K_M", 17: "Q5_K_M", 18: "Q6_K"}
_KINDS[32] = "BF16"
UNROUNDED = frozenset({"F32", "F16", "BF16"})
"""Kinds that are compared with keys and values in f32: what is looked at is the weights."""


def kind_of(header: Header) -> str:
    """Return how a file stores its weights. Raises ``ModelError`` if no limits are known for it."""
    number = header.metadata.get("general.file_type")
    found = _KINDS.get(number) if isinstance(number, int) else None
    if found is None:
        raise ModelError(
            f"The file says its weights are of kind {number!r}, for which no limits are known.",
            f"Quantize to one of {', '.join(LIMITS)}.",
        )
    return found


def limits_of(kind: str) -> Limits:
    """Return the limits of a kind that ``kind_of`` names."""
    return LIMITS[kind]
