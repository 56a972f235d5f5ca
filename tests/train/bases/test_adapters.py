"""Adapters: saved and loaded with the same logits, carried from stage to stage, checked."""

from pathlib import Path

import pytest
import torch

from runtime.errors import ModelError
from tests.train.bases.recipes import recipe
from train.bases import Loaded, apply_adapter, load_adapter, load_base, load_trained, save_adapter
from train.bases.classes import Purpose
from train.recipe import Adapter, Architecture

IDS = torch.tensor([[5, 6, 7, 300, 301]])


def adapted(architecture: Architecture, purpose: Purpose, seed: int = 1) -> Loaded:
    """Return a base with an adapter whose every weight is random, as if it had been trained."""
    loaded = load_base(recipe(architecture), purpose, 3, tiny=True)
    model = apply_adapter(loaded, recipe(architecture).adapter).eval()
    random = torch.Generator().manual_seed(seed)
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = torch.randn(weight.shape, generator=random) * 0.1
    return loaded._replace(model=model)


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(input_ids=IDS).logits
    return found


@pytest.mark.parametrize(
    ("architecture", "purpose"),
    [
        ("gemma3n", "causal"),
        ("gemma3n", "classify"),
        ("gemma3n", "prefer"),
        ("gemma", "causal"),
        ("qwen2", "causal"),
        ("qwen3", "causal"),
        ("bert", "classify"),
    ],
)
def test_a_saved_adapter_gives_the_same_logits(
    architecture: Architecture, purpose: Purpose, tmp_path: Path
) -> None:
    before = adapted(architecture, purpose)
    save_adapter(before.model, before, tmp_path)
    after = load_trained(tmp_path)
    assert torch.equal(logits(after.model), logits(before.model))
    assert after.template == before.template
    assert after.tokenizer.get_vocab() == before.tokenizer.get_vocab()


def test_weights_come_back_in_the_type_they_were_saved_in(tmp_path: Path) -> None:
    before = adapted("qwen2", "causal")
    for weight in before.model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.bfloat16()
    save_adapter(before.model, before, tmp_path)
    assert torch.equal(logits(load_trained(tmp_path).model), logits(before.model))


def test_a_finished_model_can_be_measured_in_another_width(tmp_path: Path) -> None:
    before = adapted("gemma", "causal")
    save_adapter(before.model, before, tmp_path)
    found = load_trained(tmp_path, bits=8)
    assert found.origin.quantization.bits == 8
    assert found.model.get_memory_footprint() > before.model.get_memory_footprint()


def test_what_is_saved_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        loaded = adapted("gemma3n", "classify")
        save_adapter(loaded.model, loaded, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_writing_is_carried_over_into_classifying(tmp_path: Path) -> None:
    wrote = adapted("gemma3n", "causal")
    save_adapter(wrote.model, wrote, tmp_path)
    classifies = adapted("gemma3n", "classify", seed=2)
    head = classifies.model.get_parameter(
        "base_model.model.score.modules_to_save.default.weight"
    ).clone()
    count = load_adapter(classifies.model, tmp_path)
    theirs, ours = (
        {name: weight for name, weight in model.named_parameters() if "lora_" in name}
        for model in (wrote.model, classifies.model)
    )
    assert count == len(theirs) == len(ours) > 0
    assert all(torch.equal(weight, ours[name]) for name, weight in theirs.items())
    kept = classifies.model.get_parameter("base_model.model.score.modules_to_save.default.weight")
    assert torch.equal(kept, head)


def test_carrying_over_changes_what_the_encoder_says(tmp_path: Path) -> None:
    wrote = adapted("qwen2", "causal")
    save_adapter(wrote.model, wrote, tmp_path)
    fresh = load_base(recipe("qwen2"), "classify", 3, tiny=True)
    model = apply_adapter(fresh, recipe("qwen2").adapter).eval()
    before = logits(model)
    load_adapter(model, tmp_path)
    assert not torch.allclose(logits(model), before)


@pytest.mark.parametrize(
    "other",
    [
        Adapter(rank=4, alpha=16, dropout=0, targets=("q_proj", "k_proj", "v_proj")),
        Adapter(rank=8, alpha=16, dropout=0, targets=("q_proj", "v_proj")),
    ],
)
def test_an_adapter_of_another_shape_is_refused(other: Adapter, tmp_path: Path) -> None:
    wrote = adapted("qwen2", "causal")
    save_adapter(wrote.model, wrote, tmp_path)
    model = apply_adapter(load_base(recipe("qwen2"), "causal", tiny=True), other)
    with pytest.raises(ModelError) as caught:
        load_adapter(model, tmp_path)
    assert "change no rank or target" in caught.value.remedy


def test_targets_that_the_base_has_not_are_refused() -> None:
    adapter = Adapter(rank=8, alpha=16, dropout=0, targets=("nothing",))
    with pytest.raises(ModelError) as caught:
        apply_adapter(load_base(recipe("qwen2"), "causal", tiny=True), adapter)
    assert "nothing" in caught.value.message
    assert "q_proj" in caught.value.remedy


@pytest.mark.parametrize("content", [None, "{}", "not json"])
def test_a_folder_that_is_no_adapter_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "base.json").write_text(content)
    with pytest.raises(ModelError, match="no adapter of Kindmark"):
        load_trained(tmp_path)


def test_an_adapter_without_weights_is_refused(tmp_path: Path) -> None:
    model = apply_adapter(load_base(recipe("qwen2"), "causal", tiny=True), recipe("qwen2").adapter)
    with pytest.raises(ModelError, match="no adapter in"):
        load_adapter(model, tmp_path)
