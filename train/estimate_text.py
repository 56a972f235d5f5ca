"""Says in plain text what a recipe would take: ``kindmark train RECIPE --dry-run``.

print(describe(load_recipe("qwen2.5-judge"), devices=1))
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from train.estimate import Estimate, Memory, estimate
from train.recipe import Recipe, Stage

SUSTAINED = 0.3
"""The share of a GPU's peak that QLoRA gets: small batches, and weights dequantized on the way."""


class Gpu(NamedTuple):
    """A card by its data sheet: memory in GB, dense bfloat16 peak in TFLOP/s."""

    name: str
    gigabytes: int
    peak: float


GPUS = (Gpu("RTX 3090", 24, 71), Gpu("A100", 80, 312), Gpu("H100", 80, 989))


def describe(
    recipe: Recipe, devices: int, *, tiny: bool = False, stages: Sequence[str] = ()
) -> str:
    """Return the whole text, one block a stage (all, or those named), ending in a newline."""
    blocks = [_head(recipe, devices, tiny)]
    wanted = [stage for stage in recipe.stage if not stages or stage.name in stages]
    blocks += ["\n".join(_stage(recipe, stage, devices, tiny)) for stage in wanted]
    if not tiny:
        blocks.append(_assumptions())
    return "\n\n".join(blocks) + "\n"


def _head(recipe: Recipe, devices: int, tiny: bool) -> str:
    base, quantization, adapter = recipe.base, recipe.quantization, recipe.adapter
    kind = f" {quantization.type}" if quantization.bits == 4 else ""
    lines = [
        f"{recipe.name}: {recipe.title}",
        f"  base      {base.hub} ({base.architecture}; {base.licence})",
        f"  held in   {quantization.bits} bits{kind}, computed in {quantization.compute}",
        f"  adapter   LoRA rank {adapter.rank}, alpha {adapter.alpha}, on "
        + ", ".join(adapter.targets),
        f"  seed      {recipe.seed}",
    ]
    if tiny:
        lines.append("  tiny      a random model of this architecture, built on the spot")
    elif recipe.devices > devices:
        lines.append(
            f"  devices   made for {recipe.devices} GPUs: accelerate launch --num_processes "
            f"{recipe.devices} -m train.command {recipe.name}"
        )
    return "\n".join(lines)


def _stage(recipe: Recipe, stage: Stage, devices: int, tiny: bool) -> Iterator[str]:
    found, training = estimate(recipe, stage, devices), stage.training
    start = recipe.start_of(stage)
    yield f"stage {stage.name} ({stage.kind}, from {start.name if start else 'the bare base'})"
    yield f"  examples  {_examples(stage, found)}"
    steps, tokens = "unknown", "unknown"
    if not found.unknown:
        steps, tokens = f"at most {found.steps:,}", f"at most {found.tokens:,}"
    yield (
        f"  steps     {steps} of {training.batch} x {training.accumulation}"
        f"{f' x {devices} devices' if devices > 1 else ''}, {_times(training.epochs, 'epoch')}"
    )
    yield f"  tokens    {tokens} ({training.max_tokens} a text)"
    if tiny:
        yield "  takes     seconds on a CPU"
    elif found.memory is None or found.flops is None:
        yield "  takes     not known: the shape of this base is in no table"
    else:
        yield f"  trained   {found.lora:,} LoRA weights"
        yield f"  memory    {_memory(found.memory)}"
        yield f"  time      {_time(found, devices)}"


def _examples(stage: Stage, found: Estimate) -> str:
    if found.unknown:
        return f"unknown until loaded: {', '.join(found.unknown)}"
    unit = "pairs" if stage.kind in {"prefer", "dpo"} else "examples"
    return f"at most {found.examples:,}, which leave {found.trained_on:,} {unit} to learn from"


def _memory(memory: Memory) -> str:
    parts = {name: getattr(memory, name) for name in memory.__struct_fields__}
    detail = ", ".join(f"{name} {_gigabytes(size)}" for name, size in parts.items())
    fits = [gpu.name for gpu in GPUS if memory.total < gpu.gigabytes * 1e9]
    where = f"; fits {fits[0]} and larger" if fits else "; fits none of the cards below"
    return f"{_gigabytes(memory.total)} GB a GPU ({detail}){where}"


def _time(found: Estimate, devices: int) -> str:
    if found.unknown or found.flops is None:
        return "unknown, as the data is"
    return ", ".join(
        f"{_duration(found.flops / (gpu.peak * 1e12 * SUSTAINED * devices))} on {gpu.name}"
        for gpu in GPUS
    )


def _assumptions() -> str:
    cards = ", ".join(f"{gpu.name} {gpu.gigabytes} GB, {gpu.peak:g} TFLOP/s" for gpu in GPUS)
    return (
        f"Time is for {SUSTAINED:.0%} of a card's bfloat16 peak ({cards}) and texts of full "
        "length;\nshorter texts take less. Memory is the peak of one step. The formulas stand in "
        "train/estimate.py."
    )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f}" if size >= 5e7 else f"{size / 1e9:.2f}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _times(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
