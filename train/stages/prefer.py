"""Pairwise preference between two answers under the same criteria.

trl's RewardTrainer: a head gives each answer a reward, and the better one's is to be higher
(Bradley and Terry 1952; the loss is -log sigmoid of the difference). Swapping the two only swaps
the sign, so no order is favoured.
"""

from collections.abc import Sequence

import datasets
from peft import PeftModel
from trl import RewardConfig, RewardTrainer

from train.data.pairs import preference_pairs
from train.data.schema import Example, Pair
from train.evaluation import Evaluation, evaluate_preferences
from train.recipe import Stage
from train.stages.asked import both_sides
from train.stages.inference import class_logits
from train.stages.job import Job, Rows
from train.stages.texts import Texts, Tokens

PURPOSE = "prefer"


def rows(stage: Stage, texts: Texts, examples: Sequence[Example], seed: int) -> Rows[Pair]:
    """Return both prompts of each pair that the graded examples make, the better answer's first.

    Raises ``BadInputError`` if no question has a better and a worse answer.
    """

    def build(pair: Pair) -> list[Tokens]:
        return [texts.tokens(prompt) for prompt in both_sides(stage.prompt, pair)]

    cut = ("chosen", "rejected", "source")
    pairs = preference_pairs(examples, seed)
    return Rows.of([(texts.within(pair, build, cut), pair) for pair in pairs])


def dataset(stage: Stage, rows: Rows[Pair]) -> datasets.Dataset:
    """Return the columns RewardTrainer takes as tokenized: ``chosen_ids`` and ``rejected_ids``."""
    return datasets.Dataset.from_dict(
        {
            "chosen_ids": [chosen.prompt for chosen, _ in rows.tokens],
            "rejected_ids": [rejected.prompt for _, rejected in rows.tokens],
        }
    )


def trainer(job: Job) -> RewardTrainer:
    """Return the trainer of a job."""
    # trl turns dropout off here by default; the recipe's number is to hold.
    config = RewardConfig(**job.arguments, max_length=None, disable_dropout=False)
    return RewardTrainer(
        model=job.model,
        args=config,
        train_dataset=job.rows,
        processing_class=job.tokenizer,
        callbacks=job.callbacks,
    )


def measure(
    stage: Stage, texts: Texts, model: PeftModel, rows: Rows[Pair]
) -> dict[str, Evaluation]:
    """Return the figures of how far the better answer's reward is ahead.

    The other order of a pair gives the same margin by construction, so it is not counted twice.
    """
    chosen = class_logits(model, [better.prompt for better, _ in rows.tokens])
    rejected = class_logits(model, [worse.prompt for _, worse in rows.tokens])
    groups = [pair.group for pair in rows.about]
    return {"preferences": evaluate_preferences((chosen - rejected)[:, 0], groups)}
