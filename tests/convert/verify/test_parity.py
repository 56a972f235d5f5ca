"""Files that say something else than their model are told from those that do not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import msgspec
import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from convert.quantize.quantize import quantize
from convert.verify.hugging_face import Outputs, read_reference
from convert.verify.parity import Parity, compare, template_of
from convert.verify.parity_head import Expected, trained_logits
from convert.verify.parity_limits import LIMITS, kind_of, limits_of
from runtime.errors import ModelError
from runtime.judge.gguf_header import Header
from tests.convert.verify.conftest import ALL, LABELS, Tiny

Change = Callable[[gguf.GGUFReader], None]


@pytest.fixture(scope="module")
def qwen(tiny: Callable[[str], Tiny]) -> Tiny:
    return tiny("qwen2")


@pytest.fixture(scope="module")
def reference(qwen: Tiny) -> list[Outputs]:
    return read_reference(qwen.base, qwen.prompts)


@pytest.fixture
def check(qwen: Tiny, reference: list[Outputs], tmp_path: Path) -> Callable[[Change], Parity]:
    """Return a function that changes a copy of a sound file and compares it."""

    def changed(change: Change) -> Parity:
        path = tmp_path / "changed.gguf"
        shutil.copyfile(qwen.gguf, path)
        change(gguf.GGUFReader(path, "r+"))
        return compare(qwen.base, path, qwen.prompts, reference=reference)

    return changed


class TestSound:
    def test_nothing_is_found(self, qwen: Tiny, reference: list[Outputs]) -> None:
        found = compare(qwen.base, qwen.gguf, qwen.prompts, reference=reference)
        assert found.faults == ()
        assert found.kind == "F32"
        assert found.difference.rows == sum(map(len, qwen.prompts))
        assert found.difference.max_diff < 1e-4
        assert found.difference.kl == pytest.approx(0, abs=1e-9)
        assert found.figures().keys() == {"max_diff", "mean_diff", "top1", "kl"}

    def test_an_encoder_by_its_hidden_states(self, tiny: Callable[[str], Tiny]) -> None:
        bert = tiny("bert")
        found = compare(bert.base, bert.gguf, bert.prompts)
        assert found.faults == ()
        assert found.difference.kl is None
        assert found.difference.cosine == pytest.approx(1, abs=1e-5)

    @pytest.mark.parametrize("architecture", ALL)
    def test_with_its_head_and_an_adapter_on_its_base(
        self, tiny: Callable[[str], Tiny], architecture: str
    ) -> None:
        one = tiny(architecture)
        head = Expected(LABELS, one.head, one.side)
        found = compare(one.merged, one.gguf, one.prompts, head=head, adapter=one.lora)
        assert found.faults == ()
        assert found.head
        assert found.head.max_diff < 5e-3
        assert found.head.same == 1.0
        without = compare(one.merged, one.gguf, one.prompts, head=head)
        assert len(without.faults) >= 2

    @pytest.mark.parametrize("quant", ["Q8_0", "Q4_K_M", "Q4_0"])
    def test_quantized_within_what_that_costs(
        self, qwen: Tiny, reference: list[Outputs], tmp_path: Path, quant: str
    ) -> None:
        path = tmp_path / "quantized.gguf"
        quantize(qwen.gguf, path, quant)
        found = compare(qwen.base, path, qwen.prompts, reference=reference)
        assert found.kind == quant
        assert found.faults == ()
        assert found.difference.max_diff > LIMITS["F32"].max_diff  # type: ignore[operator]


class TestSabotage:
    def test_one_changed_tensor(self, check: Callable[[Change], Parity]) -> None:
        def change(reader: gguf.GGUFReader) -> None:
            # Of 26 tensors the one that says least: a bias of 32 numbers, all a little larger.
            tensor = next(t for t in reader.tensors if t.name == "blk.1.attn_k.bias")
            tensor.data[:] += 0.5

        found = check(change)
        assert any("A number is off" in fault for fault in found.faults)

    def test_one_number_that_is_none(self, check: Callable[[Change], Parity]) -> None:
        def change(reader: gguf.GGUFReader) -> None:
            next(t for t in reader.tensors if t.name == "output_norm.weight").data[3] = np.nan

        assert len(check(change).faults) >= 3

    def test_rows_in_another_order(self, check: Callable[[Change], Parity]) -> None:
        def change(reader: gguf.GGUFReader) -> None:
            tensor = next(t for t in reader.tensors if t.name == "blk.0.attn_q.weight")
            tensor.data[:] = np.roll(tensor.data, 1, axis=0)

        assert check(change).faults

    def test_another_template(self, check: Callable[[Change], Parity]) -> None:
        def change(reader: gguf.GGUFReader) -> None:
            field = reader.fields["tokenizer.chat_template"]
            # A newline after the last word of the template, say.
            field.parts[field.data[0]][-1] ^= 1

        found = check(change)
        assert found.faults == ("The chat template is another one.",)

    def test_another_tokenizer(self, check: Callable[[Change], Parity]) -> None:
        def change(reader: gguf.GGUFReader) -> None:
            field = reader.fields["tokenizer.ggml.tokens"]
            # Two single letters change places: every other length would shift the file.
            letters = [part for i in field.data if bytes(part := field.parts[i]) in {b"e", b"t"}]
            letters[0][:], letters[1][:] = letters[1].copy(), letters[0].copy()

        found = check(change)
        assert len(found.faults) == 1
        assert found.faults[0].startswith("Text is split differently")

    @pytest.mark.parametrize(
        "labels", [LABELS[::-1], (*LABELS[:2], "right"), ("correct", "incorrect", "partial")]
    )
    def test_swapped_labels(self, tiny: Callable[[str], Tiny], labels: tuple[str, ...]) -> None:
        one = tiny("llama")
        side = msgspec.structs.replace(one.side, labels=labels)
        head = Expected(LABELS, one.head, side)
        found = compare(one.merged, one.gguf, one.prompts, head=head, adapter=one.lora)
        assert found.faults == ("The labels of the head are others, or in another order.",)

    def test_swapped_rows_of_a_head(self, tiny: Callable[[str], Tiny]) -> None:
        one = tiny("llama")
        side = msgspec.structs.replace(one.side, weights=one.side.weights[::-1])
        head = Expected(LABELS, one.head, side)
        found = compare(one.merged, one.gguf, one.prompts, head=head, adapter=one.lora)
        assert [fault.startswith("A class is off by") for fault in found.faults] == [True]

    def test_of_another_model(self, tiny: Callable[[str], Tiny], qwen: Tiny) -> None:
        with pytest.raises(ModelError, match="numbers a token"):
            compare(qwen.base, tiny("bert").gguf, qwen.prompts)


class TestLimits:
    def test_known_for_every_kind_that_is_written(self) -> None:
        kinds = [kind_of(_header(number)) for number in (0, 1, 32, 7, 18, 17, 15, 2)]
        assert kinds == list(LIMITS)
        assert all(limits_of(kind).kl > 0 for kind in kinds)

    def test_fewer_bits_may_lose_more(self) -> None:
        lost = [limits.kl for limits in LIMITS.values()]
        cosines = [limits.cosine for limits in LIMITS.values()]
        assert lost == sorted(lost)
        assert cosines == sorted(cosines, reverse=True)

    @pytest.mark.parametrize("number", [None, 10, "Q8_0", -1])
    def test_unknown_for_other_kinds(self, number: int | str | None) -> None:
        with pytest.raises(ModelError, match="no limits are known"):
            kind_of(_header(number))


class TestTemplate:
    def test_of_its_own_file_before_that_of_the_settings(self, tmp_path: Path) -> None:
        assert template_of(tmp_path) == ""
        (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": "old"}))
        assert template_of(tmp_path) == "old"
        (tmp_path / "chat_template.jinja").write_bytes("neu\r\n{{ ü }}".encode())
        assert template_of(tmp_path) == "neu\r\n{{ ü }}"


def test_gemma3n_is_told_from_itself_rounded(tiny: Callable[[str], Tiny]) -> None:
    gemma = tiny("gemma3n")
    found = compare(gemma.base, gemma.gguf, gemma.prompts)
    assert found.faults == ()
    # Transformers' own sparse layers, with the deviation of the whole: the file is as good.
    model = AutoModelForCausalLM.from_pretrained(gemma.base, attn_implementation="eager")
    with torch.inference_mode():
        own = [model(torch.tensor([ids])).logits[0].numpy() for ids in gemma.prompts]
    plain = [Outputs(logits, logits) for logits in own]
    far = compare(gemma.base, gemma.gguf, gemma.prompts, reference=plain).difference
    assert far.max_diff > 100 * found.difference.max_diff
    assert far.kl is not None
    assert far.kl < 1e-3


def test_a_reference_that_transformers_cannot_load(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="transformers cannot load"):
        read_reference(tmp_path, [[1, 2]])


def test_trained_logits_read_the_last_token_and_berts_the_first(
    tiny: Callable[[str], Tiny],
) -> None:
    hidden = np.random.default_rng(0).normal(size=(5, 64)).astype(np.float32)
    last, first = tiny("llama").head, tiny("bert").head
    np.testing.assert_allclose(trained_logits(last, hidden), last.weight @ hidden[-1], rtol=1e-5)
    assert first.pooler
    assert first.bias is not None
    pooled = np.tanh(hidden[0] @ first.pooler[0].T + first.pooler[1])
    np.testing.assert_allclose(
        trained_logits(first, hidden), pooled @ first.weight.T + first.bias, rtol=1e-4, atol=1e-5
    )


def _header(number: object) -> Header:
    metadata: dict[str, Any] = {} if number is None else {"general.file_type": number}
    return Header(metadata, 0, {})
