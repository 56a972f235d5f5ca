"""Runs one stage: base with adapter, measured, trained, measured again, saved.

    result = run_stage(recipe, stage, run, Work(train, held_out, digest), tiny=True)

The order is the same in a resumed run, so that the random numbers are too.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import datasets
import msgspec
import torch
from accelerate import PartialState
from peft import PeftModel
from transformers import PrinterCallback, Trainer, set_seed

from runtime.errors import BadInputError
from train.bases import Loaded, apply_adapter, load_adapter, load_base, save_adapter
from train.bases.quiet import library_talk
from train.data.schema import Example
from train.evaluation import Evaluations, save
from train.progress import Checkpoints, Journal, Screen
from train.recipe import Recipe, Stage
from train.run_folder import RunFolder, StageFolder, replace_folder, write_whole
from train.stages import classify, dpo, prefer, sft
from train.stages.arguments import arguments
from train.stages.failures import explained
from train.stages.job import Job, Rows
from train.stages.texts import Texts

_KINDS: Mapping[str, ModuleType] = {
    "sft": sft,
    "classify": classify,
    "prefer": prefer,
    "dpo": dpo,
}


class Work(NamedTuple):
    """What a stage learns from and what it is measured on; ``digest`` is the hash of both."""

    train: list[Example]
    held_out: list[Example]
    digest: str


class StageResult(msgspec.Struct, frozen=True):
    """What came of a stage; its figures are in before.json and after.json.

    Losses are the trainer's, of the first and the last step; ``dropped`` examples were too long.
    """

    stage: str
    kind: str
    steps: int
    first_loss: float
    last_loss: float
    trained_on: int
    held_out: int
    dropped: int


def run_stage(  # noqa: PLR0913 - the three numbers are the command's own options
    recipe: Recipe,
    stage: Stage,
    run: RunFolder,
    work: Work,
    *,
    tiny: bool = False,
    max_steps: int = 0,
    quiet: bool = False,
) -> StageResult:
    """Train a stage, going on from its last whole checkpoint if there is one.

    Writes ``adapter/``, ``before.json`` and ``after.json`` of the stage. Raises ``BadInputError``
    for data that cannot be used, too little memory, a full disk or another recipe's checkpoint.
    """
    kind, folder = _KINDS[stage.kind], run.stage(stage.name)
    with explained(stage, run.path):
        set_seed(recipe.seed)
        loaded = load_base(recipe, kind.PURPOSE, labels=len(stage.labels), tiny=tiny)
        model = _with_adapter(recipe, stage, run, loaded)
        texts = Texts(loaded, stage.training.max_tokens)
        rows = _rows(kind, recipe, stage, texts, work.train)
        held_out = _rows(kind, recipe, stage, texts, work.held_out)
        before = kind.measure(stage, texts, model, held_out)
        fit = Fit(recipe, stage, run, loaded, model, max_steps)
        fit.train(kind.trainer, kind.dataset(stage, rows), work.digest, quiet=quiet)
        after = kind.measure(stage, texts, model, held_out)
        result = _result(stage, run, rows, len(held_out.about))
        if PartialState().is_main_process:
            save_adapter_of(model, loaded, folder)
            save_figures(folder, before, after, result)
        PartialState().wait_for_everyone()
        return result


def result_of(folder: StageFolder) -> StageResult | None:
    """Return the result of a stage that is finished, else None."""
    if not folder.result.is_file():
        return None
    return msgspec.json.decode(folder.result.read_bytes(), type=StageResult)


class Fit(NamedTuple):
    """One run of a library's trainer, with our log, screen and checkpoints."""

    recipe: Recipe
    stage: Stage
    run: RunFolder
    loaded: Loaded
    model: PeftModel
    max_steps: int

    def train(
        self,
        trainer_of: Callable[[Job], Trainer],
        rows: datasets.Dataset,
        digest: str,
        *,
        quiet: bool,
    ) -> None:
        """Train to the end, from the last whole checkpoint on."""
        folder = self.run.stage(self.stage.name)
        last = folder.last_checkpoint(self.run.identity, digest)
        if PartialState().is_main_process:
            folder.clear_half_written()
            self.run.rewind(self.stage.name, last.step if last else 0)
        PartialState().wait_for_everyone()
        with Screen(self.stage.name, quiet=quiet) as screen:
            callbacks = [
                Journal(self.run, self.stage.name),
                Checkpoints(self.run, folder, digest),
                screen,
            ]
            job = Job(
                self.stage,
                self.model,
                self.loaded.tokenizer,
                self._arguments(folder, len(rows)),
                rows,
                callbacks,
            )
            with library_talk():
                trainer = _in_full_precision(self.model, lambda: trainer_of(job))
                # It prints to stdout, which is for data.
                trainer.remove_callback(PrinterCallback)
                # Whatever came before may have drawn: a run resumed at step 0 must not differ.
                set_seed(self.recipe.seed)
                trainer.train(resume_from_checkpoint=str(last.path) if last else None)
        if PartialState().is_main_process:
            shutil.rmtree(folder.saving, ignore_errors=True)

    def _arguments(self, folder: StageFolder, rows: int) -> dict[str, Any]:
        return arguments(
            self.recipe,
            self.stage,
            folder.saving,
            examples=rows,
            max_steps=self.max_steps,
            devices=PartialState().num_processes,
            checkpointing=self.loaded.checkpointing,
        )


