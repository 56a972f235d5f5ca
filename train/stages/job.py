"""What is passed between a stage and the module of its kind.

rows = sft.rows(stage, texts, examples)      what the trainer learns from, and what it is about
trainer = sft.trainer(job)                   the library's trainer, ready to run
"""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import datasets
from peft import PeftModel
from transformers import PreTrainedTokenizerBase, TrainerCallback

from train.data.schema import Example, Pair
from train.recipe import Stage
from train.stages.texts import Tokens

About = TypeVar("About", Example, Pair)


class Rows(NamedTuple, Generic[About]):
    """Tokenized rows: one entry of ``tokens`` (one or two sequences) for each of ``about``.

    ``dropped`` texts stayed too long for the stage however much of them was cut.
    """

    tokens: list[list[Tokens]]
    about: list[About]
    dropped: int

    @classmethod
    def of(cls, built: Sequence[tuple[list[Tokens] | None, About]]) -> "Rows[About]":
        """Return the rows that could be built, and count those that could not."""
        kept = [(tokens, about) for tokens, about in built if tokens is not None]
        return cls(
            [tokens for tokens, _ in kept], [about for _, about in kept], len(built) - len(kept)
        )


class Job(NamedTuple):
    """What a trainer is built from: model with adapter, numbers, rows and callbacks."""

    stage: Stage
    model: PeftModel
    tokenizer: PreTrainedTokenizerBase
    arguments: dict[str, Any]
    rows: datasets.Dataset
    callbacks: list[TrainerCallback]
