"""Takes the classification head out of an adapter folder, to be read beside the GGUF file.

    head = split_head(Path("RUN/mark/adapter"))
    head.weight, head.bias, head.pooler

A head is trained whole (``modules_to_save``): a linear layer on the last token, or for BERT on the
first token after a dense layer with tanh, the pooler. It is kept in float32, not quantized.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convert.merge.adapters import read_adapter
from runtime.errors import ModelError

Floats = NDArray[np.float32]


class HeadWeights(NamedTuple):
    """``weight`` ``(labels, width)``, ``bias`` ``(labels,)`` and BERT's pooler, all float32.

    ``pooler`` is the weight ``(width, width)`` and bias ``(width,)`` of the dense layer.
    """

    weight: Floats
    bias: Floats | None
    pooler: tuple[Floats, Floats] | None


def split_head(adapter: Path) -> HeadWeights | None:
    """Return the head of the adapter in a folder, or ``None`` if it has none.

    Raises ``ModelError`` if the adapter is damaged or its head is of a form Kindmark cannot read.
    """
    tensors = read_adapter(adapter).head
    if not tensors:
        return None
    parts = {_part(name): _floats(adapter, name, tensor) for name, tensor in tensors.items()}
    kind = "score" if "score.weight" in parts else "classifier"
    head = _head(parts, kind)
    if head is None or len(parts) != len(tensors) or not _fits(head):
        raise ModelError(
            f"The head of the adapter in {adapter} is not one that Kindmark can read: it holds "
            f"{', '.join(sorted(tensors))}.",
            "A head is one linear layer, score or classifier; BERT's has its pooler before it.",
        )
    return head


def _part(name: str) -> str:
    """Return the last two parts of a name: "bert.pooler.dense.weight" is the pooler's weight."""
    return ".".join(name.replace("pooler.dense", "pooler").split(".")[-2:])


def _head(parts: Mapping[str, Floats], kind: str) -> HeadWeights | None:
    own = {f"{kind}.weight", f"{kind}.bias"}
    pooler = {"pooler.weight", "pooler.bias"}
    if f"{kind}.weight" not in parts or parts.keys() - own - pooler:
        return None
    if present := pooler & parts.keys():
        if present != pooler:
            return None
        pooled = parts["pooler.weight"], parts["pooler.bias"]
        return HeadWeights(parts[f"{kind}.weight"], parts.get(f"{kind}.bias"), pooled)
    return HeadWeights(parts[f"{kind}.weight"], parts.get(f"{kind}.bias"), None)


def _fits(head: HeadWeights) -> bool:
    """Tell whether the shapes belong together."""
    if head.weight.ndim != 2 or not head.weight.size:
        return False
    labels, width = head.weight.shape
    poolers = [tensor.shape for tensor in head.pooler or ()]
    return (head.bias is None or head.bias.shape == (labels,)) and (
        not poolers or poolers == [(width, width), (width,)]
    )


def _floats(adapter: Path, name: str, tensor: NDArray[Any]) -> Floats:
    found = np.array(tensor, np.float32)
    if not np.isfinite(found).all():
        raise ModelError(
            f"The adapter in {adapter} is damaged: {name!r} of its head is no number.",
            "Train it again.",
        )
    return found
