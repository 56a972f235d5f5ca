"""Published shapes of the bases, and how many weights follow from them: no torch, no download.

shape = SHAPES["Qwen/Qwen2.5-1.5B-Instruct"]
shape.parameters().total

The numbers are those of each model's ``config.json`` on the hub; the formulas are exact, and the
tests hold them to models that are really built.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from train.recipe import Architecture


class Linear(NamedTuple):
    """One linear layer of a block: its name, and the widths it maps between."""

    name: str
    inputs: int
    outputs: int


class Parameters(NamedTuple):
    """Weights by what becomes of them in QLoRA.

    ``quantized`` are linear layers of the blocks, ``looked_up`` the tables that cost no time,
    ``whole`` all the rest that stays unquantized. ``output`` is the matrix of the language head
    (0 if there is none); a tied one is among ``looked_up``, too, and counts once in ``total``.
    """

    quantized: int
    looked_up: int
    per_layer_table: int
    whole: int
    output: int
    total: int


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a ``config.json`` that weights, memory and time follow from."""

    architecture: Architecture
    layers: int
    hidden: int
    intermediate: int
    heads: int
    key_value_heads: int
    head: int
    vocabulary: int
    tied: bool = True
    # BERT:
    positions: int = 0
    # Gemma 3n:
    per_layer_vocabulary: int = 0
    per_layer_width: int = 0
    laurel_rank: int = 0
    streams: int = 1
    layers_sharing_keys: int = 0

    def linears(self, layer: int) -> Iterator[Linear]:
        """Yield the linear layers of block ``layer`` under the names that LoRA can target."""
        blocks = self._bert_block() if self.architecture == "bert" else self._block(layer)
        stem = "encoder.layer" if self.architecture == "bert" else "layers"
        for name, inputs, outputs in blocks:
            yield Linear(f"{stem}.{layer}.{name}", inputs, outputs)

    def _block(self, layer: int) -> Iterator[Linear]:
        attention, keys = self.heads * self.head, self.key_value_heads * self.head
        yield Linear("self_attn.q_proj", self.hidden, attention)
        # The last blocks of Gemma 3n look at keys and values of earlier ones.
        if layer < self.layers - self.layers_sharing_keys:
            yield Linear("self_attn.k_proj", self.hidden, keys)
            yield Linear("self_attn.v_proj", self.hidden, keys)
        yield Linear("self_attn.o_proj", attention, self.hidden)
        yield Linear("mlp.gate_proj", self.hidden, self.intermediate)
        yield Linear("mlp.up_proj", self.hidden, self.intermediate)
        yield Linear("mlp.down_proj", self.intermediate, self.hidden)

    def _bert_block(self) -> Iterator[Linear]:
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            yield Linear(f"attention.{name}", self.hidden, self.hidden)
        yield Linear("intermediate.dense", self.hidden, self.intermediate)
        yield Linear("output.dense", self.intermediate, self.hidden)

    def lora_parameters(self, rank: int, targets: tuple[str, ...]) -> int:
        """Return the weights of an adapter: rank x (inputs + outputs) a target.

        A target is the end of a layer's name, as peft takes it: "q_proj", "layer.3.output.dense".
        """
        ends = tuple(f".{target}" for target in targets)
        return sum(
            rank * (linear.inputs + linear.outputs)
            for layer in range(self.layers)
            for linear in self.linears(layer)
            if linear.name.endswith(ends)
        )

    def parameters(self) -> Parameters:
        """Return the weights of the model that writes (of the encoder, for BERT)."""
        if self.architecture == "bert":
            return _bert(self)
        blocks = sum(n.inputs * n.outputs for i in range(self.layers) for n in self.linears(i))
        embedding = self.vocabulary * self.hidden
        small = _biases_and_norms(self)
        more = _gemma3n(self) if self.architecture == "gemma3n" else _More(0, 0, 0)
        untied = 0 if self.tied else embedding
        return Parameters(
            quantized=blocks + more.quantized,
            looked_up=embedding,
            per_layer_table=more.table,
            whole=small + more.whole + untied,
            output=embedding,
            total=blocks + embedding + small + untied + sum(more),
        )


