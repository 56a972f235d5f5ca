"""Graded answers gathered by question, as the marker is trained on them.

    questions = gather(examples, tokenize)
    asked = draw(question, Draw(answers=24, other_reference=0.5))

A training row is a question: its reference with some of its answers. Half the time another
pupil's right answer stands in for the reference, which shows the model many more ways to say
the right thing than there are references.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from runtime.marking.mark import Verdict
from runtime.marking.writing.overlap import compare
from train.data.schema import Example

Ids = tuple[int, ...]
Floats = NDArray[np.float64]

LEAST_TO_COPY = 4
"""Right answers a question must have before one stands in for the reference: else it would be
the only thing to find."""

LEAST_WORDS = 5
"""Words a right answer must have to stand in: "Sammy's" is right beside its question only."""


class Answer(msgspec.Struct, frozen=True):
    """One answer: its text, token ids with [CLS] and [SEP], overlap ``(12,)`` and verdict."""

    text: str
    ids: Ids
    overlap: Floats
    right: bool


class Question(msgspec.Struct, frozen=True):
    """One question with all its answers; ``row`` numbers it among the questions, and those of one
    ``group`` are held out together."""

    row: int
    group: str
    text: str
    ids: Ids
    reference: str
    reference_ids: Ids
    language: str
    answers: tuple[Answer, ...]
    places: tuple[int, ...]
    """Where each answer stood among the examples."""


class Asked(msgspec.Struct, frozen=True):
    """What the model is asked at once: answers to one question against one reference."""

    row: int
    question: Ids
    reference: Ids
    answers: tuple[Ids, ...]
    overlap: Floats
    right: NDArray[np.float32]


class Draw(msgspec.Struct, frozen=True):
    """How a training row is drawn: at most ``answers``; ``other_reference`` is a share."""

    answers: int
    other_reference: float


def gather(examples: Sequence[Example], tokenize: Callable[[str], Ids]) -> list[Question]:
    """Return the questions in order of appearance; examples without reference are left out."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for place, one in enumerate(examples):
        if one.reference and one.verdict:
            found.setdefault((one.group, one.question, one.reference), []).append(place)
    return [
        _question(row, [examples[at] for at in places], places, tokenize)
        for row, places in enumerate(found.values())
    ]


def _question(
    row: int, answers: list[Example], places: list[int], tokenize: Callable[[str], Ids]
) -> Question:
    first = answers[0]
    reference = first.reference or ""
    return Question(
        row=row,
        group=first.group,
        text=first.question,
        ids=tokenize(first.question),
        reference=reference,
        reference_ids=tokenize(reference),
        language=first.language,
        answers=tuple(
            Answer(
                one.text,
                tokenize(one.text),
                overlap(first.question, reference, one.text, first.language),
                one.verdict is Verdict.CORRECT,
            )
            for one in answers
        ),
        places=tuple(places),
    )


def overlap(question: str, reference: str, answer: str, language: str) -> Floats:
    """Return the word features of an answer, shape ``(12,)``."""
    return np.array(msgspec.structs.astuple(compare(question, reference, answer, language)))


def whole(question: Question) -> Asked:
    """Return all answers against the true reference: what is measured."""
    return _asked(question, question.answers)


def draw(question: Question, how: Draw) -> Asked:
    """Return a training row, drawn with torch's generator so that a resumed run draws the same."""
    order = torch.randperm(len(question.answers)).tolist()
    # A number is drawn either way: what follows must not depend on the question.
    other = torch.rand(()).item() < how.other_reference
    standing_in = _stand_in(question, order) if other else None
    if standing_in is None:
        return _asked(question, [question.answers[at] for at in order[: how.answers]])
    taken = question.answers[standing_in]
    kept = [question.answers[at] for at in order if at != standing_in][: how.answers]
    compared = [
        msgspec.structs.replace(
            one, overlap=overlap(question.text, taken.text, one.text, question.language)
        )
        for one in kept
    ]
    return msgspec.structs.replace(_asked(question, compared), reference=taken.ids)


def _stand_in(question: Question, order: Sequence[int]) -> int | None:
    """Return the first right answer in ``order`` that is long enough, if there are enough."""
    right = [
        at
        for at in order
        if question.answers[at].right and len(question.answers[at].text.split()) >= LEAST_WORDS
    ]
    return right[0] if len(right) >= LEAST_TO_COPY else None


def _asked(question: Question, answers: Sequence[Answer]) -> Asked:
    return Asked(
        row=question.row,
        question=question.ids,
        reference=question.reference_ids,
        answers=tuple(one.ids for one in answers),
        overlap=np.array([one.overlap for one in answers]),
        right=np.array([one.right for one in answers], np.float32),
    )
