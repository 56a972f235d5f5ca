"""Files that were made to harm: refused with a sentence, or harmless to llama.cpp itself."""

import os
import random
import struct
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge import gguf_header, trial
from runtime.judge.gguf_cursor import DamagedError
from tests.runtime.judge.decoders import Files
from tests.runtime.judge.gguf_files import (
    ARRAY,
    STRING,
    Pieces,
    changed,
    put_together,
    spoilt,
    taken_apart,
    text,
    texts,
)

UINT32, FLOAT32 = 4, 6
TRIED = 120
"""Spoilt files that llama.cpp is shown, of each kind; by hand it was some ten thousand."""


def number(value: int) -> bytes:
    return struct.pack("<I", value)


def refused(data: bytes, because: str) -> None:
    with pytest.raises(DamagedError, match=because):
        gguf_header.parse(data)


@pytest.fixture(scope="module")
def encoder(tiny_gguf: Path) -> Pieces:
    return taken_apart(tiny_gguf)


@pytest.fixture(scope="module")
def causal(decoder: Files) -> Pieces:
    return taken_apart(decoder.path)


def test_pieces_make_the_file_again(tiny_gguf: Path, decoder: Files) -> None:
    for path in (tiny_gguf, decoder.path, decoder.loras[0]):
        data = put_together(taken_apart(path))
        assert data == path.read_bytes()
        gguf_header.parse(data)


