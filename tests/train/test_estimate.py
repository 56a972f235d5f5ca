"""The dry run: weights counted exactly, the rest bounded, all of it without torch."""

import subprocess
import sys

import msgspec
import pytest

from train.bases import Purpose, apply_adapter, load_base
from train.bases.tiny import tiny_config, tiny_model
from train.bases.tokenizers import tiny_tokenizer
from train.estimate import estimate, memory, rows_of, weight_bytes
from train.estimate_text import describe
from train.recipe import Architecture, Quantization, Source, load_recipe, recipe_names, tiny_recipe
from train.shapes import SHAPES, Shape

PUBLISHED = {
    "google/gemma-2b": 2_506_172_416,
    "Qwen/Qwen2.5-1.5B-Instruct": 1_543_714_304,
    "Qwen/Qwen3-4B-Instruct-2507": 4_022_468_096,
    "sentence-transformers/all-MiniLM-L6-v2": 22_713_216,
}
"""Weights as the hub lists them; of Gemma 3n it lists all three towers together."""


def shape_of(architecture: Architecture, **changes: int) -> tuple[Shape, int]:
    """Return a tiny model's shape, read from its configuration, and the weights it really has."""
    config = tiny_config(architecture, tiny_tokenizer(architecture), **changes)
    model = tiny_model(config, seed=0)
    read = config.to_dict()
    more = {}
    if architecture == "gemma3n":
        more = {
            "per_layer_vocabulary": read["vocab_size_per_layer_input"],
            "per_layer_width": read["hidden_size_per_layer_input"],
            "laurel_rank": read["laurel_rank"],
            "streams": read["altup_num_inputs"],
            "layers_sharing_keys": read["num_kv_shared_layers"],
        }
    wide = read["intermediate_size"]
    shape = Shape(
        architecture=architecture,
        layers=read["num_hidden_layers"],
        hidden=read["hidden_size"],
        intermediate=wide[0] if isinstance(wide, list) else wide,
        heads=read["num_attention_heads"],
        key_value_heads=read.get("num_key_value_heads", read["num_attention_heads"]),
        head=read.get("head_dim") or read["hidden_size"] // read["num_attention_heads"],
        vocabulary=read["vocab_size"],
        tied=read["tie_word_embeddings"],
        **more,
    )
    return shape, sum(weight.numel() for weight in model.parameters())


class TestShapes:
    @pytest.mark.parametrize("architecture", ["gemma3n", "gemma", "qwen2", "qwen3", "llama"])
    def test_the_formula_counts_a_real_model_exactly(self, architecture: Architecture) -> None:
        shape, weights = shape_of(architecture)
        assert shape.parameters().total == weights

    def test_it_knows_that_the_last_layers_of_gemma3n_share_keys(self) -> None:
        shape, weights = shape_of("gemma3n", num_hidden_layers=10, num_kv_shared_layers=5)
        assert shape.parameters().total == weights

    @pytest.mark.parametrize("name", recipe_names())
    def test_the_adapter_is_counted_exactly(self, name: str) -> None:
        recipe = load_recipe(name)
        purpose: Purpose = "embed" if recipe.base.architecture == "bert" else "causal"
        model = apply_adapter(load_base(recipe, purpose, tiny=True), recipe.adapter)
        weights = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
        shape, _ = shape_of(recipe.base.architecture)
        assert shape.lora_parameters(recipe.adapter.rank, recipe.adapter.targets) == weights

    @pytest.mark.parametrize("name", PUBLISHED)
    def test_the_formula_gives_the_published_count(self, name: str) -> None:
        assert SHAPES[name].parameters().total == PUBLISHED[name]

    def test_gemma3n_has_as_many_as_are_told_of_its_text_half(self) -> None:
        counted = SHAPES["google/gemma-3n-E2B-it"].parameters()
        # "E2B": two billion without the per-layer table, which need not be on the GPU.
        assert counted.total - counted.per_layer_table == pytest.approx(2.4e9, rel=0.02)

    @pytest.mark.parametrize("name", recipe_names())
    def test_every_recipe_has_a_shape_of_its_architecture(self, name: str) -> None:
        base = load_recipe(name).base
        assert SHAPES[base.hub].architecture == base.architecture

    def test_a_target_may_name_one_layer(self) -> None:
        shape = SHAPES["sentence-transformers/all-MiniLM-L6-v2"]
        one = shape.lora_parameters(8, ("layer.3.attention.self.query",))
        assert one == 8 * (384 + 384)
        assert shape.lora_parameters(8, ("query",)) == 6 * one

    def test_lora_weights_are_those_of_a_published_adapter(self) -> None:
        # Rank 16 on all linears of Qwen2.5-1.5B: 18.5 million.
        recipe = load_recipe("qwen2.5-judge")
        shape = SHAPES[recipe.base.hub]
        found = shape.lora_parameters(recipe.adapter.rank, recipe.adapter.targets)
        assert found == 18_464_768