def _with_adapter(recipe: Recipe, stage: Stage, run: RunFolder, loaded: Loaded) -> PeftModel:
    """Return the base with the adapter the stage starts from: a new one, or an earlier stage's."""
    model = apply_adapter(loaded, recipe.adapter_of(stage))
    start = recipe.start_of(stage)
    if start is None:
        return model
    folder = run.stage(start.name).adapter
    if not folder.is_dir():
        raise BadInputError(
            f"Stage {stage.name} starts from {start.name}, which is not trained in {run.path}.",
            f"Train {start.name} first: name it too, or leave out --stage.",
        )
    load_adapter(model, folder)
    return model


def _rows(
    kind: ModuleType, recipe: Recipe, stage: Stage, texts: Texts, work: list[Example]
) -> Rows[Any]:
    rows: Rows[Any] = kind.rows(stage, texts, work, recipe.seed)
    if not rows.about:
        raise BadInputError(
            f"Stage {stage.name}: none of {len(work)} examples fits into {texts.max_tokens} tokens "
            "with a label that the stage learns.",
            "Raise max_tokens in a copy of the recipe, or check the labels of the data.",
        )
    return rows


def _in_full_precision(model: PeftModel, build: Callable[[], Trainer]) -> Trainer:
    """Return what ``build`` makes, with the adapter in the float32 it had before.

    trl casts a QLoRA adapter to bfloat16: eight bits in which small steps are lost, and which the
    head, without autocast on a CPU, cannot multiply with.
    """
    kept = [(one, one.data) for one in model.parameters() if one.requires_grad]
    built = build()
    for parameter, data in kept:
        parameter.data = data
    return built


def save_figures(
    folder: StageFolder, before: Evaluations, after: Evaluations, result: StageResult
) -> None:
    """Write what a stage was measured at and what came of it; the stage is finished then."""
    save(before, folder.before)
    save(after, folder.after)
    # Last: where it is, the stage is finished.
    write_whole(folder.result, msgspec.json.format(msgspec.json.encode(result)) + b"\n")


def save_adapter_of(model: PeftModel, loaded: Loaded, folder: StageFolder) -> None:
    """Save the adapter of a stage, whole or not at all; the same adapter has the same bytes."""
    part = folder.path / "adapter.part"
    save_adapter(model, loaded, part)
    _settle(part / "adapter_config.json")
    replace_folder(part, folder.adapter)


def _settle(path: Path) -> None:
    """Write peft's settings so that the same adapter has the same bytes: its sets in order."""
    settings = json.loads(path.read_text("utf-8"))
    for name, value in settings.items():
        if isinstance(value, list):
            settings[name] = sorted(value)
    write_whole(path, json.dumps(settings, indent=2, sort_keys=True).encode() + b"\n")


def _result(stage: Stage, run: RunFolder, rows: Rows[Any], held_out: int) -> StageResult:
    losses = [entry["loss"] for entry in run.entries() if entry["stage"] == stage.name]
    return StageResult(
        stage=stage.name,
        kind=stage.kind,
        steps=len(losses),
        first_loss=losses[0],
        last_loss=losses[-1],
        trained_on=len(rows.about),
        held_out=held_out,
        dropped=rows.dropped,
    )


def deterministic(*, tiny: bool) -> None:
    """Ask torch for the same bits each time where that costs little: on a CPU.

    On a GPU some kernels of a backward pass have no such form; seeds make runs there alike, not
    equal. A tiny model is computed in one thread: several would wait for one another more than
    they compute, and the number of cores would show in the sums.
    """
    torch.use_deterministic_algorithms(not torch.cuda.is_available())
    if tiny:
        torch.set_num_threads(1)