class TestNamed:
    """What llama.cpp would not survive, or what leads elsewhere, each with its sentence."""

    @pytest.mark.parametrize(
        ("name", "kind", "value", "because"),
        [
            (b"split.count", UINT32, number(2), "one part of several"),
            (b"qwen3.block_count", UINT32, number(0), "claims 0 layers"),
            (b"qwen3.block_count", UINT32, number(513), "claims 513 layers"),
            (b"qwen3.nextn_predict_layers", UINT32, number(2), "layers more than it has"),
            (b"qwen3.context_length", UINT32, number(2**31), "a context of 2147483648 tokens"),
            (b"qwen3.attention.head_count", UINT32, number(0), "claims 0 attention heads"),
            (b"qwen3.rope.scaling.type", STRING, text(b"bent"), "an unknown way"),
            (b"qwen3.expert_count", UINT32, number(4), "4 experts cannot be chosen from"),
            (b"qwen3.expert_used_count", UINT32, number(4), "0 experts cannot be chosen from"),
            (b"qwen3.attention.layer_norm_rms_epsilon", FLOAT32, struct.pack("<f", -1), "divides"),
            (b"tokenizer.ggml.model", STRING, text(b"none"), "vocabulary is of an unknown kind"),
            (b"tokenizer.ggml.model", STRING, text(b"llama"), "lacks 162 of the 256 bytes"),
            (b"tokenizer.ggml.tokens", ARRAY, texts([]), "vocabulary is missing"),
            (b"tokenizer.ggml.tokens", ARRAY, texts([b"a", b"a"]), "another number of token_type"),
            (b"general.alignment", UINT32, number(0), "alignment makes no sense"),
            (b"general.alignment", UINT32, number(48), "alignment makes no sense"),
            (b"general.alignment", UINT32, number(2**31), "alignment makes no sense"),
            (b"general.alignment", FLOAT32, number(32), "another kind of value"),
            (b"general.type", UINT32, number(1), "another kind of value"),
            (b"../../etc/passwd", UINT32, number(1), "an impossible name"),
            (b"", UINT32, number(1), "an impossible name"),
            (b"x", 13, b"", r"an unknown kind of value \(13\)"),
            (b"x", ARRAY, struct.pack("<IQ", ARRAY, 1), r"a list of an unknown kind \(9\)"),
            (b"x", ARRAY, struct.pack("<IQ", STRING, 2**40), "a senseless length"),
            (b"x", ARRAY, struct.pack("<IQ", UINT32, 2**29), "cut short"),
            (b"x", STRING, struct.pack("<Q", 2**63), "senseless length"),
        ],
    )
    def test_metadata(
        self, causal: Pieces, name: bytes, kind: int, value: bytes, because: str
    ) -> None:
        refused(put_together(changed(causal, name, kind, value)), because)

    def test_a_name_twice(self, causal: Pieces) -> None:
        twice = [*causal.entries, causal.entries[0]]
        refused(put_together(causal._replace(entries=twice)), "twice")

    def test_a_token_twice(self, causal: Pieces) -> None:
        tokens = [b"x", b"x", *(b"t%d" % i for i in range(298))]
        spoilt = changed(causal, b"tokenizer.ggml.tokens", ARRAY, texts(tokens))
        refused(put_together(spoilt), "a token twice")

    def test_a_token_that_llama_cpp_makes_up(self, causal: Pieces) -> None:
        tokens = [b"", b"[EMPTY_0]", *(b"t%d" % i for i in range(298))]
        spoilt = changed(causal, b"tokenizer.ggml.tokens", ARRAY, texts(tokens))
        refused(put_together(spoilt), "a token twice")

    def test_too_few_types_of_tokens(self, causal: Pieces) -> None:
        types = struct.pack("<IQ", 5, 2) + bytes(8)
        spoilt = changed(causal, b"tokenizer.ggml.token_type", ARRAY, types)
        refused(put_together(spoilt), "300 tokens, but another number of token_type")

    def test_an_encoder_without_the_ends_of_a_text(self, encoder: Pieces) -> None:
        few = changed(encoder, b"tokenizer.ggml.tokens", ARRAY, texts([b"a", b"b", b"c"]))
        others = (b"scores", b"token_type", b"_token_id")
        kept = [entry for entry in few.entries if not entry[0].endswith(others)]
        refused(put_together(few._replace(entries=kept)), "its vocabulary has no token for bos")

    @pytest.mark.parametrize(
        ("change", "because"),
        [
            (lambda name, shape, kind, at: (b"../../x", shape, kind, at), "impossible name"),
            (lambda name, shape, kind, at: (b"a" * 64, shape, kind, at), "impossible name"),
            (lambda name, shape, kind, at: (b"output_norm.weight", shape, kind, at), "twice"),
            (lambda name, shape, kind, at: (name, [2**62, 8], kind, at), "senseless size"),
            (lambda name, shape, kind, at: (name, [0, 8], kind, at), "senseless size"),
            (lambda name, shape, kind, at: (name, shape * 3, kind, at), "6 dimensions"),
            (lambda name, shape, kind, at: (name, [], kind, at), "0 dimensions"),
            (lambda name, shape, kind, at: (name, shape, 26, at), r"unknown type \(26\)"),
            (lambda name, shape, kind, at: (name, shape, 4_000, at), "unknown type"),
            (lambda name, shape, kind, at: (name, shape, 14, at), "no whole blocks"),
            (lambda name, shape, kind, at: (name, shape[:1], 1, at), "one row of a type for"),
            (lambda name, shape, kind, at: (name, shape, kind, 2**64 - 32), "does not lie where"),
            (lambda name, shape, kind, at: (name, shape, kind, at + 32), "does not lie where"),
            (lambda name, shape, kind, at: (name, shape, kind, max(0, at - 32)), "does not lie"),
        ],
    )
    def test_tensors(
        self,
        causal: Pieces,
        change: Callable[[bytes, list[int], int, int], tuple[bytes, list[int], int, int]],
        because: str,
    ) -> None:
        matrices = [i for i, one in enumerate(causal.tensors) if len(one[1]) == 2]
        tensors = list(causal.tensors)
        tensors[matrices[1]] = change(*tensors[matrices[1]])
        refused(put_together(causal._replace(tensors=tensors)), because)

    def test_an_adapter_whose_halves_do_not_fit(self, decoder: Files) -> None:
        pieces = taken_apart(decoder.loras[0])
        halves = [
            (b"token_embd.weight.lora_a", [4, 8], 0, 0),
            (b"token_embd.weight.lora_b", [8, 4], 0, 128),
        ]
        data = put_together(pieces._replace(tensors=halves, data=bytes(256)))
        refused(data, "the halves of its tensor")

    def test_an_adapter_with_a_number_of_another_kind(self, decoder: Files) -> None:
        pieces = taken_apart(decoder.loras[0])
        spoilt = changed(pieces, b"adapter.lora.alpha", 12, struct.pack("<d", 1.0))
        refused(put_together(spoilt), "another kind of value")


