"""What a screen shows of a session: frozen, so that it may be read in any thread."""

from enum import StrEnum

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Verdict
from runtime.records.store.rows import Answer
from runtime.study.card import Card


class Spot(StrEnum):
    """How far a question of the session is."""

    RIGHT = "right"
    PARTLY = "partly"
    AGAIN = "again"
    """Not right yet: something to come back to."""
    KEPT = "kept"
    """Answered, and not marked yet or left to the teacher."""
    OPEN = "open"
    AHEAD = "ahead"


class Kept(msgspec.Struct, frozen=True):
    """An answer that is on the disk; ``item`` is what a marker takes."""

    answer_id: int
    item_id: int
    item: Item


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """The question that is asked now.

    ``draft`` is the latest answer, ``unsent`` what was written after it and not handed in, "" if
    nothing was; ``waiting`` tells that the answer has no mark yet, ``card`` what its mark says.
    ``hints`` are those shown, ``more_hints`` counts those left, ``trail`` is the whole session.
    """

    number: int
    total: int
    item_id: int
    item: Item
    tries: int = 0
    draft: str = ""
    unsent: str = ""
    waiting: bool = False
    card: Card | None = None
    hints: tuple[str, ...] = ()
    more_hints: int = 0
    trail: tuple[Spot, ...] = ()


def spot_of(answer: Answer | None, verdict: Verdict | None) -> Spot:
    """Return how far a question is by its latest answer and that answer's verdict."""
    if answer is None:
        return Spot.OPEN
    found = {
        Verdict.CORRECT: Spot.RIGHT,
        Verdict.PARTIAL: Spot.PARTLY,
        Verdict.INCORRECT: Spot.AGAIN,
    }
    return found.get(verdict, Spot.KEPT) if verdict else Spot.KEPT
