"""Sequence classification: a head on the last token of the prompt names the class.

transformers' Trainer with the model's own cross-entropy; labels in the order of the stage.
"""

from collections.abc import Sequence

import datasets
import numpy as np
from peft import PeftModel
from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

from train.data.classes import class_of
from train.data.schema import Example
from train.evaluation import Evaluation
from train.recipe import Stage
from train.stages.asked import asked
from train.stages.inference import class_logits
from train.stages.job import Job, Rows
from train.stages.labels import evaluate_labels
from train.stages.texts import Texts, Tokens

PURPOSE = "classify"


def rows(stage: Stage, texts: Texts, examples: Sequence[Example], seed: int) -> Rows[Example]:
    """Return the prompt of each example that has one of the stage's labels."""

    def build(example: Example) -> list[Tokens]:
        return [texts.tokens(asked(stage.prompt, example))]

    labelled = [example for example in examples if class_of(example, stage.labels) is not None]
    built = [(texts.within(one, build, ("answer", "source")), one) for one in labelled]
    return Rows.of(built)


def dataset(stage: Stage, rows: Rows[Example]) -> datasets.Dataset:
    """Return ``input_ids`` and ``labels``, the class's place among the stage's."""
    return datasets.Dataset.from_dict(
        {"input_ids": [one.prompt for (one,) in rows.tokens], "labels": _right(stage, rows)}
    )


def trainer(job: Job) -> Trainer:
    """Return the trainer of a job."""
    return Trainer(
        model=job.model,
        args=TrainingArguments(**job.arguments),
        train_dataset=job.rows,
        data_collator=DataCollatorWithPadding(job.tokenizer),
        processing_class=job.tokenizer,
        callbacks=job.callbacks,
    )


def measure(
    stage: Stage, texts: Texts, model: PeftModel, rows: Rows[Example]
) -> dict[str, Evaluation]:
    """Return the figures of the likeliest class (softmax of the head's logits)."""
    logits = class_logits(model, [one.prompt for (one,) in rows.tokens])
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = odds / odds.sum(axis=1, keepdims=True)
    return evaluate_labels(chances, stage.labels, _right(stage, rows), rows.about)


def _right(stage: Stage, rows: Rows[Example]) -> list[int]:
    names = [class_of(example, stage.labels) for example in rows.about]
    return [stage.labels.index(name) for name in names if name is not None]
