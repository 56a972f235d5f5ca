"""Heads inside the GGUF: BERT's with its pooler, Qwen3's behind llama.cpp's softmax."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from convert.gguf.to_gguf import GgufHead, to_gguf
from convert.merge.head import HeadWeights
from runtime.errors import ModelError
from runtime.judge.causal import CausalLimits
from runtime.judge.classes import ClassContext
from runtime.judge.engine import Model
from tests.convert.gguf.conftest import Tiny
from tests.convert.gguf.reading import TEXTS, Floats, encode, quiet
from train.bases.classes import model_class
from train.bases.quiet import bars_hidden, library_talk
from train.recipe import Architecture

# More than ten: sorted as strings, "label 10" would come before "label 2".
TWELVE = tuple(f"label {number}" for number in range(12))
# What a configuration calls two labels that were never named.
TWO = ("LABEL_0", "LABEL_1")


def random_head(labels: int, width: int, pooler: bool, bias: bool) -> HeadWeights:
    rng = np.random.default_rng(7)

    def numbers(*shape: int) -> Floats:
        return rng.normal(0, 0.2, shape).astype(np.float32)

    pooled = (numbers(width, width), numbers(width)) if pooler else None
    return HeadWeights(numbers(labels, width), numbers(labels) if bias else None, pooled)


def torch_outputs(folder: Path, architecture: Architecture, head: HeadWeights) -> list[Floats]:
    """Return the class logits of transformers for every text."""
    kind = model_class(architecture, "classify")
    with bars_hidden(True), library_talk():
        model = kind.from_pretrained(
            folder, num_labels=len(head.weight), dtype=torch.float32, attn_implementation="eager"
        ).eval()
    layer = model.classifier if architecture == "bert" else model.score
    with torch.inference_mode():
        layer.weight.copy_(torch.from_numpy(head.weight))
        if head.bias is not None:
            layer.bias.copy_(torch.from_numpy(head.bias))
        if head.pooler is not None:
            model.bert.pooler.dense.weight.copy_(torch.from_numpy(head.pooler[0]))
            model.bert.pooler.dense.bias.copy_(torch.from_numpy(head.pooler[1]))
        texts = [torch.tensor([encode(folder, text)]) for text in TEXTS]
        return [model(ids).logits[0].numpy() for ids in texts]


def llama_outputs(folder: Path, file: Path) -> tuple[tuple[str, ...], list[Floats]]:
    with Model(file) as model, ClassContext(model, CausalLimits(512, 1, exact=True)) as context:
        return tuple(context.labels), [context.outputs(encode(folder, t)) for t in TEXTS]


@pytest.mark.parametrize("labels", [TWELVE, TWO, ("score",)])
def test_a_bert_head_gives_the_logits_of_transformers(
    labels: tuple[str, ...], tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    head = random_head(len(labels), 64, pooler=True, bias=True)
    file = tmp_path / "marker.gguf"
    to_gguf(tiny("bert"), file, "f32", llama_cpp, head=GgufHead(labels, head), say=quiet)
    names, found = llama_outputs(tiny("bert"), file)
    assert names == labels
    for one, other in zip(found, torch_outputs(tiny("bert"), "bert", head), strict=True):
        assert float(np.abs(one - other).max()) <= 5e-3


def test_a_qwen3_head_gives_log_probabilities(tiny: Tiny, llama_cpp: Path, tmp_path: Path) -> None:
    head = random_head(len(TWELVE), 64, pooler=False, bias=False)
    file = tmp_path / "qwen3-reranker.gguf"
    to_gguf(tiny("qwen3"), file, "f32", llama_cpp, head=GgufHead(TWELVE, head), say=quiet)
    names, found = llama_outputs(tiny("qwen3"), file)
    assert names == TWELVE
    for one, other in zip(found, torch_outputs(tiny("qwen3"), "qwen3", head), strict=True):
        wanted = torch.log_softmax(torch.from_numpy(other), 0).numpy()
        assert float(np.abs(one - wanted).max()) <= 1e-4


def test_a_head_that_llama_cpp_would_not_read_is_refused(
    tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    head = GgufHead(TWO, random_head(2, 64, pooler=False, bias=False))
    with pytest.raises(ModelError, match="inside a QWEN2 model: it consists of weight"):
        to_gguf(tiny("qwen2"), tmp_path / "x.gguf", "f32", llama_cpp, head=head, say=quiet)


def test_names_and_outputs_must_be_as_many(tiny: Tiny, llama_cpp: Path, tmp_path: Path) -> None:
    head = GgufHead(TWELVE, random_head(2, 64, pooler=True, bias=True))
    with pytest.raises(ModelError, match="2 outputs, and 12 labels"):
        to_gguf(tiny("bert"), tmp_path / "x.gguf", "f32", llama_cpp, head=head, say=quiet)


def test_a_head_in_the_weights_is_not_dropped_in_silence(
    tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "with-head"
    folder.mkdir()
    for path in tiny("bert").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    tensors = load_file(folder / "model.safetensors")
    tensors["classifier.weight"] = np.zeros((2, 64), np.float32)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=r"classifier\.weight"):
        to_gguf(folder, tmp_path / "x.gguf", "f32", llama_cpp, say=quiet)
