"""The tensors of a GGUF file: what their descriptions may say, and that all of their data is there.

tensors = [read_tensor(cursor) for _ in range(count)]
check_layout(tensors, start, size, alignment)
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from runtime.judge.gguf_cursor import Cursor, DamagedError
from runtime.words import _

# Tensor types: code -> (values in a block, bytes in a block), from ggml's type traits. Left out are
# those that ggml does not multiply by: whole numbers, 64-bit ones, Q8_1 and Q8_K.
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34)},
    **{10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210)},
    **{16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110)},
    **{22: (256, 82), 23: (256, 136), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66)},
    **{39: (32, 17)},
}
_F32 = 0
_MAX_DIMENSIONS = 4
# llama.cpp counts values and bytes in 64 bits, with a sign.
_MOST = 2**63 - 1
# GGML_MAX_NAME is 64, its final zero included. No tensor's name needs more than these characters,
# and none of them leads anywhere should a name ever become one of a file.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
# From where llama.cpp maps tensors into memory it computes with full vectors (TENSOR_ALIGNMENT).
LEAST_ALIGNMENT, MOST_ALIGNMENT = 32, 1 << 16


class Tensor(NamedTuple):
    """One description; ``offset`` and ``size`` are in bytes, from the start of all data."""

    name: str
    shape: tuple[int, ...]
    offset: int
    size: int


def read_tensor(cursor: Cursor) -> Tensor:
    """Read one description. Raises ``DamagedError`` naming the tensor."""
    name, dimensions = cursor.string(), cursor.kind()
    if not _NAME.fullmatch(name):
        raise DamagedError(
            _("it has a tensor with an impossible name ({name!r})").format(name=name[:80])
        )
    if not 1 <= dimensions <= _MAX_DIMENSIONS:
        raise DamagedError(
            _("tensor {name!r} has {dimensions} dimensions").format(
                name=name, dimensions=dimensions
            )
        )
    shape = tuple(cursor.count() for _ in range(dimensions))
    kind, offset = cursor.kind(), cursor.count()
    if kind not in _BLOCKS:
        raise DamagedError(
            _("tensor {name!r} is of an unknown type ({kind})").format(name=name, kind=kind)
        )
    if dimensions == 1 and kind != _F32:
        # Norms and biases, which every converter leaves whole.
        raise DamagedError(
            _("tensor {name!r} is one row of a type for matrices ({kind})").format(
                name=name, kind=kind
            )
        )
    per_block, bytes_per_block = _BLOCKS[kind]
    values = math.prod(shape)
    if not values or max(values, values // per_block * bytes_per_block) > _MOST:
        raise DamagedError(_("tensor {name!r} is of a senseless size").format(name=name))
    if shape[0] % per_block:
        raise DamagedError(_("tensor {name!r} has rows that are no whole blocks").format(name=name))
    return Tensor(name, shape, offset, values // per_block * bytes_per_block)


def check_layout(tensors: Sequence[Tensor], start: int, size: int, alignment: int) -> None:
    """Raise ``DamagedError`` unless each tensor lies behind the one before and all are there.

    ``start`` is where the descriptions end and ``size`` that of the file, in bytes. No two tensors
    share a byte or a name; llama.cpp demands the same.
    """
    seen: set[str] = set()
    at = 0
    for tensor in tensors:
        if tensor.name in seen:
            raise DamagedError(_("it has tensor {name!r} twice").format(name=tensor.name))
        if tensor.offset != at:
            raise DamagedError(
                _("tensor {name!r} does not lie where it must").format(name=tensor.name)
            )
        seen.add(tensor.name)
        at = aligned(tensor.offset + tensor.size, alignment)
    if tensors:
        end = aligned(start, alignment) + tensors[-1].offset + tensors[-1].size
        if end > size:
            raise DamagedError(_("its tensors are cut short"))


def check_adapter(tensors: Sequence[Tensor]) -> None:
    """Raise ``DamagedError`` if the matrices of a LoRA adapter cannot be multiplied.

    llama.cpp compares them with the base's by itself, but these with each other only in part.
    """
    known = {tensor.name: tensor for tensor in tensors}
    for tensor in tensors:
        # Only mixtures of experts have a stack of matrices.
        if len(tensor.shape) > 2 and "_exps." not in tensor.name:
            raise DamagedError(
                _("tensor {name!r} of an adapter is no matrix").format(name=tensor.name)
            )
    first, second = (known.get(f"token_embd.weight.lora_{half}") for half in "ab")
    if first and second and first.shape[0] != second.shape[0]:
        raise DamagedError(_("the halves of its tensor 'token_embd.weight' do not fit"))


def aligned(at: int, alignment: int) -> int:
    """Return the next multiple of ``alignment``."""
    return -(-at // alignment) * alignment
