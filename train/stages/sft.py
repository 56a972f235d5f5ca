"""Instruction SFT: the base learns to write the reply that the prompt contract asks for.

trl's SFTTrainer on rows tokenized by us: loss on the reply only, no packing (with it neighbours
might see each other), nothing truncated.
"""

from collections.abc import Sequence

import datasets
import numpy as np
from peft import PeftModel
from trl import SFTConfig, SFTTrainer

from train.data.schema import Example
from train.evaluation import Evaluation, evaluate_replies
from train.recipe import Stage
from train.stages.asked import asked, label_place, replies, wanted
from train.stages.inference import next_logits, read_replies
from train.stages.job import Job, Rows
from train.stages.labels import evaluate_labels
from train.stages.texts import Texts, Tokens

PURPOSE = "causal"

_CUT = {"summarise": ("source",), "solve": (), "choose": ()}
"""What may lose its middle where a text is too long; else the child's answer and its source."""


def rows(stage: Stage, texts: Texts, examples: Sequence[Example], seed: int) -> Rows[Example]:
    """Return prompt and reply of each example. Raises ``BadInputError`` for one without a reply."""
    cut = _CUT.get(stage.prompt, ("answer", "source"))

    def build(example: Example) -> list[Tokens]:
        prompt = asked(stage.prompt, example)
        return [texts.tokens(prompt, wanted(stage.prompt, example))]

    built = [(texts.within(example, build, cut), example) for example in examples]
    return Rows.of(built)


def dataset(stage: Stage, rows: Rows[Example]) -> datasets.Dataset:
    """Return the columns SFTTrainer takes as tokenized: ``input_ids`` and ``completion_mask``."""
    ids = [[*one.prompt, *one.reply] for (one,) in rows.tokens]
    masks = [[0] * len(one.prompt) + [1] * len(one.reply) for (one,) in rows.tokens]
    return datasets.Dataset.from_dict({"input_ids": ids, "completion_mask": masks})


def trainer(job: Job) -> SFTTrainer:
    """Return the trainer of a job."""
    config = SFTConfig(**job.arguments, max_length=None, packing=False, completion_only_loss=True)
    return SFTTrainer(
        model=job.model,
        args=config,
        train_dataset=job.rows,
        processing_class=job.tokenizer,
        callbacks=job.callbacks,
    )


def measure(
    stage: Stage, texts: Texts, model: PeftModel, rows: Rows[Example]
) -> dict[str, Evaluation]:
    """Return how well the replies are foretold and, where they are labels, which one is chosen."""
    read = read_replies(model, [one for (one,) in rows.tokens])
    groups = [example.group for example in rows.about]
    found = {
        "replies": evaluate_replies(read.log_probability, read.tokens, read.first, groups),
    }
    labels = list(replies(stage.prompt, rows.about[0]))
    odds = [_odds(stage, texts, model, *row) for row in _pairs(rows)] if labels else []
    chances = [one for one in odds if len(one) == len(labels)]
    # Options or scales may differ from row to row, and labels may begin alike: then none are read.
    if chances and len(chances) == len(rows.about):
        found |= evaluate_labels(np.array(chances), labels, _right(stage, rows), rows.about)
    return found


def _pairs(rows: Rows[Example]) -> list[tuple[Tokens, Example]]:
    return [(tokens, example) for (tokens,), example in zip(rows.tokens, rows.about, strict=True)]


def _right(stage: Stage, rows: Rows[Example]) -> list[int]:
    """Return the place of each example's label; scores between two labels go to the nearer."""
    return [label_place(stage.prompt, example) for example in rows.about]


def _odds(
    stage: Stage, texts: Texts, model: PeftModel, row: Tokens, example: Example
) -> tuple[float, ...]:
    """Return the model's odds between the labels, read where their replies first differ."""
    ids = [texts.reply(reply) for reply in replies(stage.prompt, example).values()]
    same = _shared(ids)
    firsts = [one[same] for one in ids]
    if len(set(firsts)) < len(ids):
        return ()
    logits = next_logits(model, [*row.prompt, *ids[0][:same]], firsts)
    odds = np.exp(logits - logits.max())
    return tuple(map(float, odds / odds.sum()))


def _shared(ids: Sequence[Sequence[int]]) -> int:
    """Return how many first tokens all have in common."""
    columns = zip(*ids, strict=False)
    return next((at for at, column in enumerate(columns) if len(set(column)) > 1), 0)
