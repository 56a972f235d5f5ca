"""Tiny models of all architectures say the same through llama.cpp as through transformers."""

import json
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from transformers import AutoModel

from convert.quantize.quantize import quantize
from runtime.judge.context import EncoderContext, Limits
from runtime.judge.engine import Model
from tests.convert.gguf.conftest import ALL, DECODERS, Converted, Tiny
from tests.convert.gguf.reading import TEXTS, difference, encode
from train.bases.quiet import bars_hidden, library_talk
from train.recipe import Architecture

# Gemma 3n has tests of its own: what it computes differs, not what is converted.
EQUAL = [architecture for architecture in DECODERS if architecture != "gemma3n"]


@pytest.mark.parametrize("architecture", EQUAL)
def test_f32_says_the_same(architecture: Architecture, tiny: Tiny, converted: Converted) -> None:
    found = difference(tiny(architecture), converted(architecture, "f32"))
    # Measured: 0.000001 to 0.000005, Gemma 0.0018 for its GELU from a half-precision table.
    assert found.largest <= (5e-3 if architecture == "gemma" else 5e-5)
    assert found.top1 >= 0.995


@pytest.mark.parametrize("architecture", EQUAL)
def test_f16_rounds_and_no_more(
    architecture: Architecture, tiny: Tiny, converted: Converted
) -> None:
    found = difference(tiny(architecture), converted(architecture, "f16"))
    # Of logits that spread by 0.8 (Llama: 0.16).
    assert found.largest <= 0.02
    assert found.top1 >= 0.97


@pytest.mark.parametrize("architecture", EQUAL)
def test_q8_0_stays_near(
    architecture: Architecture, tiny: Tiny, converted: Converted, tmp_path: Path
) -> None:
    quantize(converted(architecture, "f32"), tmp_path / "q8_0.gguf", "Q8_0")
    found = difference(tiny(architecture), tmp_path / "q8_0.gguf")
    assert found.largest <= 0.25
    assert found.mean <= 0.02
    # Flat, random logits: the first two are often closer than 8 bits can tell.
    assert found.top1 >= 0.9


@pytest.mark.parametrize(("kind", "largest"), [("f32", 5e-3), ("f16", 0.02)])
def test_an_encoder_gives_the_same_vectors(
    kind: str, largest: float, tiny: Tiny, converted: Converted
) -> None:
    folder = tiny("bert")
    with bars_hidden(True), library_talk():
        reference = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    file = converted("bert", "f32" if kind == "f32" else "f16")
    with Model(file) as model, EncoderContext(model, Limits(512, 1, 1)) as context:
        for text in TEXTS:
            ids = encode(folder, text)
            (found,) = context.encode([np.asarray(ids, np.int32)])
            with torch.inference_mode():
                wanted = reference(torch.tensor([ids])).last_hidden_state[0].numpy()
            assert float(np.abs(found - wanted).max()) <= largest


@pytest.mark.parametrize("architecture", ALL)
def test_the_chat_template_is_the_same_byte_for_byte(
    architecture: Architecture, tiny: Tiny, converted: Converted
) -> None:
    wanted = (tiny(architecture) / "chat_template.jinja").read_text("utf-8")
    fields = gguf.GGUFReader(converted(architecture, "f32")).fields
    assert fields["tokenizer.chat_template"].contents() == wanted


@pytest.mark.parametrize("architecture", ALL)
def test_no_path_of_this_machine_is_written(
    architecture: Architecture, tiny: Tiny, converted: Converted
) -> None:
    data = converted(architecture, "f32").read_bytes()
    assert str(tiny(architecture).parent).encode() not in data


def test_matrices_have_the_kind_that_was_asked_for(converted: Converted) -> None:
    for kind, wanted in (("f32", {"F32"}), ("f16", {"F32", "F16"})):
        reader = gguf.GGUFReader(converted("qwen2", "f32" if kind == "f32" else "f16"))
        found = {tensor.tensor_type.name for tensor in reader.tensors}
        assert found == wanted
        norms = [t.tensor_type.name for t in reader.tensors if "norm" in t.name]
        assert set(norms) == {"F32"}


def test_what_the_file_says_of_itself(tiny: Tiny, converted: Converted) -> None:
    config = json.loads((tiny("qwen2") / "config.json").read_bytes())
    fields = gguf.GGUFReader(converted("qwen2", "f32")).fields
    assert fields["general.name"].contents() == "qwen2-f32"
    assert fields["qwen2.context_length"].contents() == config["max_position_embeddings"]
    assert fields["tokenizer.ggml.pre"].contents() == "qwen2"
