"""What the marking core asks of a judge, whichever model stands behind it."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from runtime.marking.item import Item


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A model's view of one answer.

    ``probability`` of being right is in 0..1 and calibrated; ``quality`` in 0..1 places an essay
    on its scale; ``spread`` is the standard error of ``quality``. What does not apply is ``None``.
    """

    probability: float | None = None
    quality: float | None = None
    spread: float | None = None
    traits: dict[str, float] = {}


class Judge(Protocol):
    """Judges answers in batches; order is kept."""

    @property
    def provenance(self) -> dict[str, str]:
        """SHA-256 of the model, adapter and head behind every judgement."""

    def judge(self, items: Sequence[Item]) -> list[Judgement]:
        """Return one judgement an item. Raises ``ModelError`` if the model fails."""
