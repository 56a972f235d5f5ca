"""bfloat16 in numpy against torch's own, for every value there is."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from convert.merge import floats

ANY_FLOAT = st.integers(0, 2**32 - 1).map(lambda bits: np.uint32(bits).view(np.float32))


def test_every_bfloat16_is_widened_as_torch_does_and_comes_back() -> None:
    raw = np.arange(2**16, dtype=np.uint16)
    wide = floats.widen(raw, "BF16")
    np.testing.assert_array_equal(wide, torch.from_numpy(raw).view(torch.bfloat16).float().numpy())
    whole = ~np.isnan(wide)
    np.testing.assert_array_equal(floats.narrow(wide, "BF16")[whole], raw[whole])


@given(st.lists(ANY_FLOAT, max_size=20), st.sampled_from(["BF16", "F16"]))
def test_rounding_is_torchs(values: list[np.float32], kind: str) -> None:
    found = floats.widen(floats.narrow(np.array(values, np.float32), kind), kind)
    dtype = torch.bfloat16 if kind == "BF16" else torch.float16
    expected = torch.from_numpy(np.array(values, np.float32)).to(dtype).float().numpy()
    np.testing.assert_array_equal(found, expected)


def test_ties_go_to_even() -> None:
    # One and a half, and two and a half steps above 1.0.
    between = np.array([1 + 1.5 * 2**-7, 1 + 2.5 * 2**-7], np.float32)
    found = floats.widen(floats.narrow(between, "BF16"), "BF16")
    assert found.tolist() == [1 + 2 * 2**-7, 1 + 2 * 2**-7]


@pytest.mark.parametrize("kind", ["BF16", "F16", "F32", "F64"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_seen(kind: str, value: float) -> None:
    values = np.array([[1, -2], [0.5, value]], np.float32)
    assert not floats.all_finite(floats.narrow(values, kind), kind)
    assert floats.all_finite(floats.narrow(values[:1], kind), kind)
    assert floats.all_finite(floats.narrow(values[:0], kind), kind)


def test_too_large_for_half_precision_is_infinite() -> None:
    assert not floats.all_finite(floats.narrow(np.array([70_000], np.float32), "F16"), "F16")


def test_whole_numbers_are_always_finite() -> None:
    assert floats.all_finite(np.array([-1, 2**62]), "I64")
