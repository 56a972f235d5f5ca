"""Trains a recipe: all its stages in order, each measured before and after on the same questions.

    train(load_recipe("qwen2.5-judge"), Options(data=Path("data"), runs=Path("runs")))

Several GPUs: ``accelerate launch -m train.command RECIPE ...``; only the first process writes.
"""

import platform
import shlex
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list

from runtime import __version__
from runtime.errors import BadInputError
from runtime.judge.prompt import contract_digest
from train.bases.quiet import bars_hidden
from train.bases.tiny import write_tiny
from train.data.audit import audit
from train.data.digest import data_hash
from train.data.prepare import HELD_OUT, TRAIN, prepare, stage_plan
from train.data.schema import Example
from train.evaluation.run_report import write_run_report
from train.loss_plot import draw_losses
from train.marker.stage import run_marker
from train.recipe import Recipe, Stage, full_recipe, tiny_recipe
from train.run_folder import Identity, RunFolder, replace_folder, write_whole
from train.stages.failures import check_machine, explained
from train.stages.stage import StageResult, Work, deterministic, result_of, run_stage
from train.widths import measure_widths, table

_LIBRARIES = ("torch", "transformers", "peft", "trl", "bitsandbytes", "datasets", "accelerate")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a recipe is run.

    ``data`` is the folder of its files, ``runs`` that of all runs, ``name`` this one's ("": recipe
    and time; with ``resume`` the newest of the recipe). ``stages`` empty: all. ``max_steps`` 0: all
    epochs. ``seed`` None: the recipe's. ``cpu`` insists on the true size without a GPU.
    """

    data: Path | None = None
    runs: Path = Path("runs")
    name: str = ""
    tiny: bool = False
    resume: bool = False
    stages: tuple[str, ...] = ()
    max_steps: int = 0
    seed: int | None = None
    quiet: bool = False
    cpu: bool = False


def train(recipe: Recipe, options: Options) -> Path:
    """Train, measure and save every stage; return the run's folder.

    Raises ``BadInputError`` or ``ModelError`` for whatever a person can mend; the message says how.
    """
    recipe = as_run(recipe, options)
    chosen = [recipe.stage_named(name) for name in options.stages] or list(recipe.stage)
    check_machine(recipe, tiny=options.tiny, on_cpu=options.cpu)
    # The first to ask decides: without this, processes on CPUs would not know of one another.
    PartialState(cpu=not torch.cuda.is_available())
    deterministic(tiny=options.tiny)
    run = _folder(recipe, options)
    if options.tiny and PartialState().is_main_process:
        _write_base(recipe, run)
    say = _Say(options.quiet)
    say(f"The run is in {run.path}.")
    for stage in sorted(chosen, key=recipe.stage.index):
        done = result_of(run.stage(stage.name))
        if done:
            say(f"{stage.name}: done already.")
            continue
        work = _work(recipe, stage, run, options, say)
        say(_summary(_trained(recipe, stage, run, work, options)))
        if stage == recipe.stage[-1] and recipe.evaluate_bits:
            _compare_widths(recipe, stage, run, work, say)
    return run.path


def as_run(recipe: Recipe, options: Options) -> Recipe:
    """Return the recipe with the seed and the size it is run with."""
    if options.seed is not None:
        recipe = msgspec.structs.replace(recipe, seed=options.seed)
    return tiny_recipe(recipe) if options.tiny else full_recipe(recipe)


def _trained(
    recipe: Recipe, stage: Stage, run: RunFolder, work: Work, options: Options
) -> StageResult:
    result = (run_marker if stage.kind == "embed" else run_stage)(
        recipe,
        stage,
        run,
        work,
        tiny=options.tiny,
        max_steps=options.max_steps,
        quiet=options.quiet,
    )
    if PartialState().is_main_process:
        with explained(stage, run.path):
            draw_losses(run.entries(), run.path / "loss.png")
            write_run_report(run.path)
    return result


def _compare_widths(recipe: Recipe, stage: Stage, run: RunFolder, work: Work, say: "_Say") -> None:
    """Write widths.json: size, speed and figures of the finished model in fewer bits."""
    if not PartialState().is_main_process:
        return
    with explained(stage, run.path):
        widths = measure_widths(recipe, stage, run.stage(stage.name).adapter, work.held_out)
        write_whole(run.path / "widths.json", msgspec.json.encode(widths) + b"\n")
    say(table(widths))


def _work(recipe: Recipe, stage: Stage, run: RunFolder, options: Options, say: "_Say") -> Work:
    files = [source.name for source in stage.data if source.kind == "file"]
    if files and options.data is None:
        raise BadInputError(
            f"Stage {stage.name} reads {files[0]}, but from which folder?", "Add --data DIR."
        )
    elsewhere = tuple(_held_out_elsewhere(recipe, stage, options))
    plan = msgspec.structs.replace(stage_plan(stage), withheld=elsewhere)
    prepared = prepare(stage.data, plan, options.data or Path(), recipe.seed, say)
    train, held_out = prepared.parts[TRAIN], prepared.parts[HELD_OUT]
    for note in prepared.notes:
        say(note)
    found = audit([*train, *held_out])
    if found.duplicates or found.contradictions:
        say(
            f"{stage.name}: {len(found.duplicates)} answers are given more than once, "
            f"{len(found.contradictions)} with more than one label; kindmark data check shows them."
        )
    work = Work(train, held_out, data_hash([*train, *held_out]))
    if PartialState().is_main_process:
        run.note(data=run.facts().get("data", {}) | {stage.name: _about(work)})
    return work


def _held_out_elsewhere(recipe: Recipe, stage: Stage, options: Options) -> list[Example]:
    """Return what the recipe's other stages are measured on, as far as their data are at hand."""
    others = [one for one in recipe.stage if one != stage]
    at_hand = (one for one in others if options.data or all(s.kind != "file" for s in one.data))
    return [
        example
        for other in at_hand
        for example in prepare(
            other.data, stage_plan(other), options.data or Path(), recipe.seed
        ).parts[HELD_OUT]
    ]


