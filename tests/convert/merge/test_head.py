"""Heads taken out of adapter folders."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from convert.merge.head import split_head
from runtime.errors import ModelError
from tests import tiny_models
from tests.convert.merge.conftest import ALL, DECODERS, LABELS, Make
from train.recipe import Architecture

PREFIX = "base_model.model."
SETTINGS = {"peft_type": "LORA", "r": 1, "lora_alpha": 1}
Tensors = dict[str, np.ndarray]


def folder(path: Path, tensors: Tensors) -> Path:
    tiny_models.write_safetensors(
        path / "adapter_model.safetensors", {PREFIX + name: t for name, t in tensors.items()}
    )
    (path / "adapter_config.json").write_text(json.dumps(SETTINGS))
    return path


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


@pytest.mark.parametrize("architecture", DECODERS)
def test_a_decoders_head_is_one_matrix(make: Make, architecture: Architecture) -> None:
    pair = make(architecture, "classify")
    head = split_head(pair.adapter)
    assert head
    assert (head.bias, head.pooler) == (None, None)
    weight = pair.model.base_model.model.score.modules_to_save["default"].weight
    np.testing.assert_array_equal(head.weight, weight.detach().numpy())
    assert head.weight.dtype == np.float32


def test_berts_head_has_its_pooler_and_computes_the_logits(make: Make) -> None:
    pair = make("bert", "classify")
    head = split_head(pair.adapter)
    assert head
    assert head.bias is not None
    assert head.pooler
    ids = torch.tensor([[2, 50, 60, 3]])
    with torch.no_grad():
        encoder = pair.model.base_model.model.bert
        first = encoder(ids).last_hidden_state[0, 0].numpy()
        expected = pair.model(ids).logits[0].numpy()
    pooled = np.tanh(head.pooler[0] @ first + head.pooler[1])
    np.testing.assert_allclose(head.weight @ pooled + head.bias, expected, atol=1e-5)


@pytest.mark.parametrize("architecture", ALL)
def test_an_adapter_without_head_has_none(make: Make, architecture: Architecture) -> None:
    assert (
        split_head(make(architecture, "embed" if architecture == "bert" else "causal").adapter)
        is None
    )


@pytest.mark.parametrize("labels", [1, 2, 12])
def test_any_number_of_outputs(tmp_path: Path, labels: int) -> None:
    head = split_head(folder(tmp_path, {"score.weight": ones(labels, 8)}))
    assert head
    assert head.weight.shape == (labels, 8)


@pytest.mark.parametrize(
    "tensors",
    [
        {"score.bias": ones(2)},
        {"score.weight": ones(16)},
        {"score.weight": ones(2, 8), "score.bias": ones(3)},
        {"score.weight": ones(0, 8)},
        {"score.weight": ones(2, 8), "classifier.weight": ones(2, 8)},
        {"score.dense.weight": ones(8, 8), "score.out_proj.weight": ones(2, 8)},
        {"classifier.weight": ones(2, 8), "bert.pooler.dense.weight": ones(8, 8)},
        {
            **{"classifier.weight": ones(2, 8), "bert.pooler.dense.weight": ones(8, 7)},
            "bert.pooler.dense.bias": ones(8),
        },
        {"pooler.dense.weight": ones(8, 8), "pooler.dense.bias": ones(8)},
    ],
)
def test_heads_of_another_form_are_refused(tmp_path: Path, tensors: Tensors) -> None:
    with pytest.raises(ModelError, match="not one that Kindmark can read"):
        split_head(folder(tmp_path, tensors))


def test_what_is_no_number_is_named(tmp_path: Path) -> None:
    weight = ones(LABELS, 8)
    weight[1, 3] = np.inf
    with pytest.raises(ModelError, match=r"'score\.weight' of its head is no number"):
        split_head(folder(tmp_path, {"score.weight": weight}))
