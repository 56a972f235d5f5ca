"""The answers to a question of which it is known what the judge thought, and what was given.

    heard = Heard(asked.answers)
    heard.shares, heard.known()          [0.55, 0.40, 0.62], {1: 1.0}

Places are places among these answers, not among all: where code alone decided, nobody's opinion
can be built on.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runtime.desk.gathering import Marked
from runtime.desk.likeness import Likeness
from runtime.desk.opinions import Opinion, opinion
from runtime.marking.mark import Verdict

if TYPE_CHECKING:
    from runtime.marking.rescoring import Essays


class Heard:
    """``answers`` and their ``texts`` with the ``opinions`` of the judge.

    ``places`` are theirs among all answers.
    """

    def __init__(self, answers: Sequence[Marked]) -> None:
        """Ask each mark what the judge thought."""
        found = [(at, one, opinion(one.item, one.base)) for at, one in enumerate(answers)]
        heard = [(at, one, thought) for at, one, thought in found if thought]
        self.places: list[int] = [at for at, _one, _thought in heard]
        self.answers: list[Marked] = [one for _at, one, _thought in heard]
        self.opinions: list[Opinion] = [thought for _at, _one, thought in heard]
        self.texts: list[str] = [one.item.text for one in self.answers]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.answers)

    @property
    def shares(self) -> list[float]:
        """What the judge thought of each: the chance of being right, or the share of the points."""
        return [one.share for one in self.opinions]

    def known(self) -> dict[int, float]:
        """Return what the teacher gave in the terms of ``shares``, by place."""
        return {at: self.opinions[at].given(score) for at, score in self.points().items()}

    def points(self) -> dict[int, float]:
        """Return the points that the teacher gave, by place; what was left unmarked is no score."""
        given = ((at, one.given) for at, one in enumerate(self.answers))
        return {
            at: one.score
            for at, one in given
            if one and one.score is not None and one.verdict is not Verdict.UNMARKED
        }

    def essays(self, likeness: Likeness) -> "Essays":
        """Return them as essays, their meanings compared; may wait for the marking process."""
        from runtime.marking.rescoring import Essays  # noqa: PLC0415 - numpy takes its time

        words = [len(text.split()) for text in self.texts]
        return Essays(self.shares, words, likeness.centred(self.texts))
