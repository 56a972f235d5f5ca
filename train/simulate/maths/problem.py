"""Problems: a question, how it is solved, and what the answer must look like."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from train.simulate.maths.hand import Hand
from train.simulate.maths.numbers import Pair

Kind = Literal["number", "fraction", "money", "percent", "clock", "ratio", "remainder", "letter"]

NAMES = (
    "Amara Tomas Yuki Ines Noor Elif Mateo Sanne Kofi Lucia Ravi Freya Omar Hana Pavel Nia "
    "Jonas Leila Marco Aiko Bram Zofia Tariq Greta Diego Mira Sven Adaeze Luca Petra"
).split()

THINGS = (
    "marbles stickers shells acorns buttons beads postcards badges pencils biscuits plums "
    "cherries tickets balloons seeds stamps coins tiles bricks cards"
).split()


class Answer(msgspec.Struct, frozen=True):
    """A final answer: one value, or two for a ratio and for a quotient with its remainder.

    ``pair`` is a fraction as the working left it, simplified or not.
    """

    values: tuple[Fraction, ...]
    pair: Pair | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. ``unit`` is "cm" or a currency sign; ``letter`` names an unknown.

    ``demands`` is what the question asks for besides the value: then an answer without it is
    only partly right. ``other_unit`` with its ``factor`` is another unit for the same quantity.
    """

    question: str
    solve: Callable[[Hand], Answer]
    kind: Kind = "number"
    unit: str = ""
    wrong_unit: str = ""
    other_unit: str = ""
    factor: Fraction = Fraction(1)
    noun: str = ""
    letter: str = ""
    says: str = ""
    """The answer as a sentence, with {} where the value stands."""
    signed: bool = False
    demands: Literal["", "unit", "simplest"] = ""


def number(value: Fraction | int) -> Answer:
    """Return a plain answer."""
    return Answer((Fraction(value),))


def fraction(pair: Pair) -> Answer:
    """Return a fraction as an answer."""
    return Answer((pair.value,), pair)


def same(first: Answer, second: Answer) -> bool:
    """Whether two answers to one problem have the same value, whatever their form."""
    return first.values == second.values


def cast(rng: random.Random) -> tuple[str, str]:
    """Return two different names."""
    first, second = rng.sample(NAMES, 2)
    return first, second


def worded(rng: random.Random, wordings: Sequence[str], **words: object) -> str:
    """Return one of ``wordings`` with the words put in."""
    return rng.choice(wordings).format(**words)


def with_unit(
    rng: random.Random, question: str, unit_words: str
) -> tuple[str, Literal["", "unit"]]:
    """Return the question naming the unit, or asking for it; and whether it demands one."""
    if rng.random() < 0.5:
        return f"{question} Answer in {unit_words}.", ""
    request = rng.choice(
        ("Give the unit with your answer.", "Do not forget the unit.", "Write the unit too.")
    )
    return f"{question} {request}", "unit"
