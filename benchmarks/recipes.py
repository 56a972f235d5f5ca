"""Steps per second and peak memory of every stage of the recipes, at their true size.

    python -m benchmarks.recipes                        all recipes, with a GPU
    python -m benchmarks.recipes --recipe qwen2.5-judge --steps 20
    python -m benchmarks.recipes -o benchmarks/recipes.md
    python -m benchmarks.recipes --tiny                 tiny shapes on a CPU: does it run at all

The base has random weights of the true shape (nothing is downloaded), is quantized as the recipe
says and trained by the very trainers of ``kindmark train`` on random tokens of full length. Speed
and memory do not depend on what the weights say. Without a GPU the table says so, and gives the
estimates of ``--dry-run`` alone. Needs the disk for 16-bit weights: 9 GB for Gemma 3n.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import datasets
import msgspec
import torch
from peft import PeftModel
from transformers import PrinterCallback, TrainerCallback, set_seed

from train.bases import apply_adapter, load_base
from train.bases.quiet import bars_hidden, library_talk
from train.bases.tiny import write_tiny
from train.estimate import estimate
from train.recipe import Recipe, Stage, load_recipe, recipe_names, tiny_recipe
from train.shapes import SHAPES, Shape
from train.stages import classify, dpo, prefer, sft
from train.stages.arguments import arguments
from train.stages.job import Job

KINDS = {"sft": sft, "classify": classify, "prefer": prefer, "dpo": dpo}
WARM_UP = 2
"""The first steps allocate, choose kernels and fill caches."""

HEAD = (
    "| recipe | stage | batch | tokens | steps/s | tokens/s | peak GB | estimated GB |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


class Speed(NamedTuple):
    """Optimizer steps a second and the peak memory in bytes (0 where torch does not count it)."""

    steps_a_second: float
    peak: int


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for and print the table."""
    options = _parse(argv)
    recipes = [load_recipe(name) for name in options.recipe or recipe_names()]
    table = _device() + "\n\n" + HEAD
    for recipe in recipes:
        for stage in (tiny_recipe(recipe) if options.tiny else recipe).stage:
            if stage.kind in KINDS:
                speed = _measured(recipe, stage, options)
                table += _row(recipe, stage, speed, true_size=not options.tiny)
    if options.output:
        options.output.write_text(table, "utf-8")
    sys.stdout.write(table)
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recipes", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--recipe", action="append", metavar="NAME", help="default: all of them")
    parser.add_argument("--steps", type=int, default=10, metavar="N", help="measured; default 10")
    parser.add_argument("--tiny", action="store_true", help="tiny shapes, with or without a GPU")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table, too")
    return parser.parse_args(argv)


def _device() -> str:
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    return f"Measured on: {name}, torch {torch.__version__.partition('+')[0]}."


def _measured(recipe: Recipe, stage: Stage, options: argparse.Namespace) -> Speed | None:
    if not options.tiny and not torch.cuda.is_available():
        return None
    with TemporaryDirectory(prefix="kindmark-benchmark-") as folder, bars_hidden():
        _write_base(recipe, Path(folder), tiny=options.tiny)
        base = msgspec.structs.replace(recipe.base, hub=folder)
        placed = msgspec.structs.replace(recipe, base=base)
        return _train(placed, stage, Path(folder), options.steps)


def _write_base(recipe: Recipe, folder: Path, *, tiny: bool) -> None:
    architecture, seed = recipe.base.architecture, recipe.seed
    if tiny:
        write_tiny(architecture, seed, folder)
        return
    # Billions of random numbers: seconds on the GPU, minutes beside it.
    with torch.device("cuda"):
        shape = true_shape(SHAPES[recipe.base.hub])
        write_tiny(architecture, seed, folder, torch.bfloat16, **shape)
    torch.cuda.empty_cache()


def true_shape(shape: Shape) -> dict[str, int]:
    """Return the changes that turn the configuration of a tiny model into the true one."""
    found = {
        "num_hidden_layers": shape.layers,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_value_heads,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": 4096,
    }
    # Qwen2 has no such key: its heads are always hidden / heads wide.
    if shape.architecture != "qwen2":
        found["head_dim"] = shape.head
    if shape.architecture == "gemma3n":
        found |= {
            "vocab_size_per_layer_input": shape.per_layer_vocabulary,
            "num_kv_shared_layers": shape.layers_sharing_keys,
            "sliding_window": 512,
        }
    return found


