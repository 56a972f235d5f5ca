"""Rubrics: what is looked for, how much it weighs, and what each score looks like."""

import msgspec


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is looked for; ``levels`` maps a score to the words that describe it."""

    name: str
    description: str = ""
    weight: float = 1.0
    levels: dict[int, str] = {}


class Rubric(msgspec.Struct, frozen=True, kw_only=True):
    """A named rubric. One without criteria is its description alone."""

    name: str
    description: str = ""
    criteria: tuple[Criterion, ...] = ()