class TestEstimate:
    def test_steps_follow_from_examples_and_batch(self) -> None:
        recipe = load_recipe("gemma3n-math")
        found = estimate(recipe, recipe.stage_named("mark"))
        assert (found.examples, found.trained_on) == (4000, 3600)
        assert found.steps == 2 * 3600 / (1 * 4)
        assert found.tokens == 2 * 3600 * 1024

    def test_pairs_are_two_answers(self) -> None:
        recipe = load_recipe("gemma2b-stem-dpo")
        found = estimate(recipe, recipe.stage_named("dpo"))
        assert found.trained_on == 1800
        assert found.tokens == 3 * 1800 * 2 * 512

    def test_more_devices_take_fewer_steps(self) -> None:
        recipe = load_recipe("qwen3-reasoning-it")
        one, four = (estimate(recipe, recipe.stage[0], devices).steps for devices in (1, 4))
        assert four == pytest.approx(one / 4, abs=3)

    @pytest.mark.parametrize(
        ("source", "rows"),
        [
            (Source(kind="simulator", name="essays", count=7), 7),
            (Source(kind="hub", name="openai/gsm8k", config="main", split="train"), 7473),
            (Source(kind="hub", name="openai/gsm8k", config="main", split="train", count=9), 9),
            (Source(kind="hub", name="some/other"), None),
            (Source(kind="file", name="saf.csv", count=5), 5),
        ],
    )
    def test_rows_are_known_or_said_not_to_be(self, source: Source, rows: int | None) -> None:
        assert rows_of(source) == rows

    def test_fewer_bits_take_less_memory(self) -> None:
        counted = SHAPES["google/gemma-2b"].parameters()
        sizes = [weight_bytes(counted, Quantization(bits=bits)) for bits in (4, 8)]
        single = weight_bytes(counted, Quantization(bits=4, double=False))
        assert sizes == sorted(sizes)
        # Double quantization saves 0.37 bits a weight (Dettmers et al. 2023, section 3).
        assert (single - sizes[0]) * 8 / counted.quantized == pytest.approx(0.373, abs=0.001)

    def test_quantization_constants_take_what_bitsandbytes_gives_them(self) -> None:
        # 64 weights: 32 bytes of codes, and one byte for their constant, plus 4 / 256.
        counted = SHAPES["Qwen/Qwen3-4B-Instruct-2507"].parameters()
        only = counted._replace(total=counted.quantized, per_layer_table=0)
        found = weight_bytes(only, Quantization(bits=4))
        assert found / counted.quantized == pytest.approx((32 + 1 + 4 / 256) / 64)

    def test_only_models_that_write_pay_for_logits(self) -> None:
        recipe = load_recipe("gemma3n-essay")
        shape = SHAPES[recipe.base.hub]
        found = {stage.name: memory(shape, recipe, stage).logits for stage in recipe.stage}
        assert found["summarise"] == shape.vocabulary * 1024 * 10
        assert found["mark"] == found["prefer"] == 0


class TestText:
    @pytest.mark.parametrize("name", recipe_names())
    def test_it_says_steps_tokens_memory_and_time_of_every_stage(self, name: str) -> None:
        recipe = load_recipe(name)
        text = describe(recipe, 1)
        for word in ("steps ", "tokens ", "memory ", "time "):
            assert text.count(f"  {word}") == len(recipe.stage)
        assert text.isascii()

    def test_a_recipe_for_more_gpus_says_how_to_start_it(self) -> None:
        text = describe(load_recipe("qwen3-reasoning-it"), 1)
        assert "accelerate launch --num_processes 4 -m train.command qwen3-reasoning-it" in text

    def test_what_is_not_known_is_said(self) -> None:
        recipe = load_recipe("qwen2.5-judge")
        base = msgspec.structs.replace(recipe.base, hub="/some/folder")
        data = (*recipe.stage[0].data, Source(kind="file", name="mine.csv"))
        stage = msgspec.structs.replace(recipe.stage[0], data=data)
        text = describe(msgspec.structs.replace(recipe, base=base, stage=(stage,)), 1)
        assert "unknown until loaded: mine.csv" in text
        assert "takes     not known" in text

    def test_a_tiny_run_is_said_to_be_one(self) -> None:
        text = describe(tiny_recipe(load_recipe("gemma3n-math")), 1, tiny=True)
        assert "a random model" in text
        assert "GB" not in text

    def test_it_loads_no_torch(self) -> None:
        code = (
            "import sys; from train.command import main; main(['gemma3n-math', '--dry-run']);"
            "assert not {'torch', 'transformers', 'numpy', 'datasets'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
