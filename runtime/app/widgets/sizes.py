"""Sizes of files as people say them.

size_words(46_223_456)      "46 MB"
"""


def size_words(size: int) -> str:
    """Return bytes in decimal units, to two digits below ten of a unit."""
    number, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    return f"{number:.1f} {unit}" if unit != "B" and number < 10 else f"{number:.0f} {unit}"
