"""What the marking core asks of a judge, whichever model stands behind it.

found = Distribution(("correct", "partial", "incorrect"), (0.7, 0.2, 0.1))
found.mode, round(found.entropy, 2), round(found.margin, 2)     ("correct", 0.8, 0.5)
Distribution(("0", "1", "2"), (0.1, 0.2, 0.7)).expected()       1.6
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence


class Case(msgspec.Struct, frozen=True):
    """One answer as a judge sees it: what addresses the marker is cut out of the item's text."""

    item: Item
    evidence: tuple[Evidence, ...] = ()


class Distribution(msgspec.Struct, frozen=True):
    """How likely each label is: verdicts ("correct"), or scores and levels as numbers ("3").

    ``probabilities`` are in 0..1, in the order of ``labels``, and add up to 1.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]

    @property
    def mode(self) -> str:
        """The likeliest label; of equally likely ones the first."""
        return self.labels[self.probabilities.index(max(self.probabilities))]

    @property
    def entropy(self) -> float:
        """Shannon's entropy in nats: 0 where one label is certain, ``log(n)`` where none is
        likelier than another."""
        return -math.fsum(p * math.log(p) for p in self.probabilities if p > 0)

    @property
    def margin(self) -> float:
        """How much likelier the likeliest label is than the next; 1 if there is no other."""
        first, second, *_ = (*sorted(self.probabilities, reverse=True), 0.0)
        return first - second

    def expected(self, values: Sequence[float] | None = None) -> float:
        """Return the mean of ``values``, one a label; without any, of the labels as numbers."""
        numbers = values if values is not None else [float(label) for label in self.labels]
        return math.fsum(p * v for p, v in zip(self.probabilities, numbers, strict=True))

    def of(self, label: str) -> float:
        """Return the probability of a label, 0 for one that is not there."""
        return dict(zip(self.labels, self.probabilities, strict=True)).get(label, 0.0)


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A model's view of one answer.

    ``probability`` of being right is in 0..1 and calibrated; ``quality`` in 0..1 places an essay
    on its scale. A language model gives ``verdicts``, or ``scores`` on the item's scale, and
    ``trait_scores`` by criterion. What does not apply is ``None`` or empty.
    """

    probability: float | None = None
    quality: float | None = None
    verdicts: Distribution | None = None
    scores: Distribution | None = None
    trait_scores: dict[str, Distribution] = {}
    cuts: tuple[float, ...] = ()
    """Where the expected place of a label, 0 for the first, parts the labels; none: the likeliest
    label counts."""
    calibrated: bool = True
    """Whether the probabilities were ever held against teachers' marks."""
    near_tie: bool = False
    """Whether the two best verdicts are closer than what another layout of a batch may shift."""
    notes: tuple[str, ...] = ()
    """Sentences for the teacher, such as what of the answer the model did not read."""
    stage: str = ""
    """Which stage of a cascade judged; "" where there is only one."""
    made_by: dict[str, str] = {}
    """What made this judgement beside the judge's own provenance, such as an adapter's digest."""


class Judged(NamedTuple):
    """The judgement of one of several cases, by its place among them."""

    place: int
    judgement: Judgement


class Judge(Protocol):
    """Judges answers in batches; order is kept."""

    def close(self) -> None:
        """Free the model; a second call does nothing."""

    @property
    def provenance(self) -> dict[str, str]:
        """SHA-256 of the model, adapter and head behind every judgement."""

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Return one judgement a case. Raises ``ModelError`` if the model fails."""


@runtime_checkable
class ReadingJudge(Judge, Protocol):
    """A judge with a language model: it reads the evidence, hence maths, and tells as it goes."""

    def judge_each(self, cases: Sequence[Case]) -> Iterator[Judged]:
        """Yield every case's judgement once, as it comes. Raises ``ModelError`` as ``judge``."""


def judged_each(judge: Judge, cases: Sequence[Case]) -> Iterator[Judged]:
    """Yield the judgements of any judge, as they come."""
    if isinstance(judge, ReadingJudge):
        return judge.judge_each(cases)
    return map(Judged, range(len(cases)), judge.judge(cases))
