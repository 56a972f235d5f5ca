"""What an answer is asked, and what the probabilities of the replies come to.

put = Put(place, item, asked, questions)
put.judged(group, [logarithms of each question])
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.errors import KindmarkError
from runtime.judge.catalogue import Trained
from runtime.judge.decoding.scoring import TOLERANCE, distribution
from runtime.judge.llm.asking import Asked
from runtime.judge.llm.chat_model import Question
from runtime.judge.llm.stages import Stage
from runtime.judge.llm.subjects import Group
from runtime.judge.prompt import contract_digest
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
        trained = group.subject.trained
        calibrated = is_calibrated(trained, group.name)
        temperature = trained.temperature if trained and calibrated else 1.0
        first, *traits = (
            _distribution(asked, logarithms, temperature)
            for asked, logarithms in zip(self.asked, found, strict=True)
        )
        main = self.asked[0]
        return Judgement(
            verdicts=first if main.kind == "verdict" else None,
            scores=first if main.kind == "score" else None,
            trait_scores={
                asked.about: trait for asked, trait in zip(self.asked[1:], traits, strict=True)
            },
            calibrated=calibrated,
            near_tie=is_near_tie(self.item, first, is_score=main.kind == "score"),
            notes=(*main.notes, *group.subject.notes),
            stage=Stage.MODEL.value,
            made_by=made_by(group),
        )


def refused(error: KindmarkError) -> Judgement:
    """Return the judgement of an answer that could not be asked about: the reason."""
    return Judgement(notes=tuple(filter(None, (error.message, error.remedy))))


def is_calibrated(trained: Trained | None, name: str) -> bool:
    """Whether probabilities were fitted to labels, for this prompt and in these very words.

    A temperature of just 1 is what a model has that was never fitted.
    """
    return (
        trained is not None
        and trained.temperature != 1.0
        and trained.prompt == name
        and same_words(trained)
    )


def same_words(trained: Trained | None) -> bool:
    """Whether a model was trained with the very words that it is asked with."""
    return trained is not None and trained.contract == contract_digest()


def is_near_tie(item: Item, found: Distribution, *, is_score: bool) -> bool:
    """Whether another layout of the batch might turn the verdict, or round the score otherwise."""
    if not is_score:
        return found.margin < TOLERANCE
    low, high = item.scale
    place = (found.expected() - low) / (high - low) * steps(item)
    return abs(place % 1 - 0.5) < TOLERANCE * steps(item)


def made_by(group: Group) -> dict[str, str]:
    """Return what a group's judgements stand on beside the base."""
    subject = group.subject
    found: Mapping[str, str] = {"adapter": subject.digest, "subject": subject.name}
    return {name: value for name, value in found.items() if value}


def _distribution(asked: Asked, logarithms: Floats, temperature: float) -> Distribution:
    shares = distribution(logarithms, temperature)
    return Distribution(asked.values, tuple(float(share) for share in shares))
