"""Checks a converted model by reading with it: vectors must be sound and survive quantization."""

from pathlib import Path

import numpy as np

from runtime.errors import ModelError
from runtime.judge.encoder import Encoder

# Of everything a child may write: words, sums, symbols, nothing at all.
SAMPLE = (
    "Plants need light, water and air to grow.",
    "3/4 + 1/2 = 5/4, so it is 1 1/4",
    "because the sun is hot it melts the ice and then it turns into water and then into gas",
    "x² − 3 ≈ 6 cm² 🙂",
    "",
)
# all-MiniLM-L6-v2 reaches 0.998; a wrong tensor or rounding falls far below this.
LEAST_COSINE = 0.99


def agreement(reference: Path, quantized: Path) -> float:
    """Return the least cosine between sentence vectors of the two models.

    Raises ``ModelError`` below ``LEAST_COSINE``, or if tokens differ or a number is not finite.
    """
    with Encoder.open(reference) as one, Encoder.open(quantized) as other:
        pairs = list(zip(one.encode(SAMPLE), other.encode(SAMPLE), strict=True))
    if any(not np.array_equal(a.tokens, b.tokens) for a, b in pairs):
        raise ModelError(f"{reference} and {quantized} split text differently.")
    least = min(float(a.mean() @ b.mean()) for a, b in pairs)
    # Written so that NaN fails too.
    if not least >= LEAST_COSINE:
        raise ModelError(f"{quantized} lost too much precision: cosine {least:.4f}.")
    return least
