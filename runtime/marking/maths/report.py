"""The report of an examination: the final answer, how it compares, and which line is wrong."""

from enum import StrEnum

import msgspec

from runtime.marking.mark import Evidence


class Outcome(StrEnum):
    """How a child's final answer compares with the reference."""

    EQUAL = "equal"
    WRONG_FORM = "wrong_form"
    """The value is equal, the form that was asked for is missed (6/8 for 3/4)."""
    WRONG_UNIT = "wrong_unit"
    """The number is equal, the unit is another one (12 kg for 12 cm)."""
    DIFFERENT = "different"
    UNREADABLE = "unreadable"
    """No final answer could be read."""
    NO_REFERENCE = "no_reference"


class FinalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A child's final answer; ``span`` counts code points in ``Item.text``, end exclusive."""

    text: str
    span: tuple[int, int]
    step: int | None
    reading: str


class MathsReport(msgspec.Struct, frozen=True, kw_only=True):
    """What code alone can tell about one answer in maths.

    ``first_wrong_step`` is 0-based, -1 where every checked line holds, ``None`` where no line
    could be checked. ``sure`` is false where a reading was ambiguous, where several final
    answers stand, or where the checker gave no verdict. ``reasons`` are for a teacher.
    """

    outcome: Outcome
    answer: FinalAnswer | None = None
    reference_reading: str | None = None
    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None
    sure: bool = True
    reasons: tuple[str, ...] = ()
