"""A match: the result of comparing one reading of the reference with one of the answer."""

import msgspec

from runtime.marking.maths.report import Outcome


class Match(msgspec.Struct, frozen=True):
    """How one value compares with another; ``notes`` are plain sentences."""

    outcome: Outcome
    notes: tuple[str, ...] = ()
    sure: bool = True


SAME = Match(Outcome.EQUAL)
OTHER = Match(Outcome.DIFFERENT)
RANK = {Outcome.EQUAL: 0, Outcome.WRONG_UNIT: 1, Outcome.DIFFERENT: 2}
