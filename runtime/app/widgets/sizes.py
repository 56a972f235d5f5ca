"""Sizes of files as people say them.

size_words(46_223_456)      "46 MB"
"""

from runtime.words import number


def size_words(size: int) -> str:
    """Return bytes in decimal units, to two digits below ten of a unit."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{number(amount, '.1f' if unit != 'B' and amount < 10 else '.0f')} {unit}"
