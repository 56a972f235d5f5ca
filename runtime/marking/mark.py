"""Marks: what comes out for every row that went in."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """What a mark says in one word."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    UNMARKED = "unmarked"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One finding by code. ``span`` counts code points in ``Item.text``, end exclusive."""

    kind: str
    message: str
    span: tuple[int, int] | None = None
    step: int | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One row out. ``confidence`` is the calibrated probability that the verdict is right.

    ``distribution`` is how likely a language model found each verdict or score, empty where none
    was asked. ``judged``, in 0..1 and not rounded to the scale, is what another judge found: the
    chance that a short answer is right, the place of an essay on its scale; ``None`` where no such
    judge decided.

    ``first_wrong_step`` is 0-based, -1 where no step is wrong, ``None`` where steps were not
    assessed. ``provenance`` holds the SHA-256 of everything that made the mark.
    """

    id: str
    verdict: Verdict
    score: float | None
    max_score: float
    confidence: float
    needs_review: bool
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None
    misconception: str | None = None
    traits: dict[str, float] = {}
    feedback: str = ""
    hints: tuple[str, ...] = ()
    socratic_question: str | None = None
    citations: tuple[str, ...] = ()
    provenance: dict[str, str] = {}
    seconds: float = 0.0
    distribution: dict[str, float] = {}
    judged: float | None = None
