"""What the marking core asks of a judge, whichever model stands behind it."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence


class Case(msgspec.Struct, frozen=True):
    """One answer as a judge sees it: what addresses the marker is cut out of the item's text."""

    item: Item
    evidence: tuple[Evidence, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A model's view of one answer.

    ``probability`` of being right is in 0..1 and calibrated; ``quality`` in 0..1 places an essay
    on its scale. What does not apply is ``None``.
    """

    probability: float | None = None
    quality: float | None = None
    traits: dict[str, float] = {}


class Judge(Protocol):
    """Judges answers in batches; order is kept."""

    def close(self) -> None:
        """Free the model; a second call does nothing."""

    @property
    def provenance(self) -> dict[str, str]:
        """SHA-256 of the model, adapter and head behind every judgement."""

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Return one judgement a case. Raises ``ModelError`` if the model fails."""
