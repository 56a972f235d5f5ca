"""Chooses threads and tokens a step by measuring, with a probe on this machine.

    with Model(probe) as model:
        chosen = tune(model, say=print)

What is timed is a class in small: reading, and writing in eight sequences at once. Every round
times every way once, so that a noisy machine slows them all alike.
"""

import statistics
from collections.abc import Callable, Sequence

from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.engine import Model, default_threads
from runtime.judge.measure.speed import pp, tg
from runtime.judge.measure.spread import seconds
from runtime.judge.measure.tuned import Tuned

STEPS = (128, 256, 512, 1024)
ROUNDS = 3
_READ, _WRITE, _SEQUENCES = 1024, 4, 8
_CLOSE = 1.03
"""What is this near to the fastest is as fast; the smaller step takes less memory."""


def tune(model: Model, say: Callable[[str], None], rounds: int = ROUNDS) -> Tuned:
    """Return the fastest of a few numbers of threads, then of a few sizes of a step."""
    counts = thread_counts(default_threads())
    if len(counts) > 1:
        say(f"trying {', '.join(map(str, counts))} threads")
    threads = best(model, [Tuned(count) for count in counts], rounds).threads
    say(f"trying steps of {', '.join(map(str, STEPS))} tokens")
    return best(model, [Tuned(threads, step) for step in STEPS], rounds)


def thread_counts(cores: int) -> list[int]:
    """Return how many threads are worth trying: fewer where cores share their arithmetic units."""
    return sorted({cores, max(1, 3 * cores // 4), max(1, cores // 2)} if cores > 2 else {cores})


def best(model: Model, ways: Sequence[Tuned], rounds: int) -> Tuned:
    """Return the first of the ways that is as good as the fastest; ``ways`` go from small up."""
    if len(ways) == 1:
        return ways[0]
    times: dict[Tuned, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, found in times.items():
            found.append(_seconds(model, way))
    medians = {way: statistics.median(found) for way, found in times.items()}
    fastest = min(medians.values())
    return next(way for way, median in medians.items() if median <= _CLOSE * fastest)


def _seconds(model: Model, chosen: Tuned) -> float:
    limits = BranchLimits(_READ, _SEQUENCES, step=chosen.step, threads=chosen.threads)
    with BranchContext(model, limits) as context:
        # What is touched first costs time of its own.
        tg(context, 1)
        return seconds(lambda: _class_in_small(context))


def _class_in_small(context: BranchContext) -> None:
    pp(context, _READ)
    tg(context, _WRITE, _SEQUENCES)
