"""Tiny bases in shards of bfloat16, and adapters that peft made for them."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoTokenizer, PreTrainedModel

from train.bases.classes import Purpose, head_modules, model_class
from train.bases.quiet import bars_hidden, library_talk
from train.bases.tiny import write_tiny
from train.recipe import Architecture

DECODERS: tuple[Architecture, ...] = ("gemma3n", "gemma", "qwen2", "qwen3", "llama")
ALL: tuple[Architecture, ...] = (*DECODERS, "bert")
# All linear layers of a block, as the widest recipe trains them, and those only Gemma 3n has.
_TARGETS = "q_proj k_proj v_proj o_proj gate_proj up_proj down_proj".split()
TARGETS: dict[str, list[str]] = {
    **dict.fromkeys(DECODERS, _TARGETS),
    "gemma3n": [
        *_TARGETS,
        *("per_layer_input_gate", "per_layer_projection", "linear_left", "linear_right"),
    ],
    "bert": ["query", "key", "value", "attention.output.dense", "intermediate.dense"],
}
_TASKS = {"causal": TaskType.CAUSAL_LM, "embed": TaskType.FEATURE_EXTRACTION}
LABELS = 3


class Pair(NamedTuple):
    """A base folder, an adapter folder for it, and the model in float32 with the adapter on it."""

    base: Path
    adapter: Path
    model: PeftModel


Make = Callable[..., Pair]


def load(folder: Path, architecture: Architecture, purpose: Purpose) -> PreTrainedModel:
    """Load a folder in float32, with a random head where the purpose needs one."""
    head = {} if purpose in {"causal", "embed"} else {"num_labels": LABELS}
    kind = model_class(architecture, purpose)
    with bars_hidden(True), library_talk(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        return kind.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", **head
        ).eval()


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that builds a pair once for each combination of its arguments."""

    @functools.cache
    def base(architecture: Architecture) -> Path:
        folder: Path = tmp_path_factory.mktemp(f"base-{architecture}")
        with bars_hidden(True):
            write_tiny(architecture, 1, folder / "whole", torch.bfloat16)
            model = load(folder / "whole", architecture, _reading(architecture))
            model = model.to(torch.bfloat16)
            # Small shards: several files and an index, as the hub has large models.
            model.save_pretrained(folder / "sharded", max_shard_size="300KB")
        AutoTokenizer.from_pretrained(folder / "whole").save_pretrained(folder / "sharded")
        return folder / "sharded"

    @functools.cache
    def pair(architecture: Architecture, purpose: Purpose = "causal", rslora: bool = False) -> Pair:
        folder = base(architecture)
        settings: dict[str, Any] = {"r": 4, "lora_alpha": 8, "use_rslora": rslora}
        config = LoraConfig(
            **settings,
            target_modules=TARGETS[architecture],
            modules_to_save=head_modules(architecture, purpose) or None,
            task_type=_TASKS.get(purpose, TaskType.SEQ_CLS),
            init_lora_weights=False,
        )
        with library_talk(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(3)
            model = get_peft_model(load(folder, architecture, purpose), config).eval()
        adapter = tmp_path_factory.mktemp(f"adapter-{architecture}-{purpose}")
        model.save_pretrained(adapter, save_embedding_layers=False)
        AutoTokenizer.from_pretrained(folder).save_pretrained(adapter)
        return Pair(folder, adapter, model)

    return pair


def _reading(architecture: Architecture) -> Purpose:
    return "embed" if architecture == "bert" else "causal"
