"""Measures on sample prompts which columns of a model's weights matter most when it is quantized.

    measure_importance(Path("work/merged"), [[1, 523, 77], ...], Path("work/importance.npz"))

A column counts as much as the mean square of what it is multiplied with: rounding it is felt in
proportion. llama.cpp's quantizer weighs its rounding errors with it (its "imatrix"). Needs torch,
and the memory of the model in the type it is stored in.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from convert.merge.base_folder import Base, open_base
from convert.merge.weight_names import bare
from convert.quantize.importance_file import write_importance
from convert.verify.hugging_face import load_model
from runtime.errors import BadInputError

_TIED = "tie_word_embeddings"


def measure_importance(merged: Path, prompts: Sequence[Sequence[int]], target: Path) -> None:
    """Write for every linear layer the mean square of its inputs, under its name in GGUF.

    ``prompts`` are token ids, each read on its own: take them from what the model will be asked.
    Raises ``BadInputError`` if there are none or the architecture's names in GGUF are unknown,
    ``ModelError`` if the folder ``merged`` is no whole model.
    """
    base = open_base(merged)
    if not any(prompts):
        raise BadInputError(
            "There is no text to measure importance on.", "Give a file with a few hundred items."
        )
    names = _gguf_names(base)
    with torch.inference_mode():
        meters = _measured(load_model(merged, _dtype(base)), prompts)
    found = {_gguf_name(names, base, name): meter for name, meter in meters.items() if meter.count}
    write_importance(target, {name: meter.mean() for name, meter in found.items() if name})


class _Meter:
    """The sum of the squares of a layer's inputs, by column, and over how many tokens."""

    def __init__(self, width: int) -> None:
        self.squares = torch.zeros(width, dtype=torch.float64)
        self.count = 0

    def __call__(self, _layer: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        rows = inputs[0].reshape(-1, len(self.squares)).double()
        self.squares += rows.square().sum(0)
        self.count += len(rows)

    def mean(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        found: np.ndarray[Any, np.dtype[np.float64]] = (self.squares / self.count).numpy()
        return found


def _measured(model: PreTrainedModel, prompts: Sequence[Sequence[int]]) -> dict[str, _Meter]:
    meters = {}
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            meters[name] = _Meter(layer.in_features)
            layer.register_forward_pre_hook(meters[name])
    for prompt in filter(None, prompts):
        model(torch.tensor([list(prompt)]))
    return meters


def _dtype(base: Base) -> torch.dtype:
    stored = base.config.get("dtype") or base.config.get("torch_dtype")
    # Half precision overflows on a CPU, where sums of it are kept in half precision, too.
    return torch.bfloat16 if stored == "bfloat16" else torch.float32


def _gguf_name(names: gguf.TensorNameMap, base: Base, module: str) -> str | None:
    """Return what a layer's weight is called in GGUF, or ``None`` if that does not have it."""
    text = base.config.get("text_config") or {}
    plain = bare(f"{module}.weight")
    # One matrix serves as both then, and GGUF has it as the embeddings.
    if plain == "lm_head.weight" and text.get(_TIED, base.config.get(_TIED, True)):
        return "token_embd.weight"
    tries = (names.get_name(name, (".weight",)) for name in (plain, f"model.{plain}"))
    return next(filter(None, tries), None)


def _gguf_names(base: Base) -> gguf.TensorNameMap:
    by_name = {name: architecture for architecture, name in gguf.MODEL_ARCH_NAMES.items()}
    text = base.config.get("text_config") or base.config
    layers = text.get("num_hidden_layers")
    if base.architecture not in by_name or not isinstance(layers, int):
        raise BadInputError(
            f"How GGUF names the weights of a {base.architecture} model is not known here.",
            "Quantize it without an importance matrix.",
        )
    return gguf.get_tensor_name_map(by_name[base.architecture], layers)
