"""Bases: quantized where they may be, trainable where they must be, refused in plain words."""

import json
import warnings
from pathlib import Path

import msgspec
import pytest
import torch
from bitsandbytes.nn import Linear4bit
from safetensors.torch import load_file, save_file

from runtime.errors import BadInputError, ModelError
from tests.train.bases.recipes import DECODERS, recipe
from train.bases import Loaded, Purpose, apply_adapter, load_base, save_adapter
from train.bases.tiny import write_tiny
from train.recipe import Architecture, Quantization, Recipe

IDS = torch.tensor([[5, 6, 7, 300, 301]])
EVERY: list[tuple[Architecture, Purpose]] = [
    *((name, purpose) for name in DECODERS for purpose in ("causal", "classify", "prefer")),
    ("bert", "classify"),
    ("bert", "prefer"),
]


def tiny(architecture: Architecture, purpose: Purpose, labels: int = 3) -> Loaded:
    return load_base(recipe(architecture), purpose, labels, tiny=True)


def logits(loaded: Loaded) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = loaded.model.eval()(input_ids=IDS).logits
    return found


@pytest.mark.parametrize(("architecture", "purpose"), EVERY)
def test_a_quantized_base_takes_an_adapter_and_passes_gradients(
    architecture: Architecture, purpose: Purpose
) -> None:
    loaded = tiny(architecture, purpose)
    model = apply_adapter(loaded, recipe(architecture).adapter).train()
    model(input_ids=IDS).logits.square().mean().backward()
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert all(weight.grad is not None for weight in model.parameters() if weight.requires_grad)
    has_head = any("modules_to_save" in name for name in trained)
    assert has_head == (purpose != "causal")
    assert any(isinstance(module, Linear4bit) for module in model.modules())


@pytest.mark.parametrize(("purpose", "width"), [("classify", 3), ("prefer", 1)])
def test_the_head_has_a_logit_a_label(purpose: Purpose, width: int) -> None:
    assert logits(tiny("gemma3n", purpose)).shape == (1, width)


@pytest.mark.parametrize(("architecture", "spared"), [("gemma3n", "coefs"), ("bert", "pooler")])
def test_what_must_stay_whole_is_not_quantized(architecture: Architecture, spared: str) -> None:
    modules = dict(tiny(architecture, "classify").model.named_modules())
    kept = [module for name, module in modules.items() if spared in name and "dense" not in name]
    quantized = [name for name, module in modules.items() if isinstance(module, Linear4bit)]
    assert kept
    assert quantized
    assert not [name for name in quantized if spared in name or name.startswith("score")]


def test_the_constants_are_quantized_twice() -> None:
    layers = (m for m in tiny("qwen2", "causal").model.modules() if isinstance(m, Linear4bit))
    state = next(layers).weight.quant_state
    assert (state.quant_type, state.nested) == ("nf4", True)


def test_the_same_seed_gives_the_same_model_and_head() -> None:
    first, again = logits(tiny("qwen3", "classify")), logits(tiny("qwen3", "classify"))
    other = load_base(recipe("qwen3", seed=4), "classify", 3, tiny=True)
    assert torch.equal(first, again)
    assert not torch.equal(first, logits(other))


def test_loading_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    tiny("qwen2", "classify")
    assert torch.equal(torch.rand(1), expected)


def test_an_evaluation_changes_no_weight() -> None:
    loaded = tiny("qwen2", "causal")
    layer = next(m for m in loaded.model.modules() if isinstance(m, Linear4bit))
    before = layer.weight.data.clone()
    logits(loaded)
    assert torch.equal(layer.weight.data, before)
    assert layer.weight.quant_state.nested


def test_padding_does_not_change_the_class() -> None:
    loaded = tiny("qwen2", "classify")
    padded = torch.nn.functional.pad(IDS, (0, 4), value=loaded.tokenizer.pad_token_id)
    mask = (padded != loaded.tokenizer.pad_token_id).long()
    with torch.no_grad():
        found = loaded.model.eval()(input_ids=padded, attention_mask=mask).logits
    assert torch.allclose(found, logits(loaded), atol=1e-5)


@pytest.mark.parametrize("bits", [8, 16])
def test_other_widths_stay_near_four_bits(bits: int) -> None:
    loaded = load_base(recipe("qwen2"), "causal", tiny=True, bits=bits)
    assert loaded.origin.quantization.bits == bits
    difference = (logits(loaded) - logits(tiny("qwen2", "causal"))).abs().mean()
    assert 0 < difference < 0.5