def _about(work: Work) -> dict[str, object]:
    return {"sha256": work.digest, "train": len(work.train), "held_out": len(work.held_out)}


def _folder(recipe: Recipe, options: Options) -> RunFolder:
    """Make or reopen the run's folder; the first process does it, the others find it made."""
    identity = Identity(
        recipe=recipe.name,
        digest=recipe.digest(),
        seed=recipe.seed,
        tiny=options.tiny,
        max_steps=options.max_steps,
    )
    name = [_name(recipe, options)]
    broadcast_object_list(name)
    path = options.runs / name[0]
    if PartialState().is_main_process:
        if options.resume:
            RunFolder.reopen(path, identity)
        else:
            RunFolder.create(path, recipe, identity, _facts())
    PartialState().wait_for_everyone()
    return RunFolder(path, identity)


def _write_base(recipe: Recipe, run: RunFolder) -> None:
    """Write the tiny base into the run: its adapters are converted with it, here or elsewhere."""
    if run.base.is_dir():
        return
    part = run.path / "base.part"
    with bars_hidden():
        write_tiny(recipe.base.architecture, recipe.seed, part)
    replace_folder(part, run.base)


def _name(recipe: Recipe, options: Options) -> str:
    if options.name:
        return options.name
    if not options.resume:
        return f"{recipe.name}-{datetime.now():%Y%m%d-%H%M%S}"
    # Names end in the time, so the last of them in order is the newest.
    runs = sorted(path.name for path in options.runs.glob(f"{recipe.name}-*-*"))
    if not runs:
        raise BadInputError(
            f"There is no run of {recipe.name} to resume in {options.runs}.",
            "Leave out --resume, or name the run with --name.",
        )
    return runs[-1]


def _facts() -> dict[str, object]:
    """Return what run.json says besides the recipe and the data."""
    on_gpu = torch.cuda.is_available()
    return {
        "kindmark": __version__,
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name() if on_gpu else platform.processor() or "cpu",
        "processes": PartialState().num_processes,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _LIBRARIES},
        "prompt": contract_digest(),
    }


class _Say:
    """Says things on stderr, in the first process, unless it is to be quiet."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet or not PartialState().is_main_process

    def __call__(self, text: str) -> None:
        if not self._quiet:
            sys.stderr.write(text + "\n")


def _summary(result: StageResult) -> str:
    left_out = f", {result.dropped} too long" if result.dropped else ""
    return (
        f"{result.stage}: {result.steps} steps on {result.trained_on} examples{left_out}, "
        f"loss {result.first_loss:.4f} -> {result.last_loss:.4f}"
    )
