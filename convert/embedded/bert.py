"""Writes a BERT encoder (config, vocabulary, tensors) as a GGUF file for llama.cpp.

Matrices become f16; biases, norms and the two small position tables stay f32, as llama.cpp's own
converter leaves them. The pooler is dropped: Kindmark's heads read token vectors.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gguf
import msgspec
import numpy as np
from numpy.typing import NDArray

from convert.embedded.wordpiece import add_vocabulary
from runtime.errors import ModelError

Tensors = Mapping[str, NDArray[Any]]

_KEPT_F32 = ("token_types.weight", "position_embd.weight")
_DROPPED = ("pooler.", "embeddings.position_ids")


class Shape(NamedTuple):
    """What llama.cpp must know of a BERT; the names are those of ``config.json``."""

    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_hidden_layers: int
    max_position_embeddings: int
    type_vocab_size: int
    vocab_size: int
    layer_norm_eps: float


class About(NamedTuple):
    """Where the weights come from; written into the file, as their licence asks."""

    name: str
    licence: str
    source: str


def read_shape(path: Path) -> Shape:
    """Read ``config.json``. Raises ``ModelError`` unless it describes a plain GELU BERT."""
    try:
        config = json.loads(path.read_bytes())
        shape = msgspec.convert([config[name] for name in Shape._fields], Shape)
        plain = config["model_type"] == "bert" and config["hidden_act"] == "gelu"
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} does not describe a BERT encoder.") from error
    if not plain or config.get("position_embedding_type", "absolute") != "absolute":
        raise ModelError(f"{path} describes a model that is not a plain BERT encoder.")
    return shape


def write(path: Path, about: About, shape: Shape, tokens: Sequence[str], tensors: Tensors) -> None:
    """Write the GGUF file; the same input gives the same bytes.

    Raises ``ModelError`` if a tensor is missing, unknown or of another shape than the config says.
    """
    writer = gguf.GGUFWriter(path, "bert")
    _add_header(writer, about, shape)
    add_vocabulary(writer, tokens)
    for gguf_name, tensor in sorted(_renamed(tensors, shape).items()):
        writer.add_tensor(gguf_name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_header(writer: gguf.GGUFWriter, about: About, shape: Shape) -> None:
    writer.add_type("model")
    writer.add_name(about.name)
    writer.add_license(about.licence)
    writer.add_source_url(about.source)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_block_count(shape.num_hidden_layers)
    writer.add_context_length(shape.max_position_embeddings)
    writer.add_embedding_length(shape.hidden_size)
    writer.add_feed_forward_length(shape.intermediate_size)
    writer.add_head_count(shape.num_attention_heads)
    writer.add_layer_norm_eps(shape.layer_norm_eps)
    writer.add_token_type_count(shape.type_vocab_size)
    writer.add_causal_attention(False)
    # As the sentence model pools; the judge asks for token vectors and pools itself.
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def _renamed(tensors: Tensors, shape: Shape) -> dict[str, NDArray[Any]]:
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.BERT, shape.num_hidden_layers)
    wanted = _expected(shape)
    found = {}
    for source, tensor in tensors.items():
        bare = source.removeprefix("bert.")
        if bare.startswith(_DROPPED):
            continue
        name = names.get_name(bare, try_suffixes=(".weight", ".bias"))
        if name not in wanted or tensor.shape != wanted[name]:
            raise ModelError(f"Tensor {source!r} {tensor.shape} does not belong into this BERT.")
        flat = tensor.ndim == 1 or name in _KEPT_F32
        found[name] = np.ascontiguousarray(tensor, np.float32 if flat else np.float16)
    if missing := sorted(wanted.keys() - found.keys()):
        raise ModelError(f"The weights lack {len(missing)} tensors, the first is {missing[0]}.")
    return found


def _expected(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor by its name in GGUF."""
    width, inner = shape.hidden_size, shape.intermediate_size
    expected: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (shape.vocab_size, width),
        "position_embd.weight": (shape.max_position_embeddings, width),
        "token_types.weight": (shape.type_vocab_size, width),
        **_pair("token_embd_norm", width),
    }
    for block in (f"blk.{i}." for i in range(shape.num_hidden_layers)):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            expected |= _pair(block + name, width, width)
        expected |= _pair(block + "attn_output_norm", width)
        expected |= _pair(block + "ffn_up", inner, width)
        expected |= _pair(block + "ffn_down", width, inner)
        expected |= _pair(block + "layer_output_norm", width)
    return expected


def _pair(name: str, *weight: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": weight, f"{name}.bias": weight[:1]}
