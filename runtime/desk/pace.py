"""How fast marking goes, and how long the rest takes.

    pace = Pace()
    pace.batch(Task.ESSAY, answers=32, seconds=40.0)
    pace.seconds_left({Task.ESSAY: 320})        400.0

An essay takes many times as long as a sum: each task has a pace of its own, the running median
over its latest batches, which one slow batch (a laptop that dozed off) does not move.
"""

from collections import deque
from collections.abc import Mapping
from statistics import median

from runtime.marking.item import Task

LATEST = 15
"""Batches that count: some minutes of a class with a language model."""


class Pace:
    """Seconds an answer, by task."""

    def __init__(self) -> None:
        self._seconds: dict[Task, deque[float]] = {}

    def batch(self, task: Task, answers: int, seconds: float) -> None:
        """Take note of a batch that was marked whole."""
        if answers:
            self._seconds.setdefault(task, deque(maxlen=LATEST)).append(seconds / answers)

    def seconds_left(self, remaining: Mapping[Task, int]) -> float | None:
        """Return how long the rest takes; ``None`` while nothing is known yet.

        A task of which nothing was marked yet counts as long as the slowest one that was.
        """
        known = {task: median(latest) for task, latest in self._seconds.items()}
        if not known:
            return None
        slowest = max(known.values())
        return sum(count * known.get(task, slowest) for task, count in remaining.items())

    def per_second(self) -> float | None:
        """Return how many answers a second the latest batches came to; ``None`` before any."""
        latest = [seconds for one in self._seconds.values() for seconds in one]
        return 1 / max(median(latest), 1e-6) if latest else None
