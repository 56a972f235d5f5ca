"""Quantized files: types, sizes, errors, and what is refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
from llama_cpp import llama_cpp as llama

from convert import disk
from convert.quantize import quantize
from convert.quantize.gguf_tensors import read_tensors
from convert.quantize.importance_file import write_importance
from convert.quantize.quant_types import QUANTS, estimated_size, kept_types
from convert.quantize.quantize import to_q8_0
from runtime.errors import BadInputError, KindmarkError, ModelError
from runtime.judge import logs
from tests.convert.quantize.conftest import INNER, NARROW, WIDTH, write_decoder

Values = dict[str, np.ndarray]
# Of weights drawn from the normal distribution: the root of the mean square error to theirs.
ERRORS = {"Q4_0": 0.11, "Q4_K_M": 0.09, "Q5_K_M": 0.045, "Q6_K": 0.025, "Q8_0": 0.007}


def values(path: Path) -> Values:
    """Return every tensor in float32, by the gguf package: another reader than llama.cpp."""
    return {
        str(tensor.name): gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        for tensor in gguf.GGUFReader(path).tensors
    }


def kinds(path: Path) -> dict[str, str]:
    return {tensor.name: tensor.kind for tensor in read_tensors(path)}


@pytest.mark.parametrize("quant", QUANTS)
def test_each_loses_as_much_as_its_bits_cost(decoder: Path, tmp_path: Path, quant: str) -> None:
    quantize.quantize(decoder, tmp_path / "q.gguf", quant)
    before, after = values(decoder), values(tmp_path / "q.gguf")
    assert before.keys() == after.keys()
    for name, exact in before.items():
        found = after[name].reshape(exact.shape)
        if exact.ndim == 1:
            np.testing.assert_array_equal(found, exact)
            continue
        error = float(np.sqrt(np.mean((found - exact) ** 2) / np.mean(exact**2)))
        assert 0 < error < ERRORS[quant], name


@pytest.mark.parametrize("quant", QUANTS)
@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_the_estimate_is_never_short_and_little_over(
    tmp_path: Path, quant: str, width: int
) -> None:
    source = write_decoder(tmp_path / "f16.gguf", width=width)
    quantize.quantize(source, tmp_path / "q.gguf", quant)
    tensors = read_tensors(source)
    true = sum(tensor.size for tensor in read_tensors(tmp_path / "q.gguf"))
    estimate = estimated_size(tensors, quant, kept_types(tensors, {}))
    assert true <= estimate <= 1.25 * true


@pytest.mark.parametrize("quant", ["q4_k_m", "Q4_K_m"])
def test_names_may_be_written_small(decoder: Path, tmp_path: Path, quant: str) -> None:
    quantize.quantize(decoder, tmp_path / "q.gguf", quant)
    found = gguf.GGUFReader(tmp_path / "q.gguf").get_field("general.file_type")
    assert found
    assert found.contents() == llama.LLAMA_FTYPE_MOSTLY_Q4_K_M


class TestKeep:
    def test_tied_embeddings_are_the_output(self, decoder: Path, tmp_path: Path) -> None:
        quantize.quantize(decoder, tmp_path / "plain.gguf", "Q4_0")
        quantize.quantize(decoder, tmp_path / "kept.gguf", "Q4_0", keep={"output": "Q8_0"})
        plain, kept = kinds(tmp_path / "plain.gguf"), kinds(tmp_path / "kept.gguf")
        assert kept == plain | {"token_embd.weight": "Q8_0"} != plain

    def test_each_of_two(self, untied: Path, tmp_path: Path) -> None:
        keep = {"output": "F16", "token_embd": "q8_0"}
        quantize.quantize(untied, tmp_path / "q.gguf", "Q4_K_M", keep=keep)
        found = kinds(tmp_path / "q.gguf")
        assert (found["output.weight"], found["token_embd.weight"]) == ("F16", "Q8_0")
        np.testing.assert_array_equal(
            values(tmp_path / "q.gguf")["output.weight"], values(untied)["output.weight"]
        )

    def test_a_pattern_and_what_is_said_more_plainly(self, decoder: Path, tmp_path: Path) -> None:
        keep = {"blk.1.ffn_down": "Q6_K", "blk.*.ffn_down": "Q8_0"}
        quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_0", keep=keep)
        found = {n: k for n, k in kinds(tmp_path / "q.gguf").items() if "ffn_down" in n}
        assert found.pop("blk.1.ffn_down.weight") == "Q6_K"
        assert set(found.values()) == {"Q8_0"}
        assert len(found) == 3

    def test_a_dot_is_a_dot(self, decoder: Path) -> None:
        with pytest.raises(BadInputError, match="'blk_1_ffn_down'"):
            kept_types(read_tensors(decoder), {"blk_1_ffn_down": "Q8_0"})

    def test_a_head_stays_half_precision(self, tmp_path: Path) -> None:
        source = write_decoder(tmp_path / "f32.gguf", head=True, dtype=np.float32)
        quantize.quantize(source, tmp_path / "q.gguf", "Q4_K_M")
        assert kinds(tmp_path / "q.gguf")["cls.output.weight"] == "F16"
        quantize.quantize(source, tmp_path / "f.gguf", "Q4_K_M", keep={"cls.output": "F32"})
        assert kinds(tmp_path / "f.gguf")["cls.output.weight"] == "F32"


class TestImportance:
    @pytest.mark.parametrize("quant", ["Q4_0", "Q4_K_M", "Q5_K_M", "Q6_K"])
    def test_what_matters_is_rounded_less(self, decoder: Path, tmp_path: Path, quant: str) -> None:
        name = "blk.1.ffn_up.weight"
        importance = np.where(np.arange(WIDTH) % 8 == 0, 100.0, 0.01)
        write_importance(tmp_path / "i.npz", {name: importance})
        quantize.quantize(decoder, tmp_path / "plain.gguf", quant)
        quantize.quantize(decoder, tmp_path / "q.gguf", quant, importance=tmp_path / "i.npz")
        exact = values(decoder)[name]

        def weighed(path: Path) -> float:
            return float(np.mean((values(path)[name] - exact) ** 2 * importance))

        assert weighed(tmp_path / "q.gguf") < 0.8 * weighed(tmp_path / "plain.gguf")
        plain, other = values(tmp_path / "plain.gguf"), values(tmp_path / "q.gguf")
        np.testing.assert_array_equal(
            plain["blk.1.attn_output.weight"], other["blk.1.attn_output.weight"]
        )

    def test_columns_never_used_are_kept_all_the_same(self, decoder: Path, tmp_path: Path) -> None:
        name = "blk.1.ffn_up.weight"
        write_importance(tmp_path / "i.npz", {name: np.zeros(WIDTH), "of.another": np.ones(3)})
        quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_K_M", importance=tmp_path / "i.npz")
        exact, found = values(decoder)[name], values(tmp_path / "q.gguf")[name]
        assert np.sqrt(np.mean((found - exact) ** 2)) < 0.1

    @pytest.mark.parametrize(
        ("vectors", "because"),
        [
            ({"blk.1.ffn_up.weight": np.ones(INNER)}, "another model"),
            ({"blk.1.ffn_up.weight": np.ones((WIDTH, 1))}, "another model"),
            ({"blk.9.ffn_up.weight": np.ones(WIDTH)}, "names no tensor"),
            ({"blk.1.ffn_up.weight": np.full(WIDTH, np.nan)}, "no mean square"),
            ({"blk.1.ffn_up.weight": np.full(WIDTH, -1)}, "no mean square"),
            ({}, "names no tensor"),
        ],
    )
    def test_of_another_model(
        self, decoder: Path, tmp_path: Path, vectors: Values, because: str
    ) -> None:
        write_importance(tmp_path / "i.npz", vectors)
        with pytest.raises(BadInputError, match=because):
            quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_0", importance=tmp_path / "i.npz")
        assert not (tmp_path / "q.gguf").exists()

    @pytest.mark.parametrize("content", [None, b"", b"PK\3\4 no archive", b"\x93NUMPY"])
    def test_what_is_no_archive(self, decoder: Path, tmp_path: Path, content: bytes | None) -> None:
        path = tmp_path / "i.npz"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BadInputError, match=r"i\.npz cannot be used"):
            quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_0", importance=path)

    def test_a_single_array_is_no_archive(self, decoder: Path, tmp_path: Path) -> None:
        with (tmp_path / "i.npz").open("wb") as file:
            np.save(file, np.ones(4))
        with pytest.raises(BadInputError, match="no numpy archive"):
            quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_0", importance=tmp_path / "i.npz")


class TestRefused:
    @pytest.mark.parametrize(
        ("quant", "nearest"),
        [("Q4_K", "Q4_K_M"), ("q5km", "Q5_K_M"), ("Q8", "Q8_0"), ("Q4_1", "Q4_0"), ("int8", None)],
    )
    def test_an_unknown_quantization(
        self, decoder: Path, tmp_path: Path, quant: str, nearest: str | None
    ) -> None:
        with pytest.raises(BadInputError, match=f"no quantization '{quant}'") as caught:
            quantize.quantize(decoder, tmp_path / "q.gguf", quant)
        assert ", ".join(QUANTS) in caught.value.remedy
        if nearest:
            assert f"Did you mean {nearest}?" in caught.value.remedy

    @pytest.mark.parametrize(
        ("keep", "because", "remedy"),
        [
            ({"outptu": "Q8_0"}, "called 'outptu'", "output_norm|output|token_embd"),
            ({"token_embed": "Q8_0"}, "called 'token_embed'", "Did you mean token_embd?"),
            ({"output": "Q8"}, "type of tensor 'Q8'", "Did you mean Q8_0?"),
            ({"output": "Q4_K_M"}, "type of tensor 'Q4_K_M'", "Did you mean Q4_K?"),
        ],
    )
    def test_what_cannot_be_kept(
        self, decoder: Path, keep: dict[str, str], because: str, remedy: str
    ) -> None:
        with pytest.raises(BadInputError, match=because) as caught:
            kept_types(read_tensors(decoder), keep)
        assert any(part in caught.value.remedy for part in remedy.split("|"))

    def test_rows_that_do_not_divide(self, tmp_path: Path) -> None:
        source = write_decoder(tmp_path / "f16.gguf", width=NARROW)
        with pytest.raises(BadInputError, match="rows of 96 do not divide by 256"):
            quantize.quantize(source, tmp_path / "q.gguf", "Q8_0", keep={"token_embd": "Q6_K"})

    def test_a_file_that_is_quantized_already(self, decoder: Path, tmp_path: Path) -> None:
        to_q8_0(decoder, tmp_path / "q8.gguf")
        with pytest.raises(ModelError, match=r"quantized already \(Q8_0\)"):
            quantize.quantize(tmp_path / "q8.gguf", tmp_path / "q4.gguf", "Q4_0")

    @pytest.mark.parametrize("damage", [lambda raw: raw[:-1], lambda raw: b"GGML" + raw[4:]])
    def test_a_damaged_file(
        self, decoder: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        (tmp_path / "f16.gguf").write_bytes(damage(decoder.read_bytes()))
        with pytest.raises(ModelError, match=r"f16\.gguf is not a usable GGUF file"):
            quantize.quantize(tmp_path / "f16.gguf", tmp_path / "q.gguf", "Q4_0")
        with pytest.raises(ModelError, match="no model at"):
            quantize.quantize(tmp_path / "none.gguf", tmp_path / "q.gguf", "Q4_0")

    def test_llama_cpps_own_reason_is_told_and_nothing_left(
        self, decoder: Path, tmp_path: Path
    ) -> None:
        raw = bytearray(decoder.read_bytes())
        # The last tensor of the file becomes NaN in half precision.
        raw[-1024:] = b"\xff\x7f" * 512
        (tmp_path / "f16.gguf").write_bytes(raw)
        with pytest.raises(ModelError, match=r"llama\.cpp cannot quantize.*invalid data"):
            quantize.quantize(tmp_path / "f16.gguf", tmp_path / "q.gguf", "Q4_0")
        assert [path.name for path in tmp_path.iterdir()] == ["f16.gguf"]
        assert not any(type(h).__name__ == "_Collector" for h in logs.LOGGER.handlers)

    def test_a_full_disk(
        self, decoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = shutil.disk_usage(tmp_path)._replace(free=disk.SPARE + 500_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        with pytest.raises(disk.NoRoomError, match="2 MB are needed"):
            quantize.quantize(decoder, tmp_path / "q.gguf", "Q4_0")
        assert not list(tmp_path.iterdir())


def test_a_stopped_run_leaves_the_earlier_file(
    decoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "q.gguf"
    target.write_bytes(b"the earlier one")

    def stopped(_source: Path, part: Path, _params: object) -> None:
        part.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(quantize, "_run", stopped)
    with pytest.raises(KeyboardInterrupt):
        quantize.quantize(decoder, target, "Q4_0")
    assert target.read_bytes() == b"the earlier one"
    assert list(tmp_path.iterdir()) == [target]


def test_every_refusal_says_what_to_do(decoder: Path, tmp_path: Path) -> None:
    for quant, keep in (("Q3", {}), ("Q4_0", {"x": "Q8_0"}), ("Q4_0", {"output": "x"})):
        with pytest.raises(KindmarkError) as caught:
            quantize.quantize(decoder, tmp_path / "q.gguf", quant, keep=keep)
        assert caught.value.remedy


def test_the_list_of_tensors_is_that_of_the_gguf_package(untied: Path, tiny_gguf: Path) -> None:
    for path in (untied, tiny_gguf):
        expected = [
            (str(t.name), tuple(map(int, t.shape)), t.tensor_type.name, int(t.n_bytes))
            for t in gguf.GGUFReader(path).tensors
        ]
        assert [(t.name, t.shape, t.kind, t.size) for t in read_tensors(path)] == expected


def test_llama_cpp_keeps_silent(
    decoder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    to_q8_0(decoder, tmp_path / "q.gguf")
    assert capfd.readouterr() == ("", "")
