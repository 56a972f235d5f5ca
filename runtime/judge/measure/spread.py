"""Repeated measurements as a median and how far they lie apart.

    times = repeated(work, repeats=5)
    Spread.of([512 / seconds for seconds in times])

Machines are shared and noisy: a single time says little, and a mean is moved by one slow round.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Self

import msgspec


class Spread(msgspec.Struct, frozen=True):
    """The median of ``count`` measurements, the least and the greatest of them."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Sum up measurements; there must be one at least."""
        return cls(statistics.median(values), min(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of the measurements do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(1000 * share) * len(ordered) // 1000) - 1)]


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def repeated(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the seconds of so many rounds, after one that warms caches up and is not counted."""
    work()
    return [seconds(work) for _ in range(repeats)]
