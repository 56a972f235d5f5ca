"""A model as transformers computes it, in float32: what a converted file must equal.

    reference = read_reference(folder, [ids])
    reference[0].logits, reference[0].hidden

Gemma 3n is computed with two roundings of llama.cpp's (see ``convert.gguf.gemma3n``), so that its
files can be held to the same limits as all others. Imports torch: for machines that train and
convert, never for those that only mark.
"""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, PreTrainedModel
from transformers.utils import logging as talk

from runtime.errors import ModelError
from runtime.judge.tokens import AnyIds

Floats = NDArray[np.float32]


class Outputs(NamedTuple):
    """What a model says of one prompt of ``n`` tokens.

    ``hidden`` is ``(n, width)``, after the final norm; ``logits`` is ``(n, vocabulary)``, or
    ``None`` for an encoder.
    """

    hidden: Floats
    logits: Floats | None


def read_reference(folder: Path, prompts: Sequence[AnyIds]) -> list[Outputs]:
    """Return the outputs for each prompt, in float32 and without fused attention.

    Takes the memory of the model in float32, until it returns. Raises ``ModelError`` if
    transformers cannot load the folder.
    """
    model = load_model(folder)
    with torch.inference_mode():
        return [
            _read(model, torch.tensor(np.asarray(ids)[None], dtype=torch.long)) for ids in prompts
        ]


def load_model(folder: Path, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """Return the model in a folder, in evaluation mode, without a word on the terminal.

    Raises ``ModelError`` if transformers cannot load it.
    """
    bars, level = talk.is_progress_bar_enabled(), talk.get_verbosity()
    talk.disable_progress_bar()
    talk.set_verbosity_error()
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        kind: Any = AutoModel if config.model_type == "bert" else AutoModelForCausalLM
        loaded: PreTrainedModel = kind.from_pretrained(
            folder,
            dtype=dtype,
            attn_implementation="eager",
            local_files_only=True,
        )
        round_alike(loaded)
        return loaded.eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"transformers cannot load {folder}: {error}.") from error
    finally:
        talk.set_verbosity(level)
        if bars:
            talk.enable_progress_bar()


class _TableGelu(torch.nn.Module):
    """GELU as llama.cpp looks it up: half precision in and out, from -10 to 10."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return GELU of each number."""
        near = torch.nn.functional.gelu(x.half().float(), approximate="tanh").half().float()
        return torch.where(x <= -10, 0.0, torch.where(x >= 10, x, near))


def _sparse(inputs: torch.Tensor, sparsity: float) -> torch.Tensor:
    """Return what exceeds the cut-off of Gemma 3n's sparse layers, with the sample's deviation."""
    cut = torch.special.ndtri(torch.tensor(sparsity))
    spread = inputs.std(dim=-1, keepdim=True)
    return torch.relu(inputs - (inputs.mean(dim=-1, keepdim=True) + spread * cut))


def round_alike(model: PreTrainedModel) -> None:
    """Have Gemma 3n's sparse layers and GELU computed as llama.cpp does, which rounds them.

    Ten sparse layers in a row make much of a rounding: a position's logits may turn to others
    though nothing was converted wrongly, and a wrong conversion could hide behind that.
    """
    for module in model.modules():
        kind = type(module).__name__
        if kind in {"Gemma3nTextMLP", "Gemma3nTextDecoderLayer"}:
            module.act_fn = _TableGelu()
        if kind == "Gemma3nTextMLP":
            cut = functools.partial(_sparse, sparsity=module.activation_sparsity)
            module._gaussian_topk = cut


def _read(model: PreTrainedModel, ids: torch.Tensor) -> Outputs:
    head = model.get_output_embeddings()
    if head is None:
        return Outputs(model(ids).last_hidden_state[0].numpy(), None)
    seen: list[torch.Tensor] = []
    # Whatever the class calls its parts, what goes into the output layer is the last hidden state.
    hook = head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    try:
        logits = model(ids, use_cache=False).logits
    finally:
        hook.remove()
    return Outputs(seen[0][0].numpy(), logits[0].numpy())
