"""Estimates what a stage of a recipe takes, from published shapes alone: no torch, no download.

for stage in recipe.stage: estimate(recipe, stage, devices=1)

Every number is an upper bound or says what it assumes:

- examples: what simulators are asked for, what the hub lists, and at most ``count`` of it; two
  graded answers count as one pair. Balancing and over-long texts leave fewer.
- tokens: steps x batch x ``max_tokens``, and twice that for pairs.
- memory: see ``Memory``.
- FLOPs: a forward pass takes 2 N a token, N the weights that are multiplied; so does the backward
  pass, for frozen weights need no gradient of their own (full training takes 4 N), and so does
  computing the activations again where they are not kept. DPO adds its reference's forward pass.
"""

import math
from collections.abc import Mapping

import msgspec

from train.recipe import Quantization, Recipe, Source, Stage, Training
from train.shapes import SHAPES, Parameters, Shape

PUBLISHED_ROWS: Mapping[tuple[str, str, str], int] = {
    ("openai/gsm8k", "main", "train"): 7_473,
    ("abisee/cnn_dailymail", "3.0.0", "train"): 287_113,
    ("prometheus-eval/Feedback-Collection", "", "train"): 99_952,
    ("allenai/ai2_arc", "ARC-Easy", "train"): 2_251,
}
"""Rows by name, configuration and split, as the hub lists them."""

CONTEXT_BYTES = 800_000_000
"""What CUDA, cuBLAS and bitsandbytes hold before the first weight; 0.5 to 1 GB by card."""


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes on one GPU.

    ``weights``: linear layers of the blocks at their width plus quantization constants (4 bits:
    32 bits every 64 weights; quantized again, 8 bits every 64 and 32 every 64 x 256). All else is
    float32, as peft holds it, but Gemma 3n's per-layer table: 2 bytes.
    ``adapter``: LoRA and head in float32, their gradients, and the optimizer's two states (8-bit:
    1 byte each; else 4). ``activations``: what enters each block is kept, one block is computed
    again (float32 between layers, 2 bytes within them), and its largest layer is dequantized.
    ``logits``: for a model that writes, vocabulary x tokens x 10 bytes: 2 as computed, 4 as float32
    for the loss, 4 of gradient. ``context``: what the libraries hold themselves.
    """

    weights: int
    adapter: int
    activations: int
    logits: int
    context: int = CONTEXT_BYTES

    @property
    def total(self) -> int:
        """All of it; a fragmented allocator takes some tenths more."""
        return self.weights + self.adapter + self.activations + self.logits + self.context


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage takes. Without a shape (None) memory and FLOPs are not known."""

    examples: int
    unknown: tuple[str, ...]
    trained_on: int
    steps: int
    tokens: int
    lora: int
    memory: Memory | None
    flops: float | None


def estimate(recipe: Recipe, stage: Stage, devices: int = 1) -> Estimate:
    """Estimate one stage on so many GPUs; ``unknown`` names sources whose size nobody knows yet."""
    counts = {source.name: rows_of(source) for source in stage.data}
    examples = sum(count or 0 for count in counts.values())
    answers = 2 if stage.kind in {"prefer", "dpo"} else 1
    trained_on = math.floor(examples / answers * (1 - stage.held_out))
    training = stage.training
    a_step = training.batch * training.accumulation * devices
    steps = training.epochs * math.ceil(trained_on / a_step)
    shape = SHAPES.get(recipe.base.hub)
    tokens = steps * a_step * training.max_tokens * answers
    lora = shape.lora_parameters(recipe.adapter.rank, recipe.adapter.targets) if shape else 0
    return Estimate(
        examples=examples,
        unknown=tuple(name for name, count in counts.items() if count is None),
        trained_on=trained_on,
        steps=steps,
        tokens=tokens,
        lora=lora,
        memory=memory(shape, recipe, stage) if shape else None,
        flops=tokens * flops_per_token(shape, stage) if shape else None,
    )


def rows_of(source: Source) -> int | None:
    """Return at most how many examples a source gives; None if that is known only when loaded."""
    if source.kind == "simulator":
        return source.count
    rows = PUBLISHED_ROWS.get((source.name, source.config, source.split))
    if rows is None or not source.count:
        return source.count or rows
    return min(rows, source.count)


def memory(shape: Shape, recipe: Recipe, stage: Stage) -> Memory:
    """Estimate the peak on one GPU, as ``Memory`` says."""
    counted = shape.parameters()
    answers = 2 if stage.kind in {"prefer", "dpo"} else 1
    tokens = stage.training.batch * stage.training.max_tokens * answers
    lora = shape.lora_parameters(recipe.adapter.rank, recipe.adapter.targets)
    head = shape.hidden * len(stage.labels or "1")
    writes = stage.kind in {"sft", "dpo"}
    return Memory(
        weights=weight_bytes(counted, recipe.quantization),
        adapter=(lora + head) * (8 + _optimizer_bytes(stage.training)),
        activations=_activation_bytes(shape, tokens),
        logits=shape.vocabulary * tokens * 10 if writes else 0,
    )


def weight_bytes(counted: Parameters, quantization: Quantization) -> int:
    """Return the bytes of the frozen base at a width."""
    if quantization.bits == 16:
        return counted.total * 2
    bits = float(quantization.bits)
    if quantization.bits == 4:
        bits += 8 / 64 + 32 / (64 * 256) if quantization.double else 32 / 64
    whole = counted.total - counted.quantized - counted.per_layer_table
    return int(counted.quantized * bits / 8 + whole * 4 + counted.per_layer_table * 2)


def flops_per_token(shape: Shape, stage: Stage) -> float:
    """Return the FLOPs a token takes to learn from: 2 N for each pass through the model."""
    counted = shape.parameters()
    writes = stage.kind in {"sft", "dpo"}
    multiplied = counted.quantized + (counted.output if writes else 0)
    recomputes = shape.architecture != "bert"
    passes = 2 + recomputes + (stage.kind == "dpo")
    return 2.0 * multiplied * passes


def _optimizer_bytes(training: Training) -> int:
    return 2 if training.optimizer == "paged_adamw_8bit" else 8


def _activation_bytes(shape: Shape, tokens: int) -> int:
    width = shape.hidden * 4 * shape.streams
    within = (4 * shape.hidden + 2 * (shape.heads + shape.key_value_heads) * shape.head) * 2
    within += 4 * shape.intermediate * 2
    dequantized = shape.hidden * shape.intermediate * 2
    if shape.architecture == "bert":
        # Small enough to keep the activations of every block.
        return shape.layers * tokens * (width + within) + dequantized
    return tokens * (shape.layers * width + within) + dequantized
