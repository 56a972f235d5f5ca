"""A decoder made on the spot, for measuring this machine with the very code that judges.

    path = write_probe(folder, "Q4_K_M")

Its layers are those of Qwen2.5-1.5B, eight of twenty-eight: 230 MB in 4 bits. With four, which a
server's caches hold in part, a weight takes a fifth less time than in the whole model, with eight
7 % less. The weights are random; speed does not depend on them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from numpy.typing import NDArray


class Size(NamedTuple):
    """Layers and widths of a probe; rows are to be multiples of 256, as K-quants have them."""

    layers: int = 8
    width: int = 1536
    inner: int = 8960
    heads: int = 12
    kv_heads: int = 2
    vocabulary: int = 4096


TRUE = Size()
TINY = Size(layers=2, width=256, inner=256, heads=2, kv_heads=1, vocabulary=512)
"""For trying the code out: its speed says nothing."""

KINDS = ("Q4_K_M", "Q8_0", "F16")
_POSITIONS = 4096
_Bytes = NDArray[np.uint8]


def write_probe(folder: Path, kind: str, size: Size | None = None) -> Path:
    """Write the model, quantized as ``kind`` of ``KINDS`` says, and return its file."""
    size = size or TRUE
    path = folder / f"probe-{kind}.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(_POSITIONS)
    writer.add_embedding_length(size.width)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.inner)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.kv_heads)
    writer.add_rope_dimension_count(size.width // size.heads)
    writer.add_layer_norm_rms_eps(1e-6)
    _add_vocabulary(writer, size.vocabulary)
    random = np.random.default_rng(0)
    for name, shape in _tensors(size):
        if len(shape) == 1:
            writer.add_tensor(name, np.ones(shape, np.float32))
        else:
            stored = _stored(kind, name)
            writer.add_tensor(name, _blocks(random, shape, stored), raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(size: Size) -> Iterator[tuple[str, tuple[int, ...]]]:
    kv = size.width // size.heads * size.kv_heads
    layer: dict[str, tuple[int, ...]] = {
        "attn_norm": (size.width,),
        "attn_q": (size.width, size.width),
        "attn_k": (kv, size.width),
        "attn_v": (kv, size.width),
        "attn_output": (size.width, size.width),
        "ffn_norm": (size.width,),
        "ffn_gate": (size.inner, size.width),
        "ffn_up": (size.inner, size.width),
        "ffn_down": (size.width, size.inner),
    }
    yield "token_embd.weight", (size.vocabulary, size.width)
    yield "output_norm.weight", (size.width,)
    for number in range(size.layers):
        yield from ((f"blk.{number}.{name}.weight", shape) for name, shape in layer.items())


def _stored(kind: str, name: str) -> Kind:
    """Return how a matrix is stored; Q4_K_M keeps the table and half of two matrices in 6 bits."""
    if kind != "Q4_K_M":
        return Kind[kind]
    number = int(name.split(".")[1]) if name.startswith("blk.") else 0
    finer = "attn_v" in name or "ffn_down" in name
    return Kind.Q6_K if name == "token_embd.weight" or (finer and number % 2) else Kind.Q4_K


def _blocks(random: np.random.Generator, shape: tuple[int, ...], kind: Kind) -> NDArray[np.generic]:
    """Return random weights around 0.02 in size: any bytes will do but for the scales."""
    rows, columns = shape
    if kind is Kind.F16:
        # A few thousand different weights, over and over: more would take seconds to make.
        return np.resize((random.standard_normal(8192) * 0.02).astype(np.float16), shape)
    per_block, block_bytes = gguf.GGML_QUANT_SIZES[kind]
    count = rows * columns // per_block
    blocks = np.frombuffer(random.bytes(count * block_bytes), np.uint8).reshape(count, block_bytes)
    return _scaled(blocks.copy(), kind).reshape(rows, columns // per_block * block_bytes)


def _scaled(blocks: _Bytes, kind: Kind) -> _Bytes:
    """Put the 16-bit scales of each block where ggml has them (ggml-common.h)."""
    if kind is Kind.Q4_K:
        # Values are d * scale * 0..15 - dmin * minimum, with scales and minima of 0..63.
        blocks[:, :2], blocks[:, 2:4] = _half(1e-4), _half(7.5e-4)
    elif kind is Kind.Q6_K:
        blocks[:, -2:] = _half(1e-5)
    else:
        blocks[:, :2] = _half(2.5e-4)
    return blocks


def _half(value: float) -> _Bytes:
    return np.frombuffer(np.float16(value).tobytes(), np.uint8)


def _add_vocabulary(writer: gguf.GGUFWriter, count: int) -> None:
    # The 256 bytes by the names that GPT-2's vocabulary has for them, and enough others.
    letters = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256))]
    letters += [chr(256 + i) for i in range(256 - len(letters))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*letters, "th", *(f"<{i}>" for i in range(count - 257))])
    writer.add_token_types([1] * 257 + [5] * (count - 257))
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(count - 1)
