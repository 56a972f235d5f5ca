"""Preference pairs out of graded answers: right over wrong, better score over worse.

pairs = preference_pairs(examples, seed=0)

Both answers are to one question under the same criteria; ties make no pair. A multiple-choice
question gives its right option over each wrong one.
"""

import random
from collections.abc import Hashable, Iterator, Sequence
from string import ascii_uppercase

from runtime.errors import BadInputError
from train.data.choices import letter_of
from train.data.classes import grade_of
from train.data.schema import Example, Pair

_SHARED = "set group task question options reference rubric source language".split()


def preference_pairs(
    examples: Sequence[Example],
    seed: int,
    per_question: int | None = None,
    least_margin: float = 0.0,
) -> list[Pair]:
    """Return at most ``per_question`` pairs a question, drawn with ``seed``.

    Without it, as many as the question has answers: no question outweighs its share of the data.
    ``margin`` is the difference of the grades as a share of the scale; pairs of ``least_margin``
    and below are ties. Raises ``BadInputError`` if no question has two answers of unlike grade.
    """
    rng = random.Random(seed)
    pairs = [
        pair
        for members in _by_criteria(examples)
        for pair in _of_question(members, rng, per_question, least_margin)
    ]
    if not pairs:
        raise BadInputError(
            "No question has a better and a worse answer, so there is nothing to prefer.",
            "Bring several graded answers to each question, or multiple-choice questions.",
        )
    return pairs


def _by_criteria(examples: Sequence[Example]) -> list[list[Example]]:
    """Return the examples that are judged alike: one group, reference, rubric and source."""
    found: dict[Hashable, list[Example]] = {}
    for one in examples:
        key = (one.set, one.group, one.reference, one.rubric, one.source, one.options)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _of_question(
    members: list[Example], rng: random.Random, asked: int | None, least_margin: float
) -> list[Pair]:
    if members[0].options:
        return list(_of_options(members[0]))[:asked]
    most = asked or len(members)
    found: dict[tuple[str, str], Pair] = {}
    for pair in _of_grades(members, rng, most, least_margin):
        texts = pair.chosen.strip(), pair.rejected.strip()
        if texts[0] != texts[1]:
            found.setdefault(texts, pair)
    return list(found.values())[:most]


def _of_options(example: Example) -> Iterator[Pair]:
    right = letter_of(example.reference or "", example.options)
    if right is None:
        raise BadInputError(
            f"Example {example.id!r}: the reference {example.reference!r} is none of its options.",
            "Name the right one by its letter, by its number from 1 or in its own words.",
        )
    for letter, _ in zip(ascii_uppercase, example.options, strict=False):
        if letter != right:
            yield _pair(example, letter, right, letter, 1.0)


def _of_grades(
    members: list[Example], rng: random.Random, most: int, least_margin: float
) -> Iterator[Pair]:
    """Yield pairs in a drawn order, every possible one as likely as any other."""
    levels: dict[float, list[Example]] = {}
    for member in members:
        grade = grade_of(member)
        if grade is not None and member.text:
            levels.setdefault(grade, []).append(member)
    blocks = [
        (levels[better], levels[worse], better - worse)
        for better in sorted(levels)
        for worse in sorted(levels)
        if better - worse > least_margin
    ]
    total = sum(len(better) * len(worse) for better, worse, _ in blocks)
    # Twice as many as are wanted: some turn out to be of the same words.
    for number in rng.sample(range(total), min(total, 2 * most)):
        yield _numbered(blocks, number)


def _numbered(blocks: Sequence[tuple[list[Example], list[Example], float]], number: int) -> Pair:
    """Return one pair by its number among all, without writing them all down."""
    for better, worse, margin in blocks:
        if number < len(better) * len(worse):
            one, other = better[number // len(worse)], worse[number % len(worse)]
            return _pair(one, other.id, one.text, other.text, margin)
        number -= len(better) * len(worse)
    raise IndexError(number)


def _pair(example: Example, other: str, chosen: str, rejected: str, margin: float) -> Pair:
    """Return a pair whose id names both sides: the chosen answer and the ``other``."""
    shared = {name: getattr(example, name) for name in _SHARED}
    name = f"{example.id}-{other}"
    return Pair(**shared, id=name, chosen=chosen, rejected=rejected, margin=margin)
