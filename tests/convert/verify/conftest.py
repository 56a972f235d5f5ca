"""Tiny models of every architecture: base, classifying adapter with head, both as GGUF."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoTokenizer, PreTrainedModel

from convert.gguf.llama_cpp_source import llama_cpp_source
from convert.gguf.lora import lora_to_gguf
from convert.gguf.to_gguf import to_gguf
from convert.merge.head import HeadWeights, split_head
from convert.merge.merging import merge_folder
from runtime.judge.side_head import Pooler, SideHead, numbers, rows
from train.bases.classes import head_modules, model_class
from train.bases.quiet import bars_hidden, library_talk
from train.bases.tiny import write_tiny
from train.recipe import Architecture

DECODERS: tuple[Architecture, ...] = ("qwen2", "qwen3", "llama", "gemma", "gemma3n")
ALL: tuple[Architecture, ...] = (*DECODERS, "bert")
LABELS = ("incorrect", "partial", "correct")
_SEVEN = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
_BERT = ["query", "key", "value", "attention.output.dense"]
TEXTS = (
    "Work out 3/4 + 1/2. The child wrote 5/4, because 3/4 + 2/4 = 5/4. Is it right?",
    "Plants need light, water and air to grow.",
    "x² − 3 ≈ 6 cm² 🙂",
)


class Tiny(NamedTuple):
    """One architecture's files. ``merged`` is base and adapter as one folder, without the head."""

    architecture: Architecture
    base: Path
    adapter: Path
    merged: Path
    gguf: Path
    lora: Path

    @property
    def prompts(self) -> list[list[int]]:
        """``TEXTS`` as ids, with the frame that BERT reads them in."""
        tokenizer = AutoTokenizer.from_pretrained(self.base)
        framed = self.architecture == "bert"
        return [list(tokenizer.encode(text, add_special_tokens=framed)) for text in TEXTS]

    @property
    def head(self) -> HeadWeights:
        """The trained head."""
        found = split_head(self.adapter)
        assert found
        return found

    @property
    def side(self) -> SideHead:
        """The head as a side file holds it."""
        weight, bias, pooler = self.head
        return SideHead(
            name="head",
            base="tiny",
            labels=LABELS,
            weights=rows(weight),
            bias=numbers(np.zeros(len(LABELS)) if bias is None else bias),
            pooling="first" if pooler else "last",
            pooler=Pooler(weights=rows(pooler[0]), bias=numbers(pooler[1])) if pooler else None,
        )

    def classifier(self) -> PreTrainedModel:
        """Return transformers' own classifier with the adapter merged in."""
        with bars_hidden(True), library_talk():
            model = PeftModel.from_pretrained(
                _classifier(self.base, self.architecture), self.adapter
            )
            merged: PreTrainedModel = model.merge_and_unload()
        return merged.eval()


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return llama_cpp_source(print)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Callable[[str], Tiny]:
    """Give a function from architecture to files; all of them are made at the first call."""
    folder: Path = tmp_path_factory.mktemp("verify")
    made = {name: write_files(folder / name, name) for name in ALL}

    def convert(one: Tiny) -> None:
        lora_to_gguf(one.adapter, one.base, one.lora, source, _quiet, kind="f32")
        to_gguf(one.base, one.gguf, "f32", source, say=_quiet)

    # The work is done in processes of their own.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(convert, made.values()))
    return lambda name: made[name]  # type: ignore[index]


def write_files(folder: Path, architecture: Architecture, seed: int = 1) -> Tiny:
    """Write base, adapter and the two merged; the GGUF files are left to be made."""
    found = Tiny(
        architecture,
        *(folder / name for name in ("base", "adapter", "merged", "base.gguf", "lora.gguf")),
    )
    folder.mkdir()
    with bars_hidden(True):
        write_tiny(architecture, seed, found.base)
    write_adapter(found.adapter, found.base, architecture, seed)
    merge_folder(found.base, found.adapter, found.merged, _quiet)
    return found


def write_adapter(folder: Path, base: Path, architecture: Architecture, seed: int) -> None:
    """Write a random adapter and head, as peft saves them."""
    config = LoraConfig(
        r=4,
        lora_alpha=8,
        use_rslora=architecture == "qwen3",
        target_modules=_BERT if architecture == "bert" else _SEVEN,
        modules_to_save=head_modules(architecture, "classify"),
        task_type=TaskType.SEQ_CLS,
        init_lora_weights=False,
    )
    with bars_hidden(True), library_talk(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = get_peft_model(_classifier(base, architecture), config)
        for name, weight in model.named_parameters():
            if "modules_to_save" in name:
                # As large as a trained one: at its start a head hardly tells texts apart.
                weight.data.normal_(std=0.2)
        model.save_pretrained(folder, save_embedding_layers=False)
    AutoTokenizer.from_pretrained(base).save_pretrained(folder)


def _classifier(base: Path, architecture: Architecture) -> PreTrainedModel:
    kind = model_class(architecture, "classify")
    tokenizer = AutoTokenizer.from_pretrained(base)
    model: PreTrainedModel = kind.from_pretrained(
        base, dtype=torch.float32, attn_implementation="eager", num_labels=len(LABELS)
    )
    model.config.pad_token_id = tokenizer.pad_token_id
    return model


def _quiet(_line: str) -> None:
    pass
