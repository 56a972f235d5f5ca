"""Age bands: for whom words are chosen.

band_of_grade(2)      AgeBand "7-9"
"""

from enum import StrEnum

_LAST_YOUNG, _LAST_MIDDLE = 3, 6
"""Grades: children of 9 are in grade 3 or 4, those of 12 in grade 6 or 7 (US and Italy)."""


class Band(StrEnum):
    """A band of ages; the same words as in the records."""

    YOUNG = "7-9"
    MIDDLE = "10-12"
    OLDER = "13+"


def band_of_grade(grade: int | None) -> Band:
    """Return the band of a school year; the middle one where no grade is known."""
    if grade is None:
        return Band.MIDDLE
    if grade <= _LAST_YOUNG:
        return Band.YOUNG
    return Band.MIDDLE if grade <= _LAST_MIDDLE else Band.OLDER
