"""Recipes: one TOML file says what is trained on what, with which numbers, and whom it follows.

    recipe = load_recipe("gemma3n-math")        a name in train/recipes
    recipe = load_recipe("mine/recipe.toml")    or a file
    small = tiny_recipe(recipe)                 the same path in seconds on a CPU

Unknown keys, wrong types and numbers out of range are refused; the message names file and key.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from runtime.errors import BadInputError
from runtime.marking.item import Task
from train.recipe_faults import explained, meant, problems

FOLDER = Path(__file__).parent / "recipes"

Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, lt=1)]
Rate = Annotated[float, Meta(gt=0, le=1)]
Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9.-]*$")]
Architecture = Literal["gemma3n", "gemma", "qwen2", "qwen3", "llama", "bert"]
Kind = Literal["sft", "classify", "prefer", "dpo", "embed"]
PromptName = Literal[
    "",
    "mark_maths",
    "mark_short_answer",
    "mark_essay",
    "mark_rubric",
    "compare_answers",
    "explain",
    "solve",
    "summarise",
    "choose",
]
"""The functions of ``runtime.judge.prompt``; "" only for ``embed``, which has no prompt."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a recipe: keys that are not ours are refused."""


class Base(_Table, frozen=True, kw_only=True):
    """The model that is adapted: a hub name or a local folder, and what it is.

    ``folder`` is where a copy of the hub's files lies; what is trained still names the hub.
    """

    hub: Annotated[str, Meta(min_length=1)]
    architecture: Architecture
    licence: str
    revision: str = ""
    folder: str = ""


class Quantization(_Table, frozen=True, kw_only=True):
    """How the frozen base is held (QLoRA: Dettmers et al. 2023). 16 bits: not quantized."""

    bits: Literal[4, 8, 16]
    type: Literal["nf4", "fp4"] = "nf4"
    double: bool = True
    compute: Literal["bfloat16", "float16", "float32"] = "bfloat16"


class Adapter(_Table, frozen=True, kw_only=True):
    """LoRA (Hu et al. 2021): rank, scale (alpha / rank) and the linear layers it goes to."""

    rank: Positive
    alpha: Positive
    dropout: Share
    targets: Annotated[tuple[str, ...], Meta(min_length=1)]


class Training(_Table, frozen=True, kw_only=True):
    """The numbers of one run of a trainer; ``batch`` and ``accumulation`` are per device.

    ``warmup`` is a share of all steps; ``warmup_steps``, if not 0, replaces it. ``max_tokens``
    holds prompt and answer. ``checkpoints`` is how often an epoch one is written.
    """

    epochs: Positive
    batch: Positive
    accumulation: Positive
    learning_rate: Rate
    warmup: Share = 0.0
    warmup_steps: Count = 0
    schedule: Literal["constant", "constant_with_warmup", "cosine", "linear"]
    optimizer: Literal["paged_adamw_8bit", "adamw_torch"]
    weight_decay: Share = 0.0
    max_grad_norm: Annotated[float, Meta(gt=0)] = 1.0
    max_tokens: Annotated[int, Meta(ge=16)]
    checkpoints: Positive = 1


class Source(_Table, frozen=True, kw_only=True):
    """Where examples come from: a hub dataset, a file below ``--data`` or a simulator of ours.

    ``count`` is how many a simulator makes (at least 1), else the most that are read (0: all).
    ``fields`` maps our field to theirs, ``labels`` a verdict to the values that mean it.
    ``tiny_only`` stands in for the others where no file is read: with ``--tiny``.
    """

    kind: Literal["hub", "file", "simulator"]
    name: Annotated[str, Meta(min_length=1)]
    split: str = ""
    config: str = ""
    count: Count = 0
    fields: dict[str, str] = {}
    labels: dict[str, list[str]] = {}
    licence: str = ""
    task: Task | None = None
    tiny_only: bool = False


class Stage(_Table, frozen=True, kw_only=True):
    """One training run. ``start`` is "" (the stage before), "base" or an earlier stage's name.

    ``labels`` are the classes of ``classify`` in order; ``held_out`` is the share of groups that
    is measured on; ``beta`` is DPO's. ``embed`` holds the settings of an ``embed`` stage, which
    are checked by the code that trains it.
    """

    name: Name
    kind: Kind
    prompt: PromptName = ""
    start: str = ""
    labels: tuple[str, ...] = ()
    balance: bool = False
    held_out: Annotated[float, Meta(gt=0, lt=1)]
    dropout: Share | None = None
    beta: Rate = 0.1
    training: Training
    data: Annotated[tuple[Source, ...], Meta(min_length=1)]
    embed: dict[str, bool | int | float | str | list[str]] = {}


