import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge.gguf_cursor import DamagedError


def fails(path: Path, because: str) -> ModelError:
    with pytest.raises(ModelError, match=because) as caught:
        gguf_header.check(path, {"bert"})
    assert str(path) in caught.value.message
    assert "kindmark convert default" in caught.value.remedy
    return caught.value


def test_a_sound_file_gives_its_header(tiny_gguf: Path) -> None:
    header = gguf_header.check(tiny_gguf, {"bert"})
    assert header.architecture == "bert"
    assert header.metadata["bert.block_count"] == 2
    assert header.tensors == 5 + 2 * 16


class TestUnusableFiles:
    def test_missing(self, tmp_path: Path) -> None:
        fails(tmp_path / "no.gguf", "There is no model")

    def test_folder(self, tmp_path: Path) -> None:
        fails(tmp_path, "not a file")

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "m.gguf").touch()
        fails(tmp_path / "m.gguf", "empty")

    @pytest.mark.parametrize("left", [3, 20, 300, -4000, -1])
    def test_cut_short(self, tiny_gguf: Path, tmp_path: Path, left: int) -> None:
        path = tmp_path / "m.gguf"
        path.write_bytes(tiny_gguf.read_bytes()[:left])
        fails(path, "not a usable GGUF file")

    @pytest.mark.parametrize(
        ("start", "because"),
        [
            (b"PK\x03\x04....", "does not begin with GGUF"),
            (b"GGUF" + struct.pack("<I", 9), "version is 9"),
            (b"GGUF" + struct.pack(">I", 3), "big-endian"),
        ],
    )
    def test_other_formats(self, tmp_path: Path, start: bytes, because: str) -> None:
        (tmp_path / "m.gguf").write_bytes(start + bytes(64))
        fails(tmp_path / "m.gguf", because)

    def test_another_architecture(self, tiny_gguf: Path) -> None:
        with pytest.raises(ModelError, match="'bert' model; needed is gemma3n or qwen2"):
            gguf_header.check(tiny_gguf, {"qwen2", "gemma3n"})


class TestHostileFiles:
    @given(st.binary(max_size=400))
    def test_any_bytes_give_a_header_or_a_model_error(self, data: bytes) -> None:
        self.is_survived(b"GGUF\x03\x00\x00\x00" + data)

    @given(st.data())
    def test_any_changed_bytes_do_too(self, tiny_gguf: Path, data: st.DataObject) -> None:
        raw = bytearray(tiny_gguf.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(8, 3000))
            raw[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))
        self.is_survived(bytes(raw))

    @pytest.mark.parametrize("count", [2**32, 2**63, 2**64 - 1])
    def test_huge_counts_end_with_the_file(self, count: int) -> None:
        head = b"GGUF" + struct.pack("<I", 3)
        self.is_survived(head + struct.pack("<QQ", count, 0) + bytes(200))
        self.is_survived(head + struct.pack("<QQ", 0, count) + bytes(200))
        array = struct.pack("<QQ1sIIQ", 0, 1, b"k", 9, 8, count)
        self.is_survived(head + array[:16] + struct.pack("<Q", 1) + array[16:] + bytes(200))

    def is_survived(self, data: bytes) -> None:
        try:
            gguf_header.parse(data)
        except DamagedError as error:
            assert str(error)
