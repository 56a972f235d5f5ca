"""How well the marker agrees with teachers on questions it has not seen, before and after training.

right, groups = labels(questions, rows=len(examples))
before, after = evaluated(Read(frozen, adapted), right, groups, examples)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from runtime.judge.features import Floats
from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.evaluation import Evaluation, evaluate_classification
from train.marker.questions import Question
from train.right_wrong import Groups, Labels, cross_validate

CLASSES = (Verdict.INCORRECT.value, Verdict.CORRECT.value)


class Read(NamedTuple):
    """Features of every answer, ``(rows, len(RIGHT_WRONG))``: by the encoder as it was published,
    and by adapted ones that never saw the answer's question."""

    frozen: Floats
    adapted: Floats


def labels(questions: Sequence[Question], rows: int) -> tuple[Labels, Groups]:
    """Return right (1) or wrong (0) and the question of every answer, both ``(rows,)``."""
    right = np.zeros(rows, np.int64)
    groups = np.zeros(rows, object)
    for question in questions:
        right[list(question.places)] = [one.right for one in question.answers]
        groups[list(question.places)] = question.group
    return right, groups.astype(np.str_)


def evaluated(
    read: Read, right: Labels, groups: Groups, examples: Sequence[Example]
) -> tuple[Evaluation, Evaluation]:
    """Return the agreement of a head on frozen and one on adapted features; what a head is measured
    on, it was not fitted to."""

    def agreement(features: Floats) -> Evaluation:
        chances = cross_validate(features, right, groups)
        pairs = np.stack([1 - chances, chances], axis=1)
        return evaluate_classification(right.tolist(), pairs, CLASSES, groups.tolist(), examples)

    return agreement(read.frozen), agreement(read.adapted)