class _More(NamedTuple):
    """What Gemma 3n has beside a plain decoder."""

    quantized: int
    table: int
    whole: int


def _biases_and_norms(shape: Shape) -> int:
    keys = shape.key_value_heads * shape.head
    a_layer = 2 * shape.hidden
    if shape.architecture == "qwen2":
        a_layer += shape.heads * shape.head + 2 * keys
    if shape.architecture == "qwen3":
        a_layer += 2 * shape.head
    return shape.layers * a_layer + shape.hidden


def _gemma3n(shape: Shape) -> _More:
    """Count LAuReL, AltUp and the per-layer inputs, as transformers builds them."""
    hidden, streams = shape.hidden, shape.streams
    width = shape.layers * shape.per_layer_width
    own_keys = shape.layers - shape.layers_sharing_keys
    a_layer = 2 * hidden * (shape.laurel_rank + shape.per_layer_width)
    projections = hidden * width + 2 * (streams - 1) * hidden**2
    routing = streams * (hidden + streams**2 + streams)
    # Norms: two more around the feed-forward, LAuReL's, the router's, the per-layer input's, and
    # one for the scale of AltUp's output; those of queries and keys are as wide as a head.
    norms = 6 * hidden * shape.layers + shape.head * (shape.layers + own_keys)
    return _More(
        quantized=shape.layers * a_layer + projections,
        table=shape.per_layer_vocabulary * width,
        whole=shape.layers * routing + norms + shape.per_layer_width,
    )


def _bert(shape: Shape) -> Parameters:
    hidden = shape.hidden
    matrices = shape.layers * (4 * hidden**2 + 2 * hidden * shape.intermediate)
    # Four biases of attention, two of the feed-forward, two norms of two rows each.
    small = shape.layers * (5 * hidden + shape.intermediate + 4 * hidden)
    # Tokens, positions and two segments.
    tables = (shape.vocabulary + shape.positions + 2) * hidden
    pooler = hidden**2 + hidden
    whole = small + 2 * hidden + pooler
    return Parameters(matrices, tables, 0, whole, 0, matrices + tables + whole)


SHAPES: Mapping[str, Shape] = {
    "google/gemma-3n-E2B-it": Shape(
        architecture="gemma3n",
        layers=30,
        hidden=2048,
        intermediate=8192,
        heads=8,
        key_value_heads=2,
        head=256,
        vocabulary=262_400,
        per_layer_vocabulary=262_144,
        per_layer_width=256,
        laurel_rank=64,
        streams=4,
        layers_sharing_keys=10,
    ),
    "google/gemma-2b": Shape(
        architecture="gemma",
        layers=18,
        hidden=2048,
        intermediate=16_384,
        heads=8,
        key_value_heads=1,
        head=256,
        vocabulary=256_000,
    ),
    "Qwen/Qwen2.5-1.5B-Instruct": Shape(
        architecture="qwen2",
        layers=28,
        hidden=1536,
        intermediate=8960,
        heads=12,
        key_value_heads=2,
        head=128,
        vocabulary=151_936,
    ),
    "Qwen/Qwen3-4B-Instruct-2507": Shape(
        architecture="qwen3",
        layers=36,
        hidden=2560,
        intermediate=9728,
        heads=32,
        key_value_heads=8,
        head=128,
        vocabulary=151_936,
    ),
    "sentence-transformers/all-MiniLM-L6-v2": Shape(
        architecture="bert",
        layers=6,
        hidden=384,
        intermediate=1536,
        heads=12,
        key_value_heads=12,
        head=32,
        vocabulary=30_522,
        positions=512,
    ),
}
"""By hub name, each from the model's own ``config.json``."""
