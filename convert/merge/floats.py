"""Numbers as safetensors stores them, and in float32; numpy has no bfloat16 of its own.

    values = widen(raw, "BF16")
    raw = narrow(values, "BF16")

bfloat16 is the upper half of a float32; rounding is to nearest, ties to even, as torch rounds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Raw = NDArray[Any]
Floats = NDArray[np.float32]

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""How the bits of each kind are read; those of bfloat16 as whole numbers."""


def widen(raw: Raw, kind: str) -> Floats:
    """Return the values of ``raw`` in float32."""
    if kind == "BF16":
        return (raw.astype("<u4") << 16).view("<f4")
    return raw.astype("<f4")


def narrow(values: Floats, kind: str) -> Raw:
    """Return float32 ``values`` rounded to ``kind``; what is too large for it becomes infinite."""
    if kind != "BF16":
        with np.errstate(over="ignore"):
            return values.astype(DTYPES[kind])
    bits = np.ascontiguousarray(values, "<f4").view("<u4")
    # Just under half of the last place kept, or half of it if that place is odd: ties go to even.
    rounded = (bits + (0x7FFF + ((bits >> 16) & 1))) >> 16
    # Adding to a NaN could carry it over into infinity or zero.
    return np.where(np.isnan(values), 0x7FC0, rounded).astype("<u2")


def all_finite(raw: Raw, kind: str) -> bool:
    """Tell whether no value is NaN or infinite; kinds that are no floats have none."""
    if kind == "BF16":
        # The exponent of all ones, whatever the sign.
        return not raw.size or int((raw & 0x7FFF).max()) < 0x7F80
    return kind not in DTYPES or bool(np.isfinite(raw).all())
