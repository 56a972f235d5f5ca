"""Reads a LoRA adapter as peft writes it, and merges it into the weights of its base.

    lora = read_adapter(Path("RUN/solve/adapter"))
    merged = merge(safetensors.load(base), Path("models/minilm-marker"))

W + scale B A for every matrix the adapter has, in float32 and on the 16- or 32-bit base, never on a
quantized one; scale is alpha / rank (Hu et al. 2021) or alpha / sqrt(rank) (rsLoRA, Kalajdzievski
2023). A base of many gigabytes is merged piece by piece: see merging.py.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from convert.merge import safetensors
from runtime.errors import ModelError

Tensors = Mapping[str, NDArray[Any]]

WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
FILES = (WEIGHTS, SETTINGS)
HEAD_MODULES = ("score", "classifier", "pooler")
"""What ``modules_to_save`` may hold: weights that replace those of the base, whole."""
_PREFIX = "base_model.model."
# Each of these changes what is added, or when, or to what.
_OTHER_KINDS = (
    *("use_dora", "use_qalora", "use_bdlora", "lora_bias", "fan_in_fan_out"),
    *("rank_pattern", "alpha_pattern", "layer_replication", "alora_invocation_tokens"),
)


class _Settings(msgspec.Struct, frozen=True):
    """What of peft's settings decides how an adapter is merged; the rest is for training."""

    r: int
    lora_alpha: float
    use_rslora: bool = False
    peft_type: str = "LORA"


class Pair(NamedTuple):
    """The two factors of what is added to one weight: ``up`` ``(out, r)``, ``down`` ``(r, in)``."""

    weight: str
    up: NDArray[Any]
    down: NDArray[Any]


class Lora(NamedTuple):
    """An adapter: what it adds, times ``scale``, and the weights of its head by name."""

    folder: Path
    scale: float
    pairs: tuple[Pair, ...]
    head: dict[str, NDArray[Any]]


def read_adapter(folder: Path) -> Lora:
    """Return the adapter in ``folder``, its weights memory-mapped, names as the base has them.

    Raises ``ModelError`` if it is damaged or of a kind that is merged differently.
    """
    settings = _settings(folder / SETTINGS)
    tensors = safetensors.load(folder / WEIGHTS)
    if not tensors:
        raise ModelError(f"{folder / WEIGHTS} is damaged: it holds no tensor.")
    head = {name: tensor for name, tensor in tensors.items() if _is_head(name)}
    pairs = {name: tensor for name, tensor in tensors.items() if name not in head}
    root = math.sqrt(settings.r) if settings.use_rslora else settings.r
    return Lora(
        folder,
        settings.lora_alpha / root,
        tuple(_pairs(folder, pairs, settings.r)),
        {name.removeprefix(_PREFIX): tensor for name, tensor in head.items()},
    )


def merge(base: Tensors, folder: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of ``base`` with the adapter in ``folder`` merged in.

    Raises ``ModelError`` if the adapter is damaged, of a kind that is merged differently, with a
    head, or made for another base.
    """
    lora = read_adapter(folder)
    if lora.head:
        name = min(lora.head)
        raise ModelError(f"{folder} holds {name!r}, which is no LoRA weight with its pair.")
    merged = dict(base)
    for pair in lora.pairs:
        weight = base.get(pair.weight)
        if weight is None or weight.shape != change_shape(pair):
            raise another_base(lora, pair.weight)
        merged[pair.weight] = np.asarray(weight, np.float32) + change(lora, pair)
    return merged


def change_shape(pair: Pair) -> tuple[int, int]:
    """Return the shape of what a pair adds."""
    return pair.up.shape[0], pair.down.shape[1]


def change(lora: Lora, pair: Pair, rows: slice = slice(None)) -> NDArray[np.float32]:
    """Return what is added to ``rows`` of a weight, in float32.

    Raises ``ModelError`` if a value of it is no number.
    """
    with np.errstate(all="ignore"):  # what is no number is refused in the next line
        found = np.float32(lora.scale) * (
            pair.up[rows].astype(np.float32) @ pair.down.astype(np.float32)
        )
    if not np.isfinite(found).all():
        raise ModelError(
            f"The adapter in {lora.folder} is damaged: what it adds to {pair.weight!r} is no "
            "number.",
            "Train it again.",
        )
    return found


def another_base(lora: Lora, weight: str) -> ModelError:
    """Return the error for an adapter that changes what the base does not have."""
    return ModelError(
        f"The adapter in {lora.folder} is for another base: it changes {weight!r}, which this one "
        "lacks or has in another shape.",
        "Give the base it was trained on; its name is in adapter_config.json.",
    )


def _is_head(name: str) -> bool:
    return ".lora_" not in name and any(part in HEAD_MODULES for part in name.split("."))


def _pairs(folder: Path, tensors: Tensors, rank: int) -> Iterator[Pair]:
    for name in sorted(tensors):
        stem, _, part = name.partition(".lora_")
        down, up = (tensors.get(f"{stem}.lora_{side}.weight") for side in "AB")
        if down is None or up is None or part not in {"A.weight", "B.weight"}:
            raise ModelError(f"{folder} holds {name!r}, which is no LoRA weight with its pair.")
        if not (up.ndim == down.ndim == 2 and up.shape[1] == down.shape[0] == rank):
            raise ModelError(f"{folder} is damaged: {name!r} and its pair are not of rank {rank}.")
        if part == "A.weight":
            yield Pair(stem.removeprefix(_PREFIX) + ".weight", up, down)


def _settings(path: Path) -> _Settings:
    try:
        read = json.loads(path.read_bytes())
        settings = msgspec.convert(read, _Settings)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} does not describe a LoRA adapter: {error}.") from error
    other = settings.peft_type != "LORA" or any(read.get(name) for name in _OTHER_KINDS)
    if other or settings.r < 1:
        raise ModelError(f"{path} describes a kind of adapter that Kindmark cannot merge.")
    return settings