def test_shared_keys_and_values_survive_recomputed_activations(tmp_path: Path) -> None:
    # The true model has 30 layers, the last ten without keys and values of their own.
    write_tiny("gemma3n", 3, tmp_path, num_hidden_layers=15, num_kv_shared_layers=5)
    loaded = load_base(recipe("gemma3n", hub=str(tmp_path)), "classify", 2)
    model = apply_adapter(loaded, recipe("gemma3n").adapter).train()
    assert loaded.checkpointing
    model(input_ids=IDS).logits.sum().backward()
    last_own = model.get_parameter(
        "base_model.model.model.layers.9.self_attn.k_proj.lora_B.default.weight"
    )
    assert last_own.grad.abs().sum() > 0


def test_a_folder_is_a_base(tmp_path: Path) -> None:
    write_tiny("qwen2", 3, tmp_path)
    from_folder = load_base(recipe("qwen2", hub=str(tmp_path)), "causal")
    assert torch.equal(logits(from_folder), logits(tiny("qwen2", "causal")))


def test_an_adapter_of_a_base_from_a_folder_names_the_hub(tmp_path: Path) -> None:
    write_tiny("qwen2", 3, tmp_path / "copy")
    asked = recipe("qwen2", hub="nobody/nothing")
    base = msgspec.structs.replace(asked.base, folder=str(tmp_path / "copy"))
    loaded = load_base(msgspec.structs.replace(asked, base=base), "causal")
    save_adapter(apply_adapter(loaded, asked.adapter), loaded, tmp_path / "adapter")
    settings = json.loads((tmp_path / "adapter/adapter_config.json").read_text("utf-8"))
    assert settings["base_model_name_or_path"] == "nobody/nothing"


@pytest.mark.parametrize("purpose", ["causal", "classify"])
def test_the_text_half_of_a_published_gemma3n_is_found(tmp_path: Path, purpose: Purpose) -> None:
    publish_as_multimodal(tmp_path)
    found = load_base(recipe("gemma3n", hub=str(tmp_path)), purpose, 3)
    assert torch.equal(logits(found), logits(tiny("gemma3n", purpose)))


def publish_as_multimodal(folder: Path) -> None:
    """Write the tiny Gemma 3n under the names the published checkpoint has."""
    write_tiny("gemma3n", 3, folder)
    weights = load_file(folder / "model.safetensors")
    renamed = {f"model.language_model.{k.removeprefix('model.')}": w for k, w in weights.items()}
    renamed["model.vision_tower.weight"] = torch.zeros(1)
    save_file(renamed, folder / "model.safetensors", {"format": "pt"})
    text = json.loads((folder / "config.json").read_text())
    del text["architectures"]
    towers = {f"{kind}_config": {"model_type": f"gemma3n_{kind}"} for kind in ("vision", "audio")}
    config = {"model_type": "gemma3n", "text_config": text, **towers}
    (folder / "config.json").write_text(json.dumps(config))


def test_a_base_with_missing_weights_is_refused(tmp_path: Path) -> None:
    write_tiny("qwen2", 3, tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError) as caught:
        load_base(recipe("qwen2", hub=str(tmp_path)), "causal")
    assert "lacks 1 weights" in caught.value.message
    assert "model.norm.weight" in caught.value.message


def test_a_base_that_is_nowhere_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError) as caught:
        load_base(recipe("qwen2", hub="nobody/nothing"), "causal")
    assert "nobody/nothing is not on this disk" in caught.value.message
    assert "hf download nobody/nothing" in caught.value.remedy


def test_a_folder_without_a_model_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_base(recipe("qwen2", hub=str(tmp_path)), "causal")
    assert str(tmp_path) in caught.value.message
    assert "config.json" in caught.value.remedy


def test_bert_cannot_write() -> None:
    with pytest.raises(BadInputError, match="cannot write"):
        tiny("bert", "causal")


def test_bert_embeds() -> None:
    loaded = tiny("bert", "embed")
    model = apply_adapter(loaded, recipe("bert").adapter)
    assert model(input_ids=IDS).last_hidden_state.shape == (1, 5, 64)


def unquantized(one: Recipe) -> Recipe:
    return msgspec.structs.replace(one, quantization=Quantization(bits=16))


def test_an_unquantized_base_is_frozen_too() -> None:
    loaded = load_base(unquantized(recipe("qwen2")), "causal", tiny=True)
    assert not any(weight.requires_grad for weight in loaded.model.parameters())


def test_loading_warns_of_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        apply_adapter(tiny("gemma3n", "classify"), recipe("gemma3n").adapter)
    assert capfd.readouterr() == ("", "")
