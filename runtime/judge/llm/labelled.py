"""Judged answers beside teachers' labels: what a model's probabilities are fitted to.

one = Answer(item, distribution, is_score=False, label=Verdict.CORRECT, question="q1")
Labels([one]).right(0)          which of the model's labels are like the teacher's
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.judge.llm.fits import Scaling
from runtime.marking.item import Item
from runtime.marking.judgement import Distribution
from runtime.marking.mark import Verdict
from runtime.marking.scores import Weighed, graded, weigh_scores, weigh_verdicts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST = 1e-300
"""Probability that counts as none: its logarithm is still a number."""


class Answer(NamedTuple):
    """A judged answer with its label: a verdict, or a score on the item's scale.

    ``found`` is over verdicts, or over scores if ``is_score``, as the model gives it.
    """

    item: Item
    found: Distribution
    is_score: bool
    label: Verdict | float
    question: str

    @property
    def logarithms(self) -> Floats:
        """The logarithms of the probabilities, ``(labels,)``."""
        return np.asarray(np.log(np.maximum(self.found.probabilities, LEAST)), np.float64)

    @property
    def verdict(self) -> Verdict:
        """What the teacher's label comes to."""
        label = self.label
        return label if isinstance(label, Verdict) else graded(self.item, label)

    def scaled(self, scaling: Scaling) -> Distribution:
        """Return the distribution at a temperature."""
        logs = self.logarithms / scaling.temperature
        odds = np.exp(logs - logs.max())
        return Distribution(self.found.labels, tuple(float(p) for p in odds / odds.sum()))

    def weighed(self, scaling: Scaling) -> Weighed:
        """Return the verdict and the score that a mark would get."""
        found, cuts = self.scaled(scaling), scaling.cuts_of(self.found.labels)
        weigh = weigh_scores if self.is_score else weigh_verdicts
        return weigh(self.item, found, cuts)

    def place(self, score: float) -> int:
        """Return the place of the label nearest to a score, of two the higher."""
        far = [(-abs(float(label) - score), float(label)) for label in self.found.labels]
        return far.index(max(far))


class Labels:
    """The labels of some answers, and what is like them.

    Where no answer is labelled partial, teachers told right from wrong alone: then what is neither
    counts as wrong. ``places`` are those of scores, empty where labels or replies are verdicts.
    """

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = answers
        self._merged = Verdict.PARTIAL not in {one.verdict for one in answers}
        self.verdicts = [one.verdict.value for one in answers]
        self.scale = max(len(one.found.labels) for one in answers)
        self.places = [
            one.place(one.label)
            for one in answers
            if one.is_score and not isinstance(one.label, Verdict)
        ]
        self.are_scores = len(self.places) == len(answers)

    @property
    def known(self) -> list[object]:
        """What is compared: places of scores, or else verdicts."""
        return [*(self.places if self.are_scores else self.verdicts)]

    @property
    def questions(self) -> int:
        """How many questions were answered."""
        return len({one.question for one in self.answers})

    def verdict(self, given: Verdict) -> str:
        """Return a verdict as labels would have it."""
        merged = self._merged and given is Verdict.PARTIAL
        return (Verdict.INCORRECT if merged else given).value

    def right(self, at: int) -> Flags:
        """Return which labels of the model are like the teacher's, ``(labels,)``."""
        one = self.answers[at]
        if self.are_scores:
            return np.array([place == self.places[at] for place in range(len(one.found.labels))])
        said = [self.verdict(_meant(one, label)) for label in one.found.labels]
        return np.array([label == self.verdicts[at] for label in said], np.bool_)


def _meant(one: Answer, label: str) -> Verdict:
    return graded(one.item, float(label)) if one.is_score else Verdict(label)
