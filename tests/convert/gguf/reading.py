"""Reads a model both ways, with transformers and with llama.cpp, and says how far they are apart.

Texts are of some length, so that Gemma 3n's window of 64 tokens slides.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.engine import Model
from train.bases.quiet import bars_hidden, library_talk

Floats = NDArray[np.float32]

TEXTS = (
    "The answer is 3/4 + 1/2 = 5/4, so it is 1 1/4. " * 4,
    "i think its becuase the sun is hot, it melts the ice and then it's water! 123456 cats " * 2,
    "x² − 3 ≈ 6 cm² 🙂 $\\frac{3}{4}$ 我想 Übergrößenträger Привет, perché c'è il sole",
)


class Difference(NamedTuple):
    """How far two sets of logits are apart; ``top1`` is how often both prefer the same token."""

    largest: float
    mean: float
    top1: float


def quiet(_: str) -> None:
    """Say nothing."""


def encode(folder: Path, text: str) -> list[int]:
    """Return the ids of a text without special tokens, as transformers gives them."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return list(tokenizer.encode(text, add_special_tokens=False))


def load(folder: Path) -> PreTrainedModel:
    """Load a decoder in float32 with plain attention."""
    with bars_hidden(True), library_talk():
        return AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager"
        ).eval()


def torch_logits(model: PreTrainedModel, ids: list[int]) -> Floats:
    """Return the logits ``(len(ids), vocabulary)`` of transformers."""
    with torch.inference_mode():
        return np.asarray(model(torch.tensor([ids])).logits[0].numpy(), np.float32)


def llama_logits(gguf: Path, texts: list[list[int]]) -> list[Floats]:
    """Return the logits of llama.cpp, with keys and values in float32."""
    limits = CausalLimits(max(map(len, texts)), threads=1, exact=True)
    with Model(gguf) as model, CausalContext(model, limits) as context:
        return [context.logits(ids) for ids in texts]


def difference(folder: Path, gguf: Path, model: PreTrainedModel | None = None) -> Difference:
    """Compare all logits of ``TEXTS``; ``model`` if it is not the one in the folder."""
    texts = [encode(folder, text) for text in TEXTS]
    reference = model or load(folder)
    one = np.concatenate([torch_logits(reference, ids) for ids in texts])
    other = np.concatenate(llama_logits(gguf, texts))
    apart = np.abs(one - other)
    same = one.argmax(1) == other.argmax(1)
    return Difference(float(apart.max()), float(apart.mean()), float(same.mean()))
