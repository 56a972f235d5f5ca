"""Tiny BERT encoders with random weights, and the BERT network in plain numpy to compare with."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convert.embedded import bert, wordpiece
from convert.merge import safetensors

Floats = NDArray[np.float32]

# Matrices are multiples of 32 wide so that Q8_0 can hold them.
SHAPE = bert.Shape(
    hidden_size=64,
    intermediate_size=128,
    num_attention_heads=4,
    num_hidden_layers=2,
    max_position_embeddings=40,
    type_vocab_size=2,
    vocab_size=0,
    layer_norm_eps=1e-12,
)
WORDS = (
    "plant plants need needs light water and to grow cat sat on the mat ice melts heat sun because"
)
VOCABULARY = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *".,!?+-=/[]0123456789",
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz0123456789"),
    *WORDS.split(),
    *("##ing", "##ed"),
]


def write_sources(folder: Path, seed: int = 0, width: int = SHAPE.hidden_size) -> Path:
    """Write what a model folder of the hub holds: config, vocabulary, tokenizer, weights."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = SHAPE._replace(vocab_size=len(VOCABULARY), hidden_size=width)
    config = shape._asdict() | {"model_type": "bert", "hidden_act": "gelu"}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    normalizer = {"type": "BertNormalizer", "lowercase": True, "strip_accents": None}
    (folder / "tokenizer.json").write_text(json.dumps({"normalizer": normalizer}), "utf-8")
    write_safetensors(folder / "model.safetensors", random_tensors(shape, seed))
    return folder


def write_gguf(path: Path, sources: Path) -> Path:
    """Convert a folder of ``write_sources`` to an f16 GGUF file."""
    bert.write(
        path,
        bert.About("tiny", "Apache-2.0", "https://example.org/tiny"),
        bert.read_shape(sources / "config.json"),
        wordpiece.read_vocabulary(sources / "vocab.txt"),
        safetensors.load(sources / "model.safetensors"),
    )
    return path


def random_tensors(shape: bert.Shape, seed: int) -> dict[str, Floats]:
    """Return weights under Hugging Face's names, exact in half precision."""
    rng = np.random.default_rng(seed)
    width, inner = shape.hidden_size, shape.intermediate_size
    sizes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (shape.vocab_size, width),
        "embeddings.position_embeddings.weight": (shape.max_position_embeddings, width),
        "embeddings.token_type_embeddings.weight": (shape.type_vocab_size, width),
        **_both("embeddings.LayerNorm", width),
        **_both("pooler.dense", width, width),
    }
    for i in range(shape.num_hidden_layers):
        layer = f"encoder.layer.{i}"
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            sizes |= _both(f"{layer}.attention.{name}", width, width)
        sizes |= _both(f"{layer}.attention.output.LayerNorm", width)
        sizes |= _both(f"{layer}.intermediate.dense", inner, width)
        sizes |= _both(f"{layer}.output.dense", width, inner)
        sizes |= _both(f"{layer}.output.LayerNorm", width)
    return {name: _random(rng, name, size) for name, size in sizes.items()}


def _both(name: str, *weight: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": weight, f"{name}.bias": weight[:1]}


def _random(rng: np.random.Generator, name: str, size: tuple[int, ...]) -> Floats:
    around = 1.0 if name.endswith("LayerNorm.weight") else 0.0
    return (around + 0.2 * rng.standard_normal(size)).astype(np.float16).astype(np.float32)


def write_safetensors(path: Path, tensors: dict[str, Floats]) -> None:
    """Write the file as its format is defined, independently of our reader."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, tensor in tensors.items():
        raw = tensor.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": tensor.shape,
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def forward(weights: dict[str, Floats], ids: NDArray[np.int32], heads: int = 4) -> Floats:
    """Return BERT's last hidden layer, ``(len(ids), width)`` (Devlin et al. 2019)."""
    x = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = _norm(weights, "embeddings.LayerNorm", x)
    layers = sum(name.endswith("attention.self.query.weight") for name in weights)
    for layer in (f"encoder.layer.{i}" for i in range(layers)):
        attended = _linear(
            weights, f"{layer}.attention.output.dense", _attend(weights, layer, x, heads)
        )
        x = _norm(weights, f"{layer}.attention.output.LayerNorm", x + attended)
        inner = _gelu(_linear(weights, f"{layer}.intermediate.dense", x))
        x = _norm(
            weights,
            f"{layer}.output.LayerNorm",
            x + _linear(weights, f"{layer}.output.dense", inner),
        )
    return x.astype(np.float32)


def _attend(weights: dict[str, Floats], layer: str, x: Floats, heads: int) -> Floats:
    query, key, value = (
        _linear(weights, f"{layer}.attention.self.{name}", x)
        .reshape(len(x), heads, -1)
        .transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    mixed: Floats = (shares @ value).transpose(1, 0, 2).reshape(len(x), -1)
    return mixed


def _linear(weights: dict[str, Floats], name: str, x: Floats) -> Floats:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _norm(weights: dict[str, Floats], name: str, x: Floats) -> Floats:
    spread = np.sqrt(x.var(-1, keepdims=True) + SHAPE.layer_norm_eps)
    normal = (x - x.mean(-1, keepdims=True)) / spread
    scaled: Floats = normal * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return scaled


def _gelu(x: Floats) -> Floats:
    return np.asarray(0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))), np.float32)
