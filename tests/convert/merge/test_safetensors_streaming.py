"""Files written and read in pieces, with the reference implementation on the other side."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from convert.merge import safetensors as own
from convert.merge.safetensors import Described
from runtime.errors import ModelError

TENSORS: dict[str, np.ndarray] = {
    "matrix": np.arange(35, dtype=np.float32).reshape(7, 5),
    "cube": np.arange(24, dtype=np.int64).reshape(2, 3, 4),
    "scalar": np.array(3.5, np.float16),
    "nothing": np.zeros((0, 3), np.float32),
    "flags": np.array([True, False]),
}
KINDS = {"matrix": "F32", "cube": "I64", "scalar": "F16", "nothing": "F32", "flags": "BOOL"}


def written(path: Path) -> Path:
    described = [Described(name, KINDS[name], t.shape) for name, t in TENSORS.items()]
    own.write(path, described, lambda one: [TENSORS[one.name]])
    return path


def read(path: Path) -> dict[str, np.ndarray]:
    found = {}
    for stored in own.layout(path):
        pieces = list(own.rows(path, stored))
        raw = b"".join(piece.tobytes() for piece in pieces)
        name = stored.described.name
        found[name] = np.frombuffer(raw, TENSORS[name].dtype).reshape(stored.described.shape)
    return found


def test_the_reference_reads_what_is_written(tmp_path: Path) -> None:
    path = written(tmp_path / "m")
    found = safetensors.numpy.load_file(path)
    assert found.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        np.testing.assert_array_equal(found[name], tensor)
    length = int.from_bytes(path.read_bytes()[:8], "little")
    assert length % 8 == 0


@pytest.mark.parametrize("piece", [1, 7, 10, 1000])
def test_pieces_of_any_size_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(own, "PIECE", piece)
    safetensors.numpy.save_file(TENSORS, tmp_path / "m")
    found = read(tmp_path / "m")
    assert found.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        np.testing.assert_array_equal(found[name], tensor)


def test_pieces_are_no_larger_than_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "PIECE", 11)
    path = written(tmp_path / "m")
    [matrix] = [s for s in own.layout(path) if s.described.name == "matrix"]
    assert [piece.shape for piece in own.rows(path, matrix)] == [(2, 5), (2, 5), (2, 5), (1, 5)]


def test_other_pieces_than_described_are_a_defect(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="w: its pieces"):
        own.write(tmp_path / "m", [Described("w", "F32", (2,))], lambda _: [np.zeros(3)])


@pytest.mark.parametrize("cut", [1, 4, 100])
def test_a_file_cut_short_is_named(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "m")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ModelError, match=r"m is not a usable safetensors file: it is cut short"):
        own.layout(path)


def test_a_file_cut_short_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "m")
    stored = own.layout(path)[0]
    path.write_bytes(path.read_bytes()[: stored.start + 8])
    with pytest.raises(ModelError, match="cut short while it was read"):
        list(own.rows(path, stored))


@pytest.mark.parametrize(
    "offsets",
    [[(0, 8), (8, 16)], [(0, 8), (4, 12)], [(0, 8), (12, 20)], [(4, 12), (12, 20)]],
    ids=["as it should be", "overlapping", "with a gap", "not from the start"],
)
def test_tensors_follow_each_other(tmp_path: Path, offsets: list[tuple[int, int]]) -> None:
    header = {
        str(at): {"dtype": "F32", "shape": [2], "data_offsets": pair}
        for at, pair in enumerate(offsets)
    }
    text = json.dumps(header).encode()
    path = tmp_path / "m"
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(offsets[-1][1]))
    if offsets[1][0] == 8 and offsets[0][0] == 0:
        assert len(own.layout(path)) == 2
    else:
        with pytest.raises(ModelError, match="does not fit the file"):
            own.layout(path)


@given(at=st.integers(0, 700), new=st.binary(min_size=1, max_size=12), cut=st.integers(0, 700))
def test_any_changed_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes, cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.safetensors"
    raw = bytearray(written(path).read_bytes())
    raw[at : at + len(new)] = new
    path.write_bytes(raw[: len(raw) - cut])
    try:
        for stored in own.layout(path):
            list(own.rows(path, stored))
    except ModelError as error:
        assert str(path) in error.message
