"""The ``embed`` stage: the marker is trained once for every fold, to be measured on questions it
has not seen, and once on all questions, to be shipped.

    result = run_marker(recipe, stage, run, Work(train, held_out, digest))

The head that marks is fitted to features which no adapter had learnt by heart: each fold's are read
by the adapter that never saw its questions (stacking: Wolpert 1992). A fold that is finished is not
trained again when a run is resumed. Training may go on a 4-bit base (QLoRA); measured is what is
shipped: the adapter on the 16-bit base.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from accelerate import PartialState
from transformers import Trainer, TrainingArguments, set_seed

from runtime.errors import BadInputError
from runtime.judge.features import RIGHT_WRONG, Floats
from runtime.judge.heads import Head
from train import report
from train.bases import Loaded, load_base
from train.marker import building
from train.marker.figures import CLASSES, Read, evaluated, labels
from train.marker.network import MarkerNetwork, parameter_groups
from train.marker.questions import Draw, Question, draw, gather
from train.marker.settings import Settings, settings_of
from train.recipe import Recipe, Stage
from train.right_wrong import Groups, fit_head, folds
from train.run_folder import RunFolder, write_whole
from train.stages.failures import explained
from train.stages.job import Job
from train.stages.stage import Fit, StageResult, Work, save_adapter_of, save_figures

BASE = "minilm-marker"
"""What the head belongs to: all-MiniLM-L6-v2 with the adapter that was trained beside it."""

_WHOLE = 16
"""Bits of the base that is marked with, and so measured with."""


class _Marker(NamedTuple):
    """All that one stage needs to train the marker on some of its questions."""

    recipe: Recipe
    stage: Stage
    run: RunFolder
    settings: Settings
    questions: list[Question]
    rows: int
    digest: str
    tiny: bool
    max_steps: int
    quiet: bool

    def network(self, bits: int | None = None) -> tuple[Loaded, MarkerNetwork]:
        """Return the base (as wide as the recipe says, else ``bits``) and a new network on it."""
        loaded = load_base(self.recipe, "embed", tiny=self.tiny, bits=bits)
        adapter = self.recipe.adapter_of(self.stage)
        count, rank, seed = len(self.questions), self.settings.rank, self.recipe.seed
        return loaded, building.build(loaded, adapter, count, rank, seed)

    def trained(self, name: str, questions: Sequence[Question]) -> MarkerNetwork:
        """Train on ``questions`` under a stage name of its own; return the 16-bit network.

        Raises ``BadInputError`` if all answers to them are right, or all wrong.
        """
        _require_both(questions, self.stage)
        loaded, network = self.network()
        network.start_from(building.frozen_head(network, questions))
        stage = msgspec.structs.replace(self.stage, name=name)
        fit = Fit(self.recipe, stage, self.run, loaded, network, self.max_steps)
        fit.train(self._trainer, questions, self.digest, quiet=self.quiet)
        _, marking = self.network(_WHOLE)
        marking.load_state_dict(network.state_dict())
        return marking

    def _trainer(self, job: Job) -> Trainer:
        how = Draw(self.settings.answers, self.settings.other_reference)
        training = job.stage.training
        groups = parameter_groups(job.model, training.learning_rate, training.weight_decay)
        # What comes out of the collator are no columns.
        own = {"remove_unused_columns": False, "label_names": []}
        arguments = TrainingArguments(**job.arguments | own)
        kind, options = Trainer.get_optimizer_cls_and_kwargs(arguments)
        options.pop("lr")
        return Trainer(
            model=job.model,
            args=arguments,
            train_dataset=job.rows,
            data_collator=lambda rows: {"asked": [draw(question, how) for question in rows]},
            optimizers=(kind(groups, **options), None),
            callbacks=job.callbacks,
        )


def run_marker(  # noqa: PLR0913 - called as run_stage is
    recipe: Recipe,
    stage: Stage,
    run: RunFolder,
    work: Work,
    *,
    tiny: bool = False,
    max_steps: int = 0,
    quiet: bool = False,
) -> StageResult:
    """Train and measure the marker; write ``adapter/``, ``right-wrong.json``, ``table.md`` and the
    figures.

    Raises ``BadInputError`` for data that cannot be used, a full disk or too little memory.
    """
    usable = (e for e in (*work.train, *work.held_out) if e.reference and e.verdict)
    # In one order whatever the parts: a run must not depend on how they were drawn.
    examples = sorted(usable, key=lambda e: (e.set, e.group, e.id))
    folder = run.stage(stage.name)
    with explained(stage, run.path):
        set_seed(recipe.seed)
        loaded = load_base(recipe, "embed", tiny=tiny, bits=_WHOLE)
        questions = gather(examples, building.Tokenize(loaded, stage.training.max_tokens))
        marker = _Marker(
            recipe,
            stage,
            run,
            settings_of(stage),
            _checked(questions, stage),
            len(examples),
            work.digest,
            tiny,
            max_steps,
            quiet,
        )
        right, groups = labels(questions, len(examples))
        read = Read(_frozen(marker), _held_out(marker, groups))
        network = marker.trained(stage.name, questions)
        sets = tuple(sorted({e.set for e in examples}))
        head = fit_head(read.adapted, right, groups, sets, base=BASE)
        result = _result(stage, run, len(examples))
        if PartialState().is_main_process:
            save_adapter_of(network.encoder, loaded, folder)
            write_whole(folder.path / f"{head.name}.json", _pretty(head))
            compared = report.table(report.report(read.adapted, read.frozen, right, groups))
            write_whole(folder.path / "table.md", f"{compared}\n".encode())
            before, after = evaluated(read, right, groups, examples)
            save_figures(folder, {"labels": before}, {"labels": after}, result)
        PartialState().wait_for_everyone()
        return result


def _checked(questions: list[Question], stage: Stage) -> list[Question]:
    if len(questions) < settings_of(stage).folds:
        raise BadInputError(
            f"Stage {stage.name}: {len(questions)} questions have a reference and answers with a "
            f"verdict, and {settings_of(stage).folds} folds need at least one each.",
            "Add questions, or lower folds in a copy of the recipe.",
        )
    return questions


def _require_both(questions: Sequence[Question], stage: Stage) -> None:
    verdicts = {answer.right for question in questions for answer in question.answers}
    if len(verdicts) < 2:
        only = CLASSES[int(verdicts.pop())]
        raise BadInputError(
            f"Stage {stage.name}: the answers to {len(questions)} questions it is to learn from "
            f"are all {only}.",
            "Add answers of the other verdict, or lower folds in a copy of the recipe.",
        )


def _frozen(marker: _Marker) -> Floats:
    """Return the features of every answer by the encoder as it was published."""
    _, network = marker.network(_WHOLE)
    return building.read(network, marker.questions, marker.rows)


def _held_out(marker: _Marker, groups: Groups) -> Floats:
    """Return the features of every answer, ``(rows, len(RIGHT_WRONG))``, by an encoder that never
    saw its question."""
    features = np.zeros((marker.rows, len(RIGHT_WRONG)))
    for number, (_, test) in enumerate(folds(groups, count=marker.settings.folds), start=1):
        held_out = set(test.tolist())
        name = f"{marker.stage.name}.fold-{number}"
        path = marker.run.path / f"{name}.json"
        unseen = [q for q in marker.questions if q.places[0] in held_out]
        if not path.is_file():
            seen = [q for q in marker.questions if q.places[0] not in held_out]
            found = building.read(marker.trained(name, seen), unseen, marker.rows)
            if PartialState().is_main_process:
                write_whole(path, msgspec.json.encode(found.tolist()))
            PartialState().wait_for_everyone()
        read = np.array(msgspec.json.decode(path.read_bytes(), type=list[list[float]]))
        features[test] = read[test]
    return features


def _result(stage: Stage, run: RunFolder, answers: int) -> StageResult:
    losses = [entry["loss"] for entry in run.entries() if entry["stage"] == stage.name]
    return StageResult(
        stage=stage.name,
        kind=stage.kind,
        steps=len(losses),
        first_loss=losses[0],
        last_loss=losses[-1],
        trained_on=answers,
        # Every answer is held out of the fold its question belongs to.
        held_out=answers,
        dropped=0,
    )


def _pretty(head: Head) -> bytes:
    return msgspec.json.format(msgspec.json.encode(head), indent=1) + b"\n"