def _train(recipe: Recipe, stage: Stage, folder: Path, steps: int) -> Speed:
    kind = KINDS[stage.kind]
    set_seed(recipe.seed)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    loaded = load_base(recipe, kind.PURPOSE, labels=len(stage.labels))
    model = apply_adapter(loaded, recipe.adapter_of(stage))
    a_step = stage.training.batch * stage.training.accumulation
    rows = random_rows(stage, len(loaded.tokenizer), (steps + WARM_UP) * a_step)
    numbers = arguments(
        recipe,
        stage,
        folder / "out",
        examples=len(rows),
        max_steps=steps + WARM_UP,
        devices=1,
        checkpointing=loaded.checkpointing,
    )
    clock = _Clock()
    job = Job(stage, model, loaded.tokenizer, numbers | {"save_strategy": "no"}, rows, [clock])
    with library_talk():
        trainer = kind.trainer(job)
        trainer.remove_callback(PrinterCallback)
        _in_full_precision(model)
        trainer.train()
    peak = torch.cuda.max_memory_reserved() if torch.cuda.is_available() else 0
    return Speed(1 / statistics.median(clock.seconds[WARM_UP:]), peak)


def _in_full_precision(model: PeftModel) -> None:
    """Undo trl's cast of adapter and head to bfloat16, as ``kindmark train`` does."""
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def random_rows(stage: Stage, vocabulary: int, count: int) -> datasets.Dataset:
    """Return ``count`` rows in the columns of the stage's trainer, each of full length."""
    chance, length = random.Random(0), stage.training.max_tokens

    def ids(how_many: int) -> list[int]:
        # The first ids are special tokens: padding among them would shorten a row.
        return chance.choices(range(16, vocabulary), k=how_many)

    half = length // 2
    row: dict[str, Any]
    rows: list[dict[str, Any]] = []
    for number in range(count):
        if stage.kind == "sft":
            mask = [0] * (length - half) + [1] * half
            row = {"input_ids": ids(length), "completion_mask": mask}
        elif stage.kind == "classify":
            row = {"input_ids": ids(length), "labels": number % len(stage.labels)}
        elif stage.kind == "prefer":
            row = {"chosen_ids": ids(length), "rejected_ids": ids(length)}
        else:
            row = {"prompt_ids": ids(length - half)}
            row |= {"chosen_ids": ids(half), "rejected_ids": ids(half)}
        rows.append(row)
    return datasets.Dataset.from_list(rows)


class _Clock(TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Notes how long each optimizer step took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._start = 0.0

    def on_step_begin(self, *_: object, **__: object) -> None:
        self._start = self._now()

    def on_step_end(self, *_: object, **__: object) -> None:
        self.seconds.append(self._now() - self._start)

    def _now(self) -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter()


def _row(recipe: Recipe, stage: Stage, speed: Speed | None, *, true_size: bool) -> str:
    expected = estimate(recipe, stage).memory if true_size else None
    size = f"{expected.total / 1e9:.1f}" if expected else "-"
    return "| " + " | ".join([*_cells(recipe, stage, speed), size]) + " |\n"


def _cells(recipe: Recipe, stage: Stage, speed: Speed | None) -> Iterator[str]:
    training = stage.training
    answers = 2 if stage.kind in {"prefer", "dpo"} else 1
    a_step = training.batch * training.accumulation * training.max_tokens * answers
    yield from (recipe.name, stage.name, f"{training.batch} x {training.accumulation}")
    yield f"{training.max_tokens}"
    if speed is None:
        yield from ("not measured (no GPU)", "-", "-")
    else:
        yield f"{speed.steps_a_second:.2f}"
        yield f"{speed.steps_a_second * a_step:,.0f}"
        yield f"{speed.peak / 1e9:.1f}" if speed.peak else "-"


if __name__ == "__main__":
    raise SystemExit(main())
