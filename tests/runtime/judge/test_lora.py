"""Adapters at run time: what is added, swapped and taken off again; files that are none."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.engine import Model
from runtime.judge.lora import LoraAdapter
from tests.runtime.judge.decoders import NEAR, Files, some_ids
from tests.tiny_decoders import added, forward, write_decoder, write_lora

IDS = some_ids(40)


class TestOn:
    @pytest.mark.parametrize("scale", [1.0, 0.5, -2.0, 0.0])
    def test_is_what_merging_gives(
        self, context: CausalContext, model: Model, decoder: Files, scale: float
    ) -> None:
        with LoraAdapter.open(model, decoder.loras[0]) as adapter:
            context.use([(adapter, scale)])
            merged = added(decoder.weights, (decoder.changes[0], scale))
            np.testing.assert_allclose(context.logits(IDS), forward(merged, IDS).logits, atol=NEAR)
            np.testing.assert_allclose(
                context.last(IDS), forward(merged, IDS).hidden[-1], atol=NEAR
            )

    def test_two_at_once_add_up(self, context: CausalContext, model: Model, decoder: Files) -> None:
        first, second = (LoraAdapter.open(model, path) for path in decoder.loras)
        context.use([(first, 0.7), (second, 0.4)])
        merged = added(decoder.weights, (decoder.changes[0], 0.7), (decoder.changes[1], 0.4))
        np.testing.assert_allclose(context.logits(IDS), forward(merged, IDS).logits, atol=NEAR)

    def test_swapped_and_back_is_the_base_to_the_bit(
        self, context: CausalContext, model: Model, decoder: Files
    ) -> None:
        base = context.logits(IDS)
        first, second = (LoraAdapter.open(model, path) for path in decoder.loras)
        seen = []
        for adapter in (first, second, first):
            context.use([(adapter, 1.0)])
            seen.append(context.logits(IDS))
        context.use([])
        assert np.array_equal(context.logits(IDS), base)
        assert np.array_equal(seen[0], seen[2])
        assert np.abs(seen[0] - base).max() > 0.5 < np.abs(seen[1] - seen[0]).max()

    def test_an_adapter_at_the_address_of_a_closed_one_is_another(
        self, context: CausalContext, model: Model, decoder: Files
    ) -> None:
        for turn in range(6):
            which = turn % 2
            with LoraAdapter.open(model, decoder.loras[which]) as adapter:
                context.use([(adapter, 1.0)])
                found = context.logits(IDS)
            merged = added(decoder.weights, (decoder.changes[which], 1.0))
            np.testing.assert_allclose(found, forward(merged, IDS).logits, atol=NEAR)

    def test_two_contexts_of_one_model_use_their_own(
        self, context: CausalContext, model: Model, decoder: Files
    ) -> None:
        base = context.logits(IDS)
        with (
            LoraAdapter.open(model, decoder.loras[0]) as adapter,
            CausalContext(model, CausalLimits(64, threads=1, exact=True)) as other,
        ):
            other.use([(adapter, 1.0)])
            assert np.abs(other.logits(IDS) - base).max() > 0.5
            assert np.array_equal(context.logits(IDS), base)


class TestClosed:
    def test_it_is_never_computed_with(
        self, context: CausalContext, model: Model, decoder: Files
    ) -> None:
        adapter = LoraAdapter.open(model, decoder.loras[0])
        context.use([(adapter, 1.0)])
        adapter.close()
        for read in (context.logits, context.last):
            with pytest.raises(ModelError, match="was closed"):
                read(IDS)
        with pytest.raises(ModelError, match="was closed"):
            context.use([(adapter, 1.0)])
        context.use([])
        assert np.isfinite(context.logits(IDS)).all()

    def test_twice_or_after_its_model(self, decoder: Files) -> None:
        with Model(decoder.path) as model:
            first, second = (LoraAdapter.open(model, path) for path in decoder.loras)
            first.close()
            first.close()
        second.close()
        assert second.handle is None


class TestRefused:
    def test_on_a_context_of_another_model(self, context: CausalContext, decoder: Files) -> None:
        with (
            Model(decoder.path) as twin,
            LoraAdapter.open(twin, decoder.loras[0]) as adapter,
            pytest.raises(ModelError, match="opened for another model"),
        ):
            context.use([(adapter, 1.0)])

    def test_made_for_another_width(self, decoder: Files, tmp_path: Path) -> None:
        write_lora(tmp_path / "wide.gguf", 1, width=64)
        with Model(decoder.path) as model, pytest.raises(ModelError, match="does not fit"):
            LoraAdapter.open(model, tmp_path / "wide.gguf")

    def test_made_for_another_network(self, decoder: Files, tiny_gguf: Path) -> None:
        with Model(tiny_gguf) as bert, pytest.raises(ModelError, match="'qwen3' model; needed is"):
            LoraAdapter.open(bert, decoder.loras[0])

    def test_a_whole_model_is_no_adapter(self, model: Model, decoder: Files) -> None:
        with pytest.raises(ModelError, match="is no LoRA adapter"):
            LoraAdapter.open(model, decoder.path)

    def test_an_adapter_is_no_model(self, decoder: Files) -> None:
        with pytest.raises(ModelError, match="cannot load"):
            Model(decoder.loras[0])

    @pytest.mark.parametrize("alpha", ["8", 8, None])
    def test_a_scale_of_another_kind(
        self, model: Model, tmp_path: Path, alpha: str | int | None
    ) -> None:
        # llama.cpp would end the process over it.
        writer = gguf.GGUFWriter(tmp_path / "odd.gguf", "qwen3")
        writer.add_type(gguf.GGUFType.ADAPTER)
        writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
        if isinstance(alpha, str):
            writer.add_string(gguf.Keys.Adapter.LORA_ALPHA, alpha)
        elif alpha is not None:
            writer.add_uint32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        with pytest.raises(ModelError, match=r"is no LoRA adapter|another kind of value"):
            LoraAdapter.open(model, tmp_path / "odd.gguf")

    def test_missing_cut_short_or_something_else(
        self, model: Model, decoder: Files, tmp_path: Path
    ) -> None:
        whole = decoder.loras[0].read_bytes()
        for content in (None, b"", b"no adapter", whole[:-100], whole[:60]):
            path = tmp_path / "broken.gguf"
            if content is not None:
                path.write_bytes(content)
            with pytest.raises(ModelError, match=r"broken\.gguf") as caught:
                LoraAdapter.open(model, path)
            assert "--adapter-only" in caught.value.remedy


def test_the_base_alone_needs_no_adapter(decoder: Files, tmp_path: Path) -> None:
    # The weights that the adapters are added to are those of another seed here.
    weights = write_decoder(tmp_path / "other.gguf", 9)
    with (
        Model(tmp_path / "other.gguf") as model,
        LoraAdapter.open(model, decoder.loras[0]) as adapter,
        CausalContext(model, CausalLimits(64, threads=1, exact=True)) as context,
    ):
        context.use([(adapter, 1.0)])
        merged = added(weights, (decoder.changes[0], 1.0))
        np.testing.assert_allclose(context.logits(IDS), forward(merged, IDS).logits, atol=NEAR)
