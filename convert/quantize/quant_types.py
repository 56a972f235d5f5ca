"""Names of quantizations, which tensors are kept in another type, and how large it all becomes.

check_quant("Q4_K_M")
kinds = kept_types(tensors, {"output": "Q8_0", "blk.*.ffn_down": "Q6_K"})
estimated_size(tensors, "Q4_K_M", kinds)
"""

import difflib
import fnmatch
from collections.abc import Iterable, Mapping, Sequence

from convert.quantize.gguf_tensors import GgufTensor, block_size, stored_size
from runtime.errors import BadInputError

QUANTS: tuple[str, ...] = ("Q4_0", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0")
"""Of about 4.5, 4.8, 5.7, 6.6 and 8.5 bits a weight."""
TENSOR_TYPES: tuple[str, ...] = (
    *("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "F16", "BF16", "F32"),
)
"""What a single tensor can be kept in."""

# A head decides between labels with very few weights: kept in half precision it costs nothing.
_HEADS = ("cls.weight", "cls.output.weight")
_HEAD_TYPE = "F16"
# Rows that do not divide by 256 cannot be K-quants; llama.cpp takes these instead.
_FALLBACKS = {"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"}
_LAYERS = {"Q4_K_M": "Q4_K", "Q5_K_M": "Q5_K"}
# Q4_K_M and Q5_K_M spend more on half of these; the estimate counts it for all.
_FINER = ("attn_v.", "ffn_down.")
_EMBEDDINGS = ("token_embd.weight", "output.weight", "per_layer_token_embd.weight")


def check_quant(quant: str) -> str:
    """Return the quantization as it is spelt here. Raises ``BadInputError``, naming the nearest."""
    return _known(quant, QUANTS, "quantization")


def kept_types(tensors: Sequence[GgufTensor], keep: Mapping[str, str]) -> dict[str, str]:
    """Return by tensor name the type that ``keep`` asks for; heads stay F16 unless it says else.

    A key is a tensor's name without ".weight", and may hold "*". "output" means the embeddings
    where both are one matrix. Raises ``BadInputError`` if nothing has that name or that type
    cannot hold it.
    """
    by_name = {tensor.name: tensor for tensor in tensors}
    found = {name: _HEAD_TYPE for name in _HEADS if name in by_name}
    # A name that says more comes later and so counts.
    for pattern in sorted(keep, key=lambda pattern: ("*" not in pattern, pattern != "output")):
        kind = _known(keep[pattern], TENSOR_TYPES, "type of tensor")
        for name in _matching(pattern, by_name):
            _check_rows(by_name[name], kind)
            found[name] = kind
    return found


def estimated_size(tensors: Iterable[GgufTensor], quant: str, kept: Mapping[str, str]) -> int:
    """Return about how many bytes the tensors take when quantized: not less, and at most a quarter
    more than they do.
    """
    return sum(stored_size(t.shape, _kind(t, quant, kept)) for t in tensors)


def _kind(tensor: GgufTensor, quant: str, kept: Mapping[str, str]) -> str:
    if tensor.name in kept:
        return kept[tensor.name]
    if len(tensor.shape) < 2 or not tensor.name.endswith(".weight") or "_norm." in tensor.name:
        return tensor.kind
    kind = _LAYERS.get(quant, quant)
    finer = quant in _LAYERS and any(part in tensor.name for part in _FINER)
    if finer or (tensor.name in _EMBEDDINGS and kind != "Q8_0"):
        kind = "Q6_K"
    for smaller in (_FALLBACKS.get(kind, "F16"), "F16"):
        if tensor.shape[0] % block_size(kind):
            kind = smaller
    return kind


def _matching(pattern: str, names: Mapping[str, GgufTensor]) -> list[str]:
    wanted = pattern.removesuffix(".weight") + ".weight"
    if wanted == "output.weight" and wanted not in names:
        wanted = "token_embd.weight"
    found = fnmatch.filter(names, wanted)
    if not found:
        raise BadInputError(
            f"No tensor of this model is called {pattern!r}.",
            f"{_nearest(wanted, names)}Names are such as output, token_embd and blk.*.ffn_down.",
        )
    return found


def _check_rows(tensor: GgufTensor, kind: str) -> None:
    if tensor.shape[0] % block_size(kind):
        raise BadInputError(
            f"{tensor.name} cannot be kept in {kind}: its rows of {tensor.shape[0]} do not divide "
            f"by {block_size(kind)}.",
            "Keep it in Q8_0 or F16.",
        )


def _known(name: str, known: Sequence[str], what: str) -> str:
    if name.upper() in known:
        return name.upper()
    raise BadInputError(
        f"There is no {what} {name!r}.",
        f"{_nearest(name.upper(), known)}They are {', '.join(known)}.",
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"Did you mean {near[0].removesuffix('.weight')}? " if near else ""
