"""Exactly as many examples of each class: the larger classes lose some, drawn with a seed.

balanced = balance(examples, seed=0)
balanced.examples, balanced.dropped    -> [...], {"correct": 1200, "incorrect": 0}

A model trained on scores of which most are 3 learns to say 3 (the "lazy judge").
"""

import random
from collections.abc import Sequence

import msgspec

from train.data.classes import class_of, classes_in, require_classes
from train.data.groups import questions_of
from train.data.schema import Example


class Balanced(msgspec.Struct, frozen=True):
    """What is kept, in the order it came, and how many of each class are not.

    ``without_class`` counts examples that have none of the classes asked for.
    """

    examples: tuple[Example, ...]
    each: int
    dropped: dict[str, int]
    without_class: int


def balance(examples: Sequence[Example], seed: int, labels: Sequence[str] = ()) -> Balanced:
    """Keep as many of each class as the smallest has, and of as many questions as can be.

    ``labels`` names the classes (see ``class_of``); without it, those that occur. Raises
    ``BadInputError`` if there are not two classes, or one of ``labels`` does not occur.
    """
    require_classes(examples, labels, "The data cannot be balanced")
    counts = classes_in(examples, labels)
    each = min(counts.values())
    questions = questions_of(examples)
    rng = random.Random(seed)
    kept: set[int] = set()
    for name in counts:
        members = [at for at, one in enumerate(examples) if class_of(one, labels) == name]
        kept.update(_spread(members, questions, rng)[:each])
    return Balanced(
        examples=tuple(examples[at] for at in sorted(kept)),
        each=each,
        dropped={name: count - each for name, count in counts.items()},
        without_class=len(examples) - counts.total(),
    )


def _spread(members: list[int], questions: Sequence[int], rng: random.Random) -> list[int]:
    """Return ``members`` in a drawn order: one of every question, then a second of each, ..."""
    rng.shuffle(members)
    turns: dict[int, int] = {}
    turn = {}
    for at in members:
        turn[at] = turns[questions[at]] = turns.get(questions[at], 0) + 1
    return sorted(members, key=turn.__getitem__)
