"""Which examples are about the same question, whatever their sets call it.

Two examples share a question if they have the same group in the same set, or the same words as
question, source and options: sets borrow questions from each other.
"""

import unicodedata
from collections.abc import Hashable, Iterable, Sequence

from train.data.schema import Example


def questions_of(examples: Sequence[Example]) -> list[int]:
    """Return the number of each example's question, counted from 0 as they appear."""
    parents = list(range(len(examples)))
    seen: dict[Hashable, int] = {}
    for at, example in enumerate(examples):
        for key in _keys(example):
            _join(parents, seen.setdefault(key, at), at)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_root(parents, at), len(numbers)) for at in range(len(examples))]


def by_question(examples: Sequence[Example]) -> list[list[Example]]:
    """Return the examples question by question, in the order in which they appear."""
    found: dict[int, list[Example]] = {}
    for number, example in zip(questions_of(examples), examples, strict=True):
        found.setdefault(number, []).append(example)
    return list(found.values())


def normalised(text: str) -> str:
    """Return ``text`` as duplicates compare it: case, spacing and a last full stop aside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).removesuffix(".")


def _keys(example: Example) -> Iterable[Hashable]:
    yield "group", example.set, example.group
    if example.question.strip():
        options = sorted(normalised(option) for option in example.options)
        source = normalised(example.source or "")
        yield "question", normalised(example.question), source, tuple(options)


def _join(parents: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(parents, one), _root(parents, other)))
    parents[second] = first


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at
