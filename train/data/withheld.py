"""Keeps what one stage is measured on out of what every other stage learns from.

train = without(train, held_out_of_other_stages)

Stages of one recipe go on from each other: a question whose solution the first stage has read is
no longer new to the second.
"""

from collections.abc import Sequence

from train.data.groups import questions_of
from train.data.schema import Example


def without(train: Sequence[Example], held_out: Sequence[Example]) -> list[Example]:
    """Return the examples of ``train`` whose question is none of ``held_out``'s."""
    numbers = questions_of([*train, *held_out])
    withheld = set(numbers[len(train) :])
    return [one for one, number in zip(train, numbers, strict=False) if number not in withheld]
