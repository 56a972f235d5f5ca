"""Splits by question: no question on both sides, classes as even as whole questions allow.

parts = split(examples, {"train": 0.9, "held_out": 0.1}, seed=0)
five = folds(examples, 5, seed=0)

Answers to one question share its words: a split by rows measures memory, not marking.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from runtime.errors import BadInputError
from train.data.classes import class_of
from train.data.groups import by_question
from train.data.schema import Example

Parts = dict[str, list[Example]]
"""Parts of a data set by name, in the order they were asked for."""


def split(
    examples: Sequence[Example],
    shares: Mapping[str, float],
    seed: int,
    labels: Sequence[str] = (),
) -> Parts:
    """Return parts of about ``shares`` of the examples (any positive numbers), each once.

    The largest questions are dealt first, each to the part that lacks most of its classes; a part
    is at most one question larger than its share. Examples keep their order. Raises
    ``BadInputError`` if there are fewer questions than parts.
    """
    questions = by_question(examples)
    if len(questions) < len(shares):
        raise BadInputError(
            f"{len(questions)} questions cannot be split into {len(shares)} parts.",
            "A question is never cut: bring more questions or ask for fewer parts.",
        )
    random.Random(seed).shuffle(questions)
    questions.sort(key=len, reverse=True)
    dealt = _Dealer(examples, shares, labels).deal(questions)
    places = {id(example): name for name, part in dealt.items() for example in part}
    parts: Parts = {name: [] for name in shares}
    for example in examples:
        parts[places[id(example)]].append(example)
    return parts


def folds(
    examples: Sequence[Example], count: int, seed: int, labels: Sequence[str] = ()
) -> list[list[Example]]:
    """Return ``count`` parts of about the same size for cross-validation by question."""
    parts = split(examples, {str(number): 1.0 for number in range(count)}, seed, labels)
    return list(parts.values())


class _Dealer:
    """Deals questions to parts and remembers what each part still lacks, class by class."""

    def __init__(
        self, examples: Sequence[Example], shares: Mapping[str, float], labels: Sequence[str]
    ) -> None:
        whole = sum(shares.values())
        counts = Counter(class_of(example, labels) for example in examples)
        self._labels = labels
        self._wanted = {
            part: {name: count * share / whole for name, count in counts.items()}
            for part, share in shares.items()
        }
        self._lacking = {part: dict(wanted) for part, wanted in self._wanted.items()}

    def deal(self, questions: Sequence[list[Example]]) -> Parts:
        """Return the questions of each part, none of them empty."""
        dealt: dict[str, list[list[Example]]] = {part: [] for part in self._wanted}
        for left, question in zip(range(len(questions), 0, -1), questions, strict=True):
            empty = [part for part, given in dealt.items() if not given]
            part = self._neediest(question, empty if left <= len(empty) else list(dealt))
            dealt[part].append(question)
            for example in question:
                self._lacking[part][class_of(example, self._labels)] -= 1
        return {part: [one for given in found for one in given] for part, found in dealt.items()}

    def _neediest(self, question: Sequence[Example], among: Sequence[str]) -> str:
        """Return the part, of those with room, that lacks most of this question's classes."""
        room = {part: sum(self._lacking[part].values()) for part in among}
        most = max(room.values())
        # Half a question over is as near to the share as half a question under.
        fits = [part for part in among if room[part] >= min(most, len(question) / 2)]
        counts = Counter(class_of(example, self._labels) for example in question)
        return max(fits, key=lambda part: self._need(part, counts))

    def _need(self, part: str, counts: Mapping[str | None, int]) -> float:
        """Return the share of what ``part`` wants that is lacking, weighted by ``counts``."""
        lacking, wanted = self._lacking[part], self._wanted[part]
        return sum(count * lacking[name] / wanted[name] for name, count in counts.items())
