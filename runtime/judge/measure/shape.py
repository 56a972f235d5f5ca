"""What a model's speed and memory depend on, read from its file without loading it.

    shape = read_shape(path)
    shape.body          # weights every token is multiplied with
    shape.cell_bytes    # keys and values of one token, in 16 bits

Reading a token costs 2 floating-point operations a weight, writing one the bytes of all weights
(Pope et al. 2022, arXiv 2211.05102): tables that are only looked up count for memory alone.
"""

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from runtime.judge import gguf_header
from runtime.judge.gguf_cursor import Cursor, Value
from runtime.judge.gguf_tensors import Tensor, read_tensor


class Shape(NamedTuple):
    """Weights and bytes. ``output`` makes the logits: it is used where these are wanted only.

    ``kv`` is how many numbers of keys and values a token leaves over all layers, ``bits`` what most
    weights of the body take each, and ``positions`` the longest sequence the model knows.
    """

    parameters: int
    file_bytes: int
    body: float
    body_bytes: float
    output: int
    output_bytes: int
    vocabulary: int
    inner: int
    kv: int
    positions: int

    @property
    def cell_bytes(self) -> int:
        """Bytes of keys and values of one token, in 16 bits."""
        return 2 * self.kv

    @property
    def bits(self) -> float:
        """Bits a weight of the body takes on average."""
        return 8 * self.body_bytes / self.body


def read_shape(path: Path) -> Shape:
    """Return the shape of a decoder's file. Raises ``ModelError`` if it is damaged."""
    header = gguf_header.read(path)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        tensors = _tensors(Cursor(data))
    body = [tensor for tensor in tensors if _multiplied(tensor.name)]
    table = next((t for t in tensors if t.name == "token_embd.weight"), None)
    output = next((t for t in tensors if t.name == "output.weight"), table)
    used = _experts_used(header.metadata, header.architecture)
    return Shape(
        parameters=sum(map(_values, tensors)),
        file_bytes=path.stat().st_size,
        body=sum(_values(t) * _share(t, used) for t in body),
        body_bytes=sum(t.size * _share(t, used) for t in body),
        output=_values(output) if output else 0,
        output_bytes=output.size if output else 0,
        vocabulary=output.shape[-1] if output else 0,
        inner=max((t.shape[-1] for t in body if "ffn_up" in t.name), default=0),
        kv=_kv(body, header.metadata, header.architecture),
        positions=_positions(header.metadata, header.architecture),
    )


def _tensors(cursor: Cursor) -> list[Tensor]:
    """Read the descriptions of a file whose header is known to be sound."""
    cursor.skip(8)
    count, entries = cursor.count(), cursor.count()
    for _ in range(entries):
        cursor.string()
        cursor.value(cursor.kind())
    return [read_tensor(cursor) for _ in range(count)]


def _multiplied(name: str) -> bool:
    """Whether every token is multiplied with a tensor: no table, and not what makes the logits."""
    return name.startswith("blk.") or name in {"per_layer_model_proj.weight"}


def _values(tensor: Tensor) -> int:
    found = 1
    for size in tensor.shape:
        found *= size
    return found


def _share(tensor: Tensor, used: float) -> float:
    return used if "_exps." in tensor.name else 1.0


def _experts_used(known: dict[str, Value], name: str) -> float:
    """Return the share of a mixture's experts that one token goes through."""
    total, used = known.get(f"{name}.expert_count"), known.get(f"{name}.expert_used_count")
    both = isinstance(total, int) and isinstance(used, int) and total > 0
    return float(used) / float(total) if both and used and total else 1.0


def _kv(body: Sequence[Tensor], known: dict[str, Value], name: str) -> int:
    """Return how many numbers a token leaves; some layers of Gemma 3n use those of others."""
    found = [t.shape[1] for t in body if t.name.endswith(("attn_k.weight", "attn_v.weight"))]
    shared = known.get(f"{name}.attention.shared_kv_layers", 0)
    layers = len(found) // 2
    own = layers - shared if isinstance(shared, int) and 0 < shared < layers else layers
    return sum(found) * own // max(1, layers)


def _positions(known: dict[str, Value], name: str) -> int:
    found = known.get(f"{name}.context_length", 0)
    return int(found) if isinstance(found, int) else 0
