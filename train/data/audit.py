"""What is in a data set, and what is wrong with it: counted and, where it can be, named by id.

found = audit(examples, budget=4096)
print(plain(found))    # train.data.audit_text
"""

import statistics
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

import msgspec

from runtime.marking.item import Task
from train.data.classes import classes_in, grade_of
from train.data.groups import normalised, questions_of
from train.data.schema import Example

LEAST_WORDS = {Task.MATH: 1, Task.SHORT_ANSWER: 1, Task.RUBRIC: 1, Task.ESSAY: 10}
"""Fewer words are hardly an answer: one word may be a good one, nine are no essay."""


_FIELDS = (
    "answer steps options reference rubric source sources feedback first_wrong_step rule".split()
)
"""Fields that not every set has: a count of 0 may be a column that was not found."""


class Copies(msgspec.Struct, frozen=True):
    """Examples that give the same answer to the same question, by their ids.

    ``labels`` are what they say of it, in the same order.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    question: str
    answer: str


class Lengths(msgspec.Struct, frozen=True):
    """How long texts are, in characters or whatever unit the budget is in."""

    least: int
    median: float
    most: int


class Audit(msgspec.Struct, frozen=True):
    """What an audit finds; counts are of examples unless they say otherwise.

    ``duplicates`` have one label each, ``contradictions`` several. ``over_budget`` counts examples
    whose texts together, which a model would read and write, are longer than ``budget``.
    """

    examples: int
    questions: int
    sets: dict[str, int]
    tasks: dict[str, int]
    languages: dict[str, int]
    fields: dict[str, int]
    classes: dict[str, int]
    unlabelled: int
    largest_question: int
    answers: Lengths
    wholes: Lengths
    budget: int
    over_budget: int
    near_empty: tuple[str, ...]
    repeated_ids: tuple[str, ...]
    duplicates: tuple[Copies, ...]
    contradictions: tuple[Copies, ...]

    @property
    def superfluous(self) -> int:
        """How many examples could be left out without losing an answer."""
        return sum(len(copies.ids) - 1 for copies in self.duplicates)


def audit(
    examples: Sequence[Example], budget: int = 4096, length: Callable[[str], int] = len
) -> Audit:
    """Count and compare ``examples``; ``length`` measures a text in the unit of ``budget``."""
    questions = questions_of(examples)
    copies = [_described([examples[at] for at in same]) for same in _same(examples, questions)]
    wholes = [sum(length(text) for text in _texts(example)) for example in examples]
    ids = Counter((example.set, example.id) for example in examples)
    return Audit(
        examples=len(examples),
        questions=len(set(questions)),
        sets=_counts([example.set for example in examples]),
        tasks=_counts([example.task.value for example in examples]),
        languages=_counts([example.language for example in examples]),
        fields={name: count for name in _FIELDS if (count := _filled(examples, name))},
        classes=dict(classes_in(examples)),
        unlabelled=sum(grade_of(example) is None for example in examples),
        largest_question=max(Counter(questions).values(), default=0),
        answers=_lengths([length(example.text) for example in examples if example.text]),
        wholes=_lengths(wholes),
        budget=budget,
        over_budget=sum(whole > budget for whole in wholes),
        near_empty=tuple(example.id for example in examples if is_near_empty(example)),
        repeated_ids=tuple(name for (_, name), times in ids.items() if times > 1),
        duplicates=tuple(one for one in copies if len(set(one.labels)) == 1),
        contradictions=tuple(one for one in copies if len(set(one.labels)) > 1),
    )


def clean(examples: Sequence[Example]) -> list[Example]:
    """Return the examples without later duplicates, contradictions and near-empty answers."""
    left_out = {at for at, example in enumerate(examples) if is_near_empty(example)}
    for same in _same(examples, questions_of(examples)):
        disputed = len({_label(examples[at]) for at in same}) > 1
        left_out.update(same if disputed else same[1:])
    return [example for at, example in enumerate(examples) if at not in left_out]


def is_near_empty(example: Example) -> bool:
    """Whether a graded answer has fewer words than ``LEAST_WORDS``; choosing needs none."""
    graded = grade_of(example) is not None and not example.options
    words = [word for word in example.text.split() if any(map(str.isalnum, word))]
    return graded and len(words) < LEAST_WORDS[example.task]


def _same(examples: Sequence[Example], questions: Sequence[int]) -> list[list[int]]:
    """Return the places of each answer that is given more than once under the same criteria."""
    found: dict[Hashable, list[int]] = {}
    for at, one in enumerate(examples):
        answer = normalised(one.text or one.feedback or "")
        key = (questions[at], one.reference, one.rubric, one.options, answer)
        found.setdefault(key, []).append(at)
    return [places for places in found.values() if len(places) > 1]


def _described(same: Sequence[Example]) -> Copies:
    return Copies(
        ids=tuple(one.id for one in same),
        labels=tuple(_label(one) for one in same),
        question=same[0].question,
        answer=same[0].text or same[0].feedback or "",
    )


def _label(example: Example) -> str:
    """Return verdict and score in one word: a contradiction in either is one."""
    score = None if example.score is None else f"{example.score:g}"
    return " ".join(word for word in (example.verdict, score) if word)


def _texts(example: Example) -> list[str]:
    given = (example.question, example.reference, example.rubric, example.source, example.feedback)
    return [text for text in (*given, example.text, *example.options, *example.sources) if text]


def _filled(examples: Sequence[Example], name: str) -> int:
    return sum(getattr(example, name) not in (None, "", ()) for example in examples)


def _counts(values: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _lengths(values: Sequence[int]) -> Lengths:
    if not values:
        return Lengths(0, 0.0, 0)
    return Lengths(min(values), float(statistics.median(values)), max(values))