class TestBounds:
    @pytest.mark.parametrize("count", [65_537, 2**32, 2**63, 2**64 - 1])
    def test_huge_counts_take_neither_time_nor_memory(self, count: int) -> None:
        head = b"GGUF" + struct.pack("<I", 3)
        name = text(b"x") + struct.pack("<I", ARRAY)
        files = (
            head + struct.pack("<QQ", count, 0),
            head + struct.pack("<QQ", 0, count),
            head + struct.pack("<QQ", 0, 1) + name + struct.pack("<IQ", 8, count),
            head + struct.pack("<QQ", 0, 1) + name + struct.pack("<IQ", 10, count),
            head + struct.pack("<QQ", 0, 1) + struct.pack("<Q", count),
        )
        tracemalloc.start()
        try:
            for data in files:
                refused(data + bytes(100_000), "it")
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_a_list_of_empty_strings_ends_early(self) -> None:
        """32 MB of zeros are four million empty strings: that many are read, no more."""
        head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text(b"x")
        lengthy = head + struct.pack("<IIQ", ARRAY, STRING, 4_000_001) + bytes(8 * 4_000_001)
        before = time.process_time()
        refused(lengthy, "senseless length")
        # Not a measure of speed: reading it all would take a second and more.
        assert time.process_time() - before < 60


class TestAnything:
    @given(st.integers(0, 2**32))
    def test_a_spoilt_file_is_read_or_refused(self, causal: Pieces, seed: int) -> None:
        data = put_together(spoilt(causal, random.Random(seed)))
        try:
            header = gguf_header.parse(data)
        except DamagedError as error:
            assert str(error)
        else:
            assert header.tensors <= len(data)

    def test_a_path_gets_a_model_error(self, causal: Pieces, tmp_path: Path) -> None:
        path = tmp_path / "m.gguf"
        for seed in range(40):
            path.write_bytes(put_together(spoilt(causal, random.Random(seed))))
            try:
                gguf_header.read(path)
            except ModelError as error:
                assert str(path) in error.message
        assert [one.name for one in tmp_path.iterdir()] == ["m.gguf"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be made fast here")
class TestSurvivors:
    """Whatever passes our check may be refused by llama.cpp, but must not end it."""

    def endings(self, pieces: Pieces, folder: Path, *options: str) -> list[str]:
        paths = []
        for seed in range(10 * TRIED):
            data = put_together(spoilt(pieces, random.Random(seed)))
            try:
                gguf_header.parse(data)
            except DamagedError:
                continue
            paths.append(folder / f"{seed}.gguf")
            paths[-1].write_bytes(data)
            if len(paths) == TRIED:
                break
        # Without this variable, ggml would have a debugger look at a process that it ends.
        done = subprocess.run(
            [sys.executable, "-m", "tests.runtime.judge.try_each", *options, *map(str, paths)],
            env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            capture_output=True,
            check=True,
            text=True,
        )
        found = done.stdout.split("\n")[:-1]
        assert len(found) == len(paths) == TRIED
        died = {path.name: end for path, end in zip(paths, found, strict=True) if "code" in end}
        assert died == {}
        return found

    def test_encoders(self, encoder: Pieces, tmp_path: Path) -> None:
        assert {"ran", "refused"} == set(self.endings(encoder, tmp_path))

    def test_decoders(self, causal: Pieces, tmp_path: Path) -> None:
        assert {"ran", "refused"} == set(self.endings(causal, tmp_path))

    def test_adapters(self, decoder: Files, tmp_path: Path) -> None:
        pieces = taken_apart(decoder.loras[0])
        found = self.endings(pieces, tmp_path, "--lora", str(decoder.path))
        assert {"ran", "refused"} == set(found)


class TestTrial:
    """Files from elsewhere are tried out where they can end nothing but themselves."""

    def test_a_sound_model(self, tiny_gguf: Path, decoder: Files) -> None:
        trial.try_out(tiny_gguf)
        trial.try_out(decoder.path)

    def test_one_that_llama_cpp_refuses(self, causal: Pieces, tmp_path: Path) -> None:
        fewer = causal._replace(entries=[e for e in causal.entries if b"block_count" not in e[0]])
        (tmp_path / "m.gguf").write_bytes(put_together(fewer))
        with pytest.raises(ModelError, match=r"llama\.cpp cannot load"):
            trial.try_out(tmp_path / "m.gguf")

    def test_one_that_ends_llama_cpp(self, causal: Pieces, tmp_path: Path) -> None:
        key = b"qwen3.attention.layer_norm_rms_epsilon"
        deadly = changed(causal, key, FLOAT32, struct.pack("<f", -1))
        (tmp_path / "m.gguf").write_bytes(put_together(deadly))
        with pytest.raises(ModelError, match=r"ends llama.cpp \(code -\d+\)"):
            trial.try_out(tmp_path / "m.gguf")
