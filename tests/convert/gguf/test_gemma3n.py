"""Gemma 3n: what llama.cpp computes differently, that it is no more than that, and what is refused.

A random net of this kind is chaotic: noise of 2e-7 on the embeddings moves the logits of 25 layers
by 0.1. So the nets here are calmed, as training does: every layer adds a tenth of what it did.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, PreTrainedModel

from convert.gguf.gemma3n import check_gemma3n, missing_keys
from convert.gguf.to_gguf import to_gguf
from convert.verify.hugging_face import round_alike
from runtime.errors import ModelError
from tests.convert.gguf.conftest import Converted, Tiny
from tests.convert.gguf.reading import TEXTS, Difference, difference, encode, load, quiet
from train.bases.quiet import bars_hidden
from train.bases.tiny import write_tiny

CALM = 0.1
_LAST_OF_A_BRANCH = (
    "post_attention_layernorm.weight",
    "post_feedforward_layernorm.weight",
    "post_per_layer_input_norm.weight",
    "post_laurel_norm.weight",
)


def teach(model: PreTrainedModel, ids: torch.Tensor, steps: int) -> None:
    """Train the whole model for a few steps on windows of 32 tokens."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for step in range(steps):
        windows = torch.stack([ids[(step * 7 + k * 40) % 150 :][:32] for k in range(4)])
        model(windows, labels=windows).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    model.eval()


class Net:
    """A calm net and its GGUF file."""

    def __init__(self, folder: Path, llama_cpp: Path, steps: int = 0, **changes: int) -> None:
        self.folder, self.gguf = folder / "calm", folder / "calm.gguf"
        write_tiny("gemma3n", 1, folder / "wild", torch.float32, **changes)
        model = load(folder / "wild")
        with torch.no_grad():
            for name, weight in model.named_parameters():
                if name.endswith(_LAST_OF_A_BRANCH):
                    weight.mul_(CALM)
        ids = [number for text in TEXTS for number in encode(folder / "wild", text)]
        teach(model, torch.tensor(ids), steps)
        with bars_hidden(True):
            model.save_pretrained(self.folder)
        AutoTokenizer.from_pretrained(folder / "wild").save_pretrained(self.folder)
        to_gguf(self.folder, self.gguf, "f32", llama_cpp, say=quiet)

    def apart(self, prepare: Callable[[PreTrainedModel], None] = lambda _: None) -> Difference:
        """Compare the file with the net once ``prepare`` has changed it."""
        model = load(self.folder)
        prepare(model)
        return difference(self.folder, self.gguf, model)


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory, llama_cpp: Path) -> Net:
    """Return a net whose last five of 25 layers use the keys and values of earlier ones."""
    folder = tmp_path_factory.mktemp("sharing")
    return Net(folder, llama_cpp, num_hidden_layers=25, num_kv_shared_layers=5)


def test_a_net_that_was_trained_a_little_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, llama_cpp: Path
) -> None:
    folder = tmp_path_factory.mktemp("trained")
    # At 2,048 columns the sample's deviation is 1.0002 of the population's; the true model has
    # 8,192.
    net = Net(folder, llama_cpp, steps=15, intermediate_size=2048)
    ids = torch.tensor([encode(net.folder, TEXTS[0])])
    with torch.inference_mode():
        nets = (load(path) for path in (folder / "wild", net.folder))
        losses = [float(each(ids, labels=ids).loss) for each in nets]
    assert losses[1] < losses[0] - 1
    found = net.apart()
    assert found.largest <= 5e-3
    assert found.top1 >= 0.995


def test_a_wild_net_too_once_both_round_alike(tiny: Tiny, converted: Converted) -> None:
    model = load(tiny("gemma3n"))
    round_alike(model)
    found = difference(tiny("gemma3n"), converted("gemma3n", "f32"), model)
    # Measured: 0.0015, and 0.7 without.
    assert found.largest <= 5e-3
    assert found.top1 >= 0.995


def test_shared_keys_and_values_are_those_of_transformers(sharing: Net) -> None:
    found = sharing.apart(round_alike)
    # Measured: 0.0002.
    assert found.largest <= 2e-3
    assert found.top1 >= 0.995


def test_a_shared_layer_that_reads_another_layers_keys_would_show(sharing: Net) -> None:
    def swap(model: PreTrainedModel) -> None:
        round_alike(model)
        layers = model.model.layers
        layers[18].self_attn.k_proj.weight.data = layers[17].self_attn.k_proj.weight.data

    assert sharing.apart(swap).largest > 2e-2


@pytest.fixture
def published() -> dict[str, Any]:
    """Return what decides of the configuration of Gemma 3n E2B."""
    return {
        "num_hidden_layers": 30,
        "num_kv_shared_layers": 10,
        "layer_types": [*["sliding_attention"] * 4, "full_attention"] * 6,
        "activation_sparsity_pattern": [0.95] * 10 + [0.0] * 20,
        "altup_num_inputs": 4,
        "altup_active_idx": 0,
        "laurel_rank": 64,
        "hidden_size_per_layer_input": 256,
        "final_logit_softcapping": 30.0,
        "hidden_activation": "gelu_pytorch_tanh",
        "head_dim": 256,
        "hidden_size": 2048,
        "num_key_value_heads": 2,
    }


def test_the_published_shape_is_accepted(published: dict[str, Any]) -> None:
    check_gemma3n(published)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_kv_shared_layers", 9),
        ("num_kv_shared_layers", 0),
        ("activation_sparsity_pattern", [0.95] * 11 + [0.0] * 19),
        ("activation_sparsity_pattern", None),
        ("laurel_rank", 32),
        ("hidden_size_per_layer_input", 128),
        ("final_logit_softcapping", None),
        ("altup_active_idx", 1),
        ("layer_types", [*["sliding_attention"] * 5, "full_attention"] * 5),
    ],
)
def test_another_shape_is_refused(published: dict[str, Any], name: str, value: object) -> None:
    with pytest.raises(ModelError, match=name):
        check_gemma3n({**published, name: value})


def test_only_what_the_folder_lacks_is_made_up(published: dict[str, Any]) -> None:
    wanted = missing_keys(published, ())
    assert len(wanted) == 30
    assert wanted["model.layers.29.self_attn.k_proj.weight"] == (512, 2048)
    assert wanted["model.layers.20.self_attn.k_norm.weight"] == (256,)
    assert not missing_keys(published, wanted)
    assert not missing_keys({**published, "num_hidden_layers": 5}, ())


def test_a_shape_that_would_be_misread_is_refused_by_name(llama_cpp: Path, tmp_path: Path) -> None:
    write_tiny("gemma3n", 1, tmp_path / "odd", num_kv_shared_layers=1, num_hidden_layers=10)
    with pytest.raises(ModelError, match="num_kv_shared_layers must be 0, and it is 1"):
        to_gguf(tmp_path / "odd", tmp_path / "odd.gguf", "f32", llama_cpp, say=quiet)
