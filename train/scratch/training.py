"""One training run of the practice judge: random weights, then a model folder.

    model, tokenizer = train(Path("runs/practice-judge"), Settings(), quiet=False)

Started again with the same settings, a run that was stopped goes on from its last checkpoint.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch
from torch.utils.data import Subset
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    TrainerCallback,
    TrainingArguments,
)

from runtime.errors import BadInputError
from runtime.judge.prompt import contract_digest
from train.bases.quiet import bars_hidden, reports_hidden
from train.progress import Screen
from train.scratch.class_sets import ClassSets
from train.scratch.network import PracticeTrainer, new_network, tensors
from train.scratch.settings import Settings
from train.scratch.trees import Step
from train.scratch.vocabulary import practice_tokenizer

SAVE_EVERY = 50
"""Steps: a minute on two cores is lost at most."""

LOG_EVERY = 10
"""Steps whose losses are averaged: single ones differ by the questions they drew."""

NAME = "practice-judge"

_WARMUP_OF_WORDS = 4


class Identity(msgspec.Struct, frozen=True):
    """What two runs must share for one to go on where the other stopped."""

    settings: Settings
    contract: str


def train(
    folder: Path, settings: Settings, *, quiet: bool, callbacks: Sequence[TrainerCallback] = ()
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Train and return the model and its tokenizer, having written both to ``folder/model``.

    Raises ``BadInputError`` if ``folder`` holds another run.
    """
    _claim(folder, Identity(settings, contract_digest()))
    tokenizer = practice_tokenizer()
    model = new_network(settings, tokenizer)
    sets = ClassSets(tokenizer, settings)
    stages = {"marking": range(settings.marking), "words": range(settings.marking, len(sets))}
    for stage, steps in stages.items():
        with Screen(f"{NAME} {stage}", quiet=quiet) as screen:
            _run(
                model,
                Subset(sets, steps),
                _arguments(folder / stage, settings, len(steps), words=stage == "words"),
                [screen, *callbacks],
            )
    with bars_hidden():
        model.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    return model.eval(), tokenizer


def _run(
    model: PreTrainedModel,
    steps: "Subset[Step]",
    arguments: TrainingArguments,
    callbacks: Sequence[TrainerCallback],
) -> None:
    """Train through some steps, from the last checkpoint if there is one."""
    begun = any(Path(arguments.output_dir).glob("checkpoint-*"))
    trainer = PracticeTrainer(
        model=model,
        args=arguments,
        train_dataset=steps,
        data_collator=tensors,
        callbacks=list(callbacks),
    )
    trainer.remove_callback(PrinterCallback)
    # It misses in a checkpoint the output layer, which is the embeddings.
    with reports_hidden(), bars_hidden():
        trainer.train(resume_from_checkpoint=begun or None)


def _claim(folder: Path, identity: Identity) -> None:
    """Note whose folder it is. Raises ``BadInputError`` if it is another run's."""
    path, wanted = folder / "run.json", msgspec.json.encode(identity)
    if path.is_file() and path.read_bytes() != wanted:
        raise BadInputError(
            f"{folder} holds a run with other settings or another wording of the prompts.",
            "Name another folder with --out, or delete that one.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wanted)


def _arguments(folder: Path, settings: Settings, steps: int, *, words: bool) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(folder),
        max_steps=steps,
        # A step of the data is a batch already.
        per_device_train_batch_size=1,
        learning_rate=settings.words_rate if words else settings.learning_rate,
        # Even through the drills, so that these do not depend on how many steps follow.
        lr_scheduler_type="warmup_stable_decay",
        lr_scheduler_kwargs={
            "num_decay_steps": steps - _WARMUP_OF_WORDS if words else settings.steps,
            "min_lr_ratio": 0.02,
        },
        warmup_steps=_WARMUP_OF_WORDS if words else settings.warmup,
        weight_decay=settings.weight_decay,
        # A thousand steps are too few for the usual 0.999.
        adam_beta2=0.98,
        seed=settings.seed,
        use_cpu=True,
        # Twice as fast where the processor has it, and emulated, hence slower, elsewhere.
        bf16=torch.cpu._is_avx512_bf16_supported(),
        train_sampling_strategy="sequential",
        logging_steps=LOG_EVERY,
        save_steps=SAVE_EVERY,
        save_total_limit=2,
        report_to="none",
        # Progress is ours (train/progress.py): transformers' bar would mix with it.
        disable_tqdm=True,
        remove_unused_columns=False,
    )