class Recipe(_Table, frozen=True, kw_only=True):
    """A published system as data: base, quantization, adapter and stages in order.

    ``evaluate_bits`` names the widths in which the finished model is measured once more: its
    size, speed and accuracy. ``devices`` is how many GPUs the original used: advice, no rule.
    """

    name: Name
    title: str
    follows: str
    seed: int
    devices: Positive = 1
    evaluate_bits: tuple[Literal[4, 8, 16], ...] = ()
    base: Base
    quantization: Quantization
    adapter: Adapter
    stage: Annotated[tuple[Stage, ...], Meta(min_length=1)]

    def stage_named(self, name: str) -> Stage:
        """Return one stage. Raises ``BadInputError`` naming the nearest."""
        names = [stage.name for stage in self.stage]
        if name not in names:
            message = f"Recipe {self.name} has no stage {name!r}."
            raise BadInputError(message, meant(name, names))
        return self.stage[names.index(name)]

    def start_of(self, stage: Stage) -> Stage | None:
        """Return the stage whose adapter ``stage`` goes on from; None: the bare base."""
        at = [one.name for one in self.stage].index(stage.name)
        if stage.start == "base" or (not stage.start and at == 0):
            return None
        return self.stage_named(stage.start) if stage.start else self.stage[at - 1]

    def adapter_of(self, stage: Stage) -> Adapter:
        """Return the adapter with the dropout of ``stage`` where it has one of its own."""
        if stage.dropout is None:
            return self.adapter
        return msgspec.structs.replace(self.adapter, dropout=stage.dropout)

    def digest(self) -> str:
        """Return a sha256 over every value: what tells a checkpoint of another recipe."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


def recipe_names() -> list[str]:
    """Return the names of the recipes that come with Kindmark, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def recipe_path(name_or_path: str) -> Path:
    """Return the file of a recipe. Raises ``BadInputError`` naming the nearest one there is."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = FOLDER / f"{name_or_path}.toml"
    if not path.is_file():
        names = recipe_names()
        message = f"There is no recipe {name_or_path!r}."
        raise BadInputError(message, meant(path.stem, names))
    return path


def load_recipe(name_or_path: str) -> Recipe:
    """Read a recipe by its name in ``train/recipes`` or from a ``.toml`` file.

    Raises ``BadInputError`` naming file, key and the nearest known key.
    """
    path = recipe_path(name_or_path)
    try:
        recipe = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Recipe)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise explained(path, error, _keys()) from None
    for message, remedy in problems(recipe):
        raise BadInputError(f"{path}: {message}", remedy)
    return recipe


def full_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe at its true size: without the sources that are for ``--tiny`` only."""
    stages = tuple(
        msgspec.structs.replace(stage, data=tuple(s for s in stage.data if not s.tiny_only))
        for stage in recipe.stage
    )
    return msgspec.structs.replace(recipe, stage=stages)


def tiny_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe at a size a CPU trains in seconds: every stage and every code path.

    Only sources of kind "simulator" are kept, so that no network is touched and no file needed.
    Raises ``BadInputError`` if a stage has none.
    """
    stages = tuple(_tiny_stage(stage, recipe.name) for stage in recipe.stage)
    return msgspec.structs.replace(recipe, stage=stages)


def _tiny_stage(stage: Stage, recipe: str) -> Stage:
    sources = [source for source in stage.data if source.kind == "simulator"]
    if not sources:
        raise BadInputError(
            f"Stage {stage.name} of recipe {recipe} has no simulator among its data, "
            "so there is nothing to try it on.",
            'Give it a [[stage.data]] with kind = "simulator", or leave --tiny out.',
        )
    # 48 examples: with a tenth held out and balanced classes, still ten steps an epoch.
    data = tuple(msgspec.structs.replace(source, count=48) for source in sources)
    # Steps of four, some of them accumulated where the recipe accumulates.
    accumulation = min(stage.training.accumulation, 2)
    training = msgspec.structs.replace(
        stage.training,
        epochs=min(stage.training.epochs, 2),
        batch=4 // accumulation,
        accumulation=accumulation,
        # A random network of a few thousand weights needs steps ten times as long to move at all;
        # beyond 2e-3 DPO's loss rises.
        learning_rate=min(2e-3, stage.training.learning_rate * 10),
        warmup_steps=min(stage.training.warmup_steps, 2),
        # A tiny tokenizer needs half as many again as the true one for the same prompt.
        max_tokens=min(stage.training.max_tokens, 800),
    )
    embed = stage.embed | ({"folds": 2} if "folds" in stage.embed else {})
    return msgspec.structs.replace(stage, data=data, training=training, embed=embed)


def _keys() -> dict[str, list[str]]:
    """Return the known keys of each table by the table's name; "" is the top."""
    tables: dict[str, type[_Table]] = {
        "": Recipe,
        "base": Base,
        "quantization": Quantization,
        "adapter": Adapter,
        "stage": Stage,
        "training": Training,
        "data": Source,
    }
    return {name: list(table.__struct_fields__) for name, table in tables.items()}
