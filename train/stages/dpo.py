"""DPO: the model learns to write the better answer rather than the worse (Rafailov et al. 2023).

trl's DPOTrainer. The reference is the adapter as the stage found it: trl keeps a copy of it, so
that a stage from the bare base has the base, and one after SFT the SFT model, as reference.
"""

from collections.abc import Sequence

import datasets
from peft import PeftModel
from trl import DPOConfig, DPOTrainer

from train.data.pairs import preference_pairs
from train.data.schema import Example, Pair
from train.evaluation import Evaluation, evaluate_preferences, evaluate_replies
from train.recipe import Stage
from train.stages.asked import answered, asked
from train.stages.inference import read_replies
from train.stages.job import Job, Rows
from train.stages.texts import Texts, Tokens

PURPOSE = "causal"


class _Tokenized(DPOTrainer):  # type: ignore[misc]  # trl ships no types
    """DPOTrainer on rows that are tokenized already.

    The other trainers of trl see that they are; this one would put prompt and answer together as
    text and parse special tokens in what children wrote.
    """

    def _prepare_dataset(self, dataset: datasets.Dataset, *_: object) -> datasets.Dataset:
        return dataset


def rows(stage: Stage, texts: Texts, examples: Sequence[Example], seed: int) -> Rows[Pair]:
    """Return the prompt with the better and with the worse answer of each pair.

    Raises ``BadInputError`` if no question has a better and a worse answer.
    """

    def build(pair: Pair) -> list[Tokens]:
        prompt = asked(stage.prompt, answered(pair, ""))
        return [texts.tokens(prompt, answer) for answer in (pair.chosen, pair.rejected)]

    pairs = preference_pairs(examples, seed)
    return Rows.of([(texts.within(pair, build, ("source",)), pair) for pair in pairs])


def dataset(stage: Stage, rows: Rows[Pair]) -> datasets.Dataset:
    """Return the columns DPOTrainer makes of texts."""
    return datasets.Dataset.from_dict(
        {
            "prompt_ids": [chosen.prompt for chosen, _ in rows.tokens],
            "chosen_ids": [chosen.reply for chosen, _ in rows.tokens],
            "rejected_ids": [rejected.reply for _, rejected in rows.tokens],
        }
    )


def trainer(job: Job) -> DPOTrainer:
    """Return the trainer of a job."""
    config = DPOConfig(**job.arguments, beta=job.stage.beta, max_length=None)
    return _Tokenized(
        model=job.model,
        args=config,
        train_dataset=job.rows,
        processing_class=job.tokenizer,
        callbacks=job.callbacks,
    )


def measure(
    stage: Stage, texts: Texts, model: PeftModel, rows: Rows[Pair]
) -> dict[str, Evaluation]:
    """Return how far the better answer is likelier, and how well it is foretold.

    Likelihoods are a token: of whole answers the shorter one would win.
    """
    chosen = read_replies(model, [better for better, _ in rows.tokens])
    rejected = read_replies(model, [worse for _, worse in rows.tokens])
    ahead = chosen.log_probability / chosen.tokens - rejected.log_probability / rejected.tokens
    groups = [pair.group for pair in rows.about]
    return {
        "preferences": evaluate_preferences(ahead, groups),
        "replies": evaluate_replies(chosen.log_probability, chosen.tokens, chosen.first, groups),
    }
