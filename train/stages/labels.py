"""Figures of labels a model chose between, for sft and classify alike.

evaluate_labels(probabilities, ["0", "1", "2"], right, examples)     {"labels": ..., "scores": ...}
"""

from collections.abc import Sequence

from train.data.schema import Example
from train.evaluation import Evaluation, evaluate_classification, evaluate_scores
from train.stages.inference import Floats


def evaluate_labels(
    chances: Floats, labels: Sequence[str], right: Sequence[int], examples: Sequence[Example]
) -> dict[str, Evaluation]:
    """Return the evaluation of probabilities, shape (rows, labels); of scores too if they are.

    ``right`` are places in ``labels``.
    """
    groups = [example.group for example in examples]
    found = {"labels": evaluate_classification(right, chances, labels, groups, examples)}
    if all(label.isdecimal() for label in labels):
        scores = [float(label) for label in labels]
        given = [scores[at] for at in chances.argmax(axis=1)]
        teachers = [scores[at] for at in right]
        found["scores"] = evaluate_scores(teachers, given, (scores[0], scores[-1]), groups)
    return found
