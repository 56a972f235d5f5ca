import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convert.merge import safetensors
from runtime.errors import ModelError
from tests import tiny_models


def write(path: Path, header: object, data: bytes = bytes(16)) -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def entry(
    dtype: str = "F32", shape: object = (2, 2), offsets: object = (0, 16)
) -> dict[str, object]:
    return {"w": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


def test_reads_what_was_written(tmp_path: Path) -> None:
    tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.full(1, 7, np.float32)}
    tiny_models.write_safetensors(tmp_path / "m", tensors)
    found = safetensors.load(tmp_path / "m")
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(found[name], tensor)


def test_bfloat16_comes_as_float32(tmp_path: Path) -> None:
    raw = struct.pack("<4H", 0x3F80, 0xC000, 0x0000, 0x7F80)
    found = safetensors.load(write(tmp_path / "m", entry("BF16", (4,), (0, 8)), raw))
    assert found["w"].tolist() == [1.0, -2.0, 0.0, np.inf]


@pytest.mark.parametrize(
    "header",
    [
        [],
        "text",
        {"w": None},
        {"w": {}},
        entry("F31"),
        entry(shape=(2, 3)),
        entry(shape=(-2, -2)),
        entry(shape=(2**40, 2**40)),
        entry(shape=(True, 4)),
        entry(shape="22"),
        entry(offsets=(0, 17)),
        entry(offsets=(16, 0)),
        entry(offsets=(8, 24)),
        entry(offsets=(-16, 0)),
        entry(offsets=(0.0, 16.0)),
        entry(offsets=(0,)),
    ],
)
def test_wrong_headers_are_refused(tmp_path: Path, header: object) -> None:
    with pytest.raises(ModelError, match="not a usable safetensors file"):
        safetensors.load(write(tmp_path / "m", header))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        safetensors.load(tmp_path / "nowhere")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    text = b"[" * 200_000
    (tmp_path / "m").write_bytes(struct.pack("<Q", len(text)) + text)
    with pytest.raises(ModelError, match="not JSON"):
        safetensors.load(tmp_path / "m")


@given(data=st.binary(max_size=200), length=st.none() | st.integers(0, 2**64 - 1))
def test_any_bytes_give_tensors_or_a_model_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, length: int | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    prefix = struct.pack("<Q", len(data) if length is None else length)
    path.write_bytes(prefix + data)
    survives(path)


@given(at=st.integers(0, 4000), new=st.binary(min_size=1, max_size=12), cut=st.integers(0, 5000))
def test_any_changed_file_does_too(
    tiny_sources: Path, tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes, cut: int
) -> None:
    raw = bytearray((tiny_sources / "model.safetensors").read_bytes())
    raw[at : at + len(new)] = new
    path = tmp_path_factory.getbasetemp() / "changed.safetensors"
    path.write_bytes(raw[: len(raw) - cut])
    survives(path)


def survives(path: Path) -> None:
    try:
        safetensors.load(path)
    except ModelError as error:
        assert str(path) in error.message
