"""When Python looks for garbage: a little all the time, all of it while nobody types.

    begin()                      once the first screen stands
    collect(idle=4.0)            now and then; ``idle``: seconds since a key or the mouse was heard

A full collection takes 50 to 300 ms once some screens were opened and left: far longer than any
other turn of the loop (``python -m benchmarks.app --screens`` shows the longest).
"""

import gc

_LITTLE = 700, 10, 1_000_000
"""Allocations, and passes over the young, until the older are looked through; the last is never."""
_IDLE_SECONDS = 3.0
_WORTH_IT, _TOO_MUCH = 20, 5_000
"""Passes over the young since all was looked through: below the first little can have come
together, above the second (some millions of objects) memory matters more than a moment's wait."""


def begin() -> None:
    """Leave what was imported alone for good, and look through what is made later bit by bit."""
    gc.freeze()
    gc.set_threshold(*_LITTLE)


def collect(idle: float) -> bool:
    """Look for all garbage if it is worth it and disturbs nobody; return whether it was done."""
    passes = gc.get_count()[2]
    if passes < _WORTH_IT or (idle < _IDLE_SECONDS and passes < _TOO_MUCH):
        return False
    gc.collect()
    return True
