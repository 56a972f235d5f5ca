"""What an answer is asked, and what the probabilities of the replies come to.

put = Put(place, item, asked, questions)
put.judged(group, [logarithms of each question])
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.errors import KindmarkError
from runtime.judge.decoding.scoring import TOLERANCE, distribution
from runtime.judge.llm.asking import Asked
from runtime.judge.llm.chat_model import Question
from runtime.judge.llm.fits import Scaling
from runtime.judge.llm.stages import Stage
from runtime.judge.llm.subjects import Group
from runtime.marking.item import Item
from runtime.marking.judgement import Distribution, Judgement
from runtime.marking.scores import steps

Floats = NDArray[np.float64]


class Put(NamedTuple):
    """Everything that one answer is asked, in words and in tokens: a verdict or score first."""

    place: int
    item: Item
    asked: tuple[Asked, ...]
    questions: tuple[Question, ...]

    @property
    def tail(self) -> int:
        """How many tokens have to be read of it that a class does not share."""
        first, *others = (question.prompt for question in self.questions)
        own = len(first.ids) - first.public
        # What asks for a criterion stands behind the answer, which is shared.
        return own + sum(max(0, len(other.ids) - len(first.ids)) for other in others)

    def judged(self, group: Group, found: Sequence[Floats]) -> Judgement:
        """Return the judgement; ``found`` has the logarithms of each question's labels."""
        scaling = group.scaling or Scaling()
        first, *traits = (
            _distribution(asked, logarithms, scaling.temperature)
            for asked, logarithms in zip(self.asked, found, strict=True)
        )
        main = self.asked[0]
        cuts = scaling.cuts_of(main.values)
        return Judgement(
            verdicts=first if main.kind == "verdict" else None,
            scores=first if main.kind == "score" else None,
            trait_scores={
                asked.about: trait for asked, trait in zip(self.asked[1:], traits, strict=True)
            },
            cuts=cuts,
            calibrated=group.scaling is not None,
            near_tie=self._is_near(first, found[0], cuts, scaling.temperature),
            notes=(*main.notes, *group.subject.notes),
            stage=Stage.MODEL.value,
            made_by=made_by(group),
        )

    def _is_near(
        self, found: Distribution, logarithms: Floats, cuts: Sequence[float], temperature: float
    ) -> bool:
        """Whether another layout of the batch might turn the verdict, or the score."""
        main = self.asked[0]
        if cuts:
            return is_near_cut(found, cuts, temperature)
        if main.kind == "score":
            return is_near_step(self.item, found, temperature)
        return is_near_tie(_distribution(main, logarithms, 1.0))


def refused(error: KindmarkError) -> Judgement:
    """Return the judgement of an answer that could not be asked about: the reason."""
    return Judgement(notes=tuple(filter(None, (error.message, error.remedy))))


def is_near_tie(plain: Distribution) -> bool:
    """Whether another layout of the batch might make another label the likeliest.

    ``plain`` is at a temperature of 1, where ``TOLERANCE`` was measured: a lower one widens the
    lead and leaves the order as it is.
    """
    return plain.margin < TOLERANCE


def is_near_step(item: Item, found: Distribution, temperature: float = 1.0) -> bool:
    """Whether another layout might round the expected score otherwise."""
    low, high = item.scale
    place = (found.expected() - low) / (high - low) * steps(item)
    return abs(place % 1 - 0.5) < _shift(temperature) * steps(item)


def is_near_cut(found: Distribution, cuts: Sequence[float], temperature: float = 1.0) -> bool:
    """Whether another layout might put the expected place of a label behind another cut."""
    last = len(found.labels) - 1
    place = found.expected(range(last + 1))
    return min(abs(place - cut) for cut in cuts) < _shift(temperature) * last


def _shift(temperature: float) -> float:
    """Return how far probabilities may move: the more, the further they are driven apart."""
    return TOLERANCE / min(temperature, 1.0)


def made_by(group: Group) -> dict[str, str]:
    """Return what a group's judgements stand on beside the base."""
    subject = group.subject
    found: Mapping[str, str] = {"adapter": subject.digest, "subject": subject.name}
    return {name: value for name, value in found.items() if value}


def _distribution(asked: Asked, logarithms: Floats, temperature: float) -> Distribution:
    shares = distribution(logarithms, temperature)
    return Distribution(asked.values, tuple(float(share) for share in shares))
