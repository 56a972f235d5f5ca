"""Importance measured on tiny models of every architecture."""

from pathlib import Path

import numpy as np
import pytest
import torch

from convert.quantize.importance import measure_importance
from runtime.errors import BadInputError, ModelError
from tests.convert.merge.conftest import ALL, load
from train.bases.quiet import bars_hidden
from train.bases.tiny import write_tiny
from train.recipe import Architecture

PROMPTS = [[5, 6, 7, 8, 9], [40, 300, 2], [1000]]
LAYER = "attn_q attn_k attn_v attn_output ffn_up ffn_down".split()
MORE = {"bert": [], "gemma3n": ["ffn_gate", "inp_gate", "proj", "laurel_l", "laurel_r"]}


@pytest.mark.parametrize("architecture", ALL)
def test_every_layer_has_its_name_in_gguf(tmp_path: Path, architecture: Architecture) -> None:
    with bars_hidden(True):
        write_tiny(architecture, 1, tmp_path / "m", num_hidden_layers=2)
        measure_importance(tmp_path / "m", PROMPTS, tmp_path / "i.npz")
    found = np.load(tmp_path / "i.npz")
    for layer in range(2):
        for name in (*LAYER, *MORE.get(architecture, ["ffn_gate"])):
            vector = found[f"blk.{layer}.{name}.weight"]
            assert vector.dtype == np.float32
            assert np.isfinite(vector).all()
            assert (vector >= 0).all()
            # A fresh Gemma 3n has nothing there: what scales it begins at zero.
            assert vector.any() or name in {"inp_gate", "proj"}
    output = {"bert": set(), "llama": {"output.weight"}}.get(architecture, {"token_embd.weight"})
    assert {
        name for name in found.files if name in {"output.weight", "token_embd.weight"}
    } == output


def test_it_is_the_mean_square_over_all_tokens(tmp_path: Path) -> None:
    with bars_hidden(True):
        write_tiny("qwen2", 1, tmp_path / "m")
        measure_importance(tmp_path / "m", PROMPTS, tmp_path / "i.npz")
    found = np.load(tmp_path / "i.npz")
    model = load(tmp_path / "m", "qwen2", "causal")
    first, last = [], []
    with torch.no_grad():
        for prompt in PROMPTS:
            hidden = model(torch.tensor([prompt]), output_hidden_states=True).hidden_states
            first.append(model.model.layers[0].input_layernorm(hidden[0])[0])
            last.append(hidden[-1][0])
    for name, inputs in (("blk.0.attn_q.weight", first), ("token_embd.weight", last)):
        expected = torch.cat(inputs).square().mean(0).numpy()
        np.testing.assert_allclose(found[name], expected, rtol=1e-4)
    assert "output.weight" not in found.files


def test_a_matrix_of_its_own_for_the_output(tmp_path: Path) -> None:
    with bars_hidden(True):
        write_tiny("llama", 1, tmp_path / "m")
        measure_importance(tmp_path / "m", PROMPTS, tmp_path / "i.npz")
    assert {"output.weight"} == {n for n in np.load(tmp_path / "i.npz").files if "blk" not in n}


@pytest.mark.parametrize("prompts", [[], [[]]])
def test_nothing_to_measure_on(tmp_path: Path, prompts: list[list[int]]) -> None:
    with bars_hidden(True):
        write_tiny("qwen2", 1, tmp_path / "m")
    with pytest.raises(BadInputError, match="no text to measure"):
        measure_importance(tmp_path / "m", prompts, tmp_path / "i.npz")


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        measure_importance(tmp_path, PROMPTS, tmp_path / "i.npz")


def test_an_architecture_without_names(tmp_path: Path) -> None:
    with bars_hidden(True):
        write_tiny("qwen2", 1, tmp_path / "m")
    path = tmp_path / "m" / "config.json"
    path.write_text(path.read_text().replace('"qwen2"', '"qwen9"'))
    with pytest.raises(BadInputError, match="weights of a qwen9 model"):
        measure_importance(tmp_path / "m", PROMPTS, tmp_path / "i.npz")
    assert not (tmp_path / "i.npz").exists()
