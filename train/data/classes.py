"""The class of an example: its verdict, or its score as a label.

class_of(example)                             "correct", or "3" where there is only a score
class_of(example, ("incorrect", "correct"))   None if it is neither
class_of(example, ("0", "1", "2"))            the nearest score
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from train.data.schema import Example


def class_of(example: Example, labels: Sequence[str] = ()) -> str | None:
    """Return the class, one of ``labels`` if there are any; None where none of them fits.

    Numbers as labels are scores, rounded half up; words are verdicts. A score on its own is the
    verdict correct at the top of its scale, incorrect at the bottom, else partial.
    """
    if not labels:
        return example.verdict.value if example.verdict else _score_name(example.score)
    found = _rounded(example.score) if _are_scores(labels) else _verdict(example)
    return found if found in labels else None


def classes_in(examples: Iterable[Example], labels: Sequence[str] = ()) -> Counter[str]:
    """Count the classes of those examples that have one; names sorted, numbers as numbers."""
    found = Counter(name for name in (class_of(one, labels) for one in examples) if name)
    return Counter({name: found[name] for name in sorted(found, key=_order)})


def require_classes(examples: Sequence[Example], labels: Sequence[str], where: str) -> None:
    """Raise ``BadInputError`` unless there are two classes and each of ``labels`` occurs.

    A score that none of ``labels`` stands for is refused too: the scale is another one.
    """
    _refuse_scores_beyond(examples, labels, where)
    found = classes_in(examples, labels)
    if not found:
        among = f" among {', '.join(labels)}" if labels else ""
        raise BadInputError(
            f"{where}: no example has a label{among}.",
            "Map the field that holds it, for instance: --field label=THEIRS.",
        )
    if len(found) == 1:
        raise BadInputError(
            f"{where}: all {found.total()} examples are of one class, {next(iter(found))!r}.",
            "Add work of another class: nothing can be learned from one alone.",
        )
    missing = [label for label in labels if label not in found]
    if missing:
        raise BadInputError(
            f"{where}: no example is of the class {missing[0]!r}.",
            f"Add some, or take it out of the labels; there are: {', '.join(found)}.",
        )


def grade_of(example: Example) -> float | None:
    """Return how good an answer is, 0 to 1: its score as a share of its scale, else its verdict."""
    if example.score is not None:
        low, high = example.scale
        return (example.score - low) / (high - low)
    return _GRADES.get(example.verdict) if example.verdict else None


_GRADES = {Verdict.CORRECT: 1.0, Verdict.PARTIAL: 0.5, Verdict.INCORRECT: 0.0}


def _are_scores(labels: Sequence[str]) -> bool:
    return all(label.lstrip("-").isdecimal() for label in labels)


def _refuse_scores_beyond(examples: Sequence[Example], labels: Sequence[str], where: str) -> None:
    if not labels or not _are_scores(labels):
        return
    for one in examples:
        if one.score is not None and class_of(one, labels) is None:
            raise BadInputError(
                f"{where}: the score {one.score:g} of {one.set} {one.id} is out of range: "
                f"the labels are {', '.join(labels)}.",
                "Bring the scores to the scale of the labels, or change the labels.",
            )


def _verdict(example: Example) -> str | None:
    if example.verdict:
        return example.verdict.value
    grade = grade_of(example)
    if grade is None:
        return None
    ends = {0.0: Verdict.INCORRECT, 1.0: Verdict.CORRECT}
    return ends.get(grade, Verdict.PARTIAL).value


def _score_name(score: float | None) -> str | None:
    return None if score is None else f"{score:g}"


def _rounded(score: float | None) -> str | None:
    return None if score is None else str(math.floor(score + 0.5))


def _order(name: str) -> tuple[float, str]:
    try:
        return float(name), ""
    except ValueError:
        return math.inf, name
