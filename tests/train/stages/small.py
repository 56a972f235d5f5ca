"""The smallest recipe, data and run of every kind, for the tests of the stages."""

import os

# Before the first import of huggingface_hub, which reads it once.
os.environ["HF_HUB_OFFLINE"] = "1"

import random
from pathlib import Path

from msgspec.structs import replace

from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.digest import data_hash
from train.data.schema import Example
from train.recipe import (
    Adapter,
    Architecture,
    Base,
    Kind,
    PromptName,
    Quantization,
    Recipe,
    Source,
    Stage,
    Training,
)
from train.run_folder import Identity, RunFolder
from train.stages.stage import StageResult, Work, deterministic, run_stage

PROMPTS: dict[Kind, PromptName] = {
    "sft": "solve",
    "classify": "mark_maths",
    "prefer": "mark_maths",
    "dpo": "solve",
}

SIMULATORS: dict[Kind, str] = {"sft": "maths-solutions"}

TRAINING = Training(
    epochs=4,
    batch=2,
    accumulation=1,
    learning_rate=1e-2,
    warmup=0.1,
    schedule="cosine",
    optimizer="paged_adamw_8bit",
    max_tokens=640,
)


def stage(kind: Kind, name: str = "", start: str = "", **training: object) -> Stage:
    labels = ("incorrect", "correct") if kind == "classify" else ()
    return Stage(
        name=name or kind,
        kind=kind,
        prompt=PROMPTS[kind],
        start=start,
        labels=labels,
        held_out=0.2,
        training=replace(TRAINING, **training),
        data=(Source(kind="simulator", name=SIMULATORS.get(kind, "maths-answers"), count=8),),
    )


def recipe(
    *stages: Stage, architecture: Architecture = "qwen2", rank: int = 8, dropout: float = 0.0
) -> Recipe:
    return Recipe(
        name="small",
        title="Small",
        follows="nobody",
        seed=5,
        base=Base(hub="nobody/nothing", architecture=architecture, licence="ours"),
        quantization=Quantization(bits=4),
        adapter=Adapter(
            rank=rank, alpha=2 * rank, dropout=dropout, targets=("q_proj", "v_proj", "o_proj")
        ),
        stage=stages,
    )


def maths(problems: int, seed: int = 3) -> list[Example]:
    """Return a right and a wrong answer to each of some additions.

    Wrong ones are long, so that a random model of two layers can tell them in a few steps.
    """
    rng = random.Random(seed)
    found: list[Example] = []
    for number in range(problems):
        one, other = rng.randint(2, 60), rng.randint(2, 60)
        total = one + other
        for answer in (str(total), f"{one} {other} " * 12 + str(total + 10)):
            found.append(
                Example(
                    id=f"{number}-{len(found)}",
                    set="ours",
                    group=f"problem {number}",
                    task=Task.MATH,
                    question=f"Mia has {one} apples and gets {other} more. How many has she?",
                    answer=answer,
                    reference=str(total),
                    verdict=Verdict.CORRECT if answer == str(total) else Verdict.INCORRECT,
                    feedback=f"{one} + {other} = {total}\nFinal Answer: {total}",
                )
            )
    return found


def work(train: int = 6, held_out: int = 2) -> Work:
    examples = maths(train + held_out)
    return Work(examples[: 2 * train], examples[2 * train :], data_hash(examples))


def identity(of: Recipe) -> Identity:
    return Identity(recipe=of.name, digest=of.digest(), seed=of.seed, tiny=True, max_steps=0)


def new_run(of: Recipe, path: Path) -> RunFolder:
    return RunFolder.create(path, of, identity(of), {})


def trained(of: Recipe, path: Path, data: Work | None = None) -> tuple[RunFolder, StageResult]:
    """Train the first stage of a recipe in a new run folder."""
    deterministic(tiny=True)
    run = new_run(of, path)
    return run, run_stage(of, of.stage[0], run, data or work(), tiny=True, quiet=True)


def losses(run: RunFolder, name: str) -> list[float]:
    return [entry["loss"] for entry in run.entries() if entry["stage"] == name]
