"""Merges a LoRA adapter into the weights of its base, with numpy alone.

    merged = merge(safetensors.load(base), Path("models/minilm-marker"))

W + (alpha / rank) B A for every matrix the adapter has (Hu et al. 2021), in float32 and on the
16- or 32-bit base, never on a quantized one. A folder as peft writes it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from convert import safetensors
from runtime.errors import ModelError

Tensors = Mapping[str, NDArray[Any]]

WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
FILES = (WEIGHTS, SETTINGS)
_PREFIX = "base_model.model."


class _Settings(msgspec.Struct, frozen=True):
    """What of peft's settings decides how an adapter is merged; the rest is for training."""

    r: int
    lora_alpha: float
    use_rslora: bool = False
    use_dora: bool = False
    fan_in_fan_out: bool = False
    rank_pattern: dict[str, Any] = {}
    alpha_pattern: dict[str, Any] = {}


class _Pair(NamedTuple):
    """The two factors of what is added to one weight: ``up`` ``(out, r)``, ``down`` ``(r, in)``."""

    weight: str
    up: NDArray[Any]
    down: NDArray[Any]


def merge(base: Tensors, folder: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of ``base`` with the adapter in ``folder`` merged in.

    Raises ``ModelError`` if the adapter is damaged, of a kind that is merged differently, or made
    for another base.
    """
    settings = _settings(folder / SETTINGS)
    scale = settings.lora_alpha / settings.r
    merged = dict(base)
    for pair in _pairs(folder, settings.r):
        weight = base.get(pair.weight)
        if weight is None or weight.shape != (pair.up.shape[0], pair.down.shape[1]):
            raise ModelError(
                f"The adapter in {folder} is for another base: it changes {pair.weight!r}, which "
                "this one lacks or has in another shape."
            )
        with np.errstate(all="ignore"):  # what is no number is refused in the next line
            change = scale * (pair.up.astype(np.float32) @ pair.down.astype(np.float32))
        if not np.isfinite(change).all():
            raise ModelError(
                f"The adapter in {folder} is damaged: what it adds to {pair.weight!r} is no number."
            )
        merged[pair.weight] = np.asarray(weight, np.float32) + change
    return merged


def _pairs(folder: Path, rank: int) -> Iterator[_Pair]:
    tensors = safetensors.load(folder / WEIGHTS)
    if not tensors:
        raise ModelError(f"{folder / WEIGHTS} is damaged: it holds no tensor.")
    for name in sorted(tensors):
        stem, _, part = name.partition(".lora_")
        down, up = (tensors.get(f"{stem}.lora_{side}.weight") for side in "AB")
        if down is None or up is None or part not in {"A.weight", "B.weight"}:
            raise ModelError(f"{folder} holds {name!r}, which is no LoRA weight with its pair.")
        if not (up.ndim == down.ndim == 2 and up.shape[1] == down.shape[0] == rank):
            raise ModelError(f"{folder} is damaged: {name!r} and its pair are not of rank {rank}.")
        if part == "A.weight":
            yield _Pair(stem.removeprefix(_PREFIX) + ".weight", up, down)


def _settings(path: Path) -> _Settings:
    try:
        settings = msgspec.convert(json.loads(path.read_bytes()), _Settings)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} does not describe a LoRA adapter: {error}.") from error
    unknown = settings.use_rslora or settings.use_dora or settings.fan_in_fan_out
    if unknown or settings.rank_pattern or settings.alpha_pattern or settings.r < 1:
        raise ModelError(f"{path} describes a kind of adapter that Kindmark cannot merge.")
    return settings
