"""A class of answers to one question, in random tokens: what judging is measured with.

    made = classroom(vocabulary)
    made.prompts[0].ids          # what all share, and one answer

Speed does not depend on what the tokens say, but on how many all answers share, how many each
has of its own, and how these differ in length.
"""

from typing import NamedTuple

import numpy as np

from runtime.judge.decoding.sequences import Prompt
from runtime.judge.measure.speed import random_ids


class ClassSize(NamedTuple):
    """Tokens that all answers share, answers, tokens of one on average, and of its feedback."""

    shared: int = 400
    answers: int = 30
    answer: int = 80
    feedback: int = 60

    @property
    def longest(self) -> int:
        """The most tokens of one answer."""
        return self.answer + self.answer // 2

    @property
    def cells(self) -> int:
        """Tokens that lie in memory while all feedback is written; a few to spare for each."""
        return self.shared + self.answers * (self.longest + self.feedback + 4)


class Classroom(NamedTuple):
    """The prompts of a class, and how large it is."""

    prompts: tuple[Prompt, ...]
    size: ClassSize


def classroom(vocabulary: int, size: ClassSize | None = None) -> Classroom:
    """Return a class whose answers are from half to one and a half times as long as the average."""
    size = size or ClassSize()
    shared = random_ids(vocabulary, size.shared)
    spread = np.linspace(size.answer - size.answer // 2, size.longest, size.answers).astype(int)
    # In no order, as a class hands them in.
    lengths = np.random.default_rng(1).permutation(spread)
    answers = (random_ids(vocabulary, int(n), seed=2 + i) for i, n in enumerate(lengths))
    prompts = tuple(Prompt(np.concatenate([shared, ids]), len(shared)) for ids in answers)
    return Classroom(prompts, size)
