"""Simulated multiple-choice work: maths problems whose wrong options are what slips lead to, and
STEM questions of ours.
"""

import random
from collections.abc import Iterator

import msgspec

from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.maths.answers import TEMPLATES
from train.simulate.maths.attempts import careful, slip
from train.simulate.maths.finals import plain
from train.simulate.texts import load

LETTERS = "ABCD"
WRITTEN_SHARE = 0.2
"""There are few written questions, and as many maths problems as one likes."""

_TRIES = 30


class Question(msgspec.Struct, frozen=True):
    """A question whose first option is the right one; ``rules`` names how the others come about."""

    question: str
    options: tuple[str, ...]
    rules: tuple[str, ...] = ()


class Questions(msgspec.Struct, frozen=True):
    """All written questions."""

    question: tuple[Question, ...]


def multiple_choice(count: int, seed: int) -> Iterator[Example]:
    """Yield ``count`` options a pupil ticked in STEM questions, half of them right."""
    rng, written = random.Random(seed), load("multiple_choice", Questions).question
    for number in range(count):
        question = rng.choice(written) if rng.random() < WRITTEN_SHARE else _from_maths(rng)
        order = rng.sample(range(len(LETTERS)), len(LETTERS))
        chosen = 0 if number % 2 else rng.randrange(1, len(LETTERS))
        rules = ("right", *(question.rules or ("wrong_option",) * (len(LETTERS) - 1)))
        yield Example(
            id=f"multiple-choice-{seed}-{number}",
            set="multiple-choice",
            group=f"choice-{question.question}",
            task=Task.SHORT_ANSWER,
            question=question.question,
            options=tuple(question.options[at] for at in order),
            answer=LETTERS[order.index(chosen)],
            reference=LETTERS[order.index(0)],
            verdict=Verdict.INCORRECT if chosen else Verdict.CORRECT,
            rule=rules[chosen],
        )


def _from_maths(rng: random.Random) -> Question:
    """Return a problem with three different wrong results; one with fewer is drawn again."""
    while True:
        problem = rng.choice(TEMPLATES)(rng)
        right = plain(problem, careful(problem).answer)
        wrong: dict[str, str] = {}
        for _ in range(_TRIES):
            found = slip(problem, rng, route=0, simplifies=True)
            text = plain(problem, found.answer) if found else right
            if found and text != right:
                wrong.setdefault(text, found.rule)
            if len(wrong) == len(LETTERS) - 1:
                return Question(problem.question, (right, *wrong), tuple(wrong.values()))
