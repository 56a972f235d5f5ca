"""What llama.cpp's own order of quantized weights costs and gains here, beside the file's order.

    python -m benchmarks.repacking MODEL.gguf
    python -m benchmarks.repacking MODEL.gguf --repeats 5 --threads 2

Both are loaded in turn and measured alternately: a step of 480 tokens after 400 shared ones, one
token each of 30 sequences, and one token alone. Seconds are wall time, the best of the repeats.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.engine import Model, default_threads

SHARED, TAIL, ANSWERS = 400, 80, 30
LIMITS = BranchLimits(4096, ANSWERS + 2)


class Spent(NamedTuple):
    """Seconds for a step of six tails, for a token each of 30 sequences, and for one token."""

    tails: float
    each: float
    one: float


def main(argv: Sequence[str]) -> int:
    """Print a line for each order and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=default_threads())
    options = parser.parse_args(argv)
    found: dict[bool, list[Spent]] = {False: [], True: []}
    for _ in range(options.repeats):
        for repack in found:
            with Model(options.model, repack=repack) as model:
                found[repack] += _measured(model, options.threads)
    best = {repack: Spent(*np.min(spent, axis=0)) for repack, spent in found.items()}
    _say("order", "480 tokens s", "30 x 1 token s", "1 token s")
    _say("as in the file", *(f"{value:.3f}" for value in best[False]))
    _say("copied", *(f"{value:.3f}" for value in best[True]))
    ratios = (copied / own for own, copied in zip(best[False], best[True], strict=True))
    _say("copied / file", *(f"{value:.2f}" for value in ratios))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"peak memory of both in turn: {peak:,} MB\n")
    return 0


def _measured(model: Model, threads: int) -> Iterator[Spent]:
    tails = np.random.default_rng(0).integers(0, model.vocabulary // 2, (6, TAIL)).astype(np.int32)
    shared = np.arange(SHARED, dtype=np.int32)
    with BranchContext(model, LIMITS._replace(threads=threads)) as context:
        context.read([Piece(0, shared)])
        for sequence in range(1, ANSWERS + 1):
            context.copy(0, sequence)
        at = SHARED
        six = [Piece(i + 1, tail, at, 1) for i, tail in enumerate(tails)]
        first = _timed(context, six)
        thirty = [Piece(i + 1, [5], at + TAIL * (i < len(tails)), 1) for i in range(ANSWERS)]
        _timed(context, thirty)
        second = _timed(context, [piece._replace(start=piece.start + 1) for piece in thirty])
        third = _timed(context, [Piece(1, [5], at + TAIL + 2, 1)])
        yield Spent(first, second, third)


def _timed(context: BranchContext, pieces: Sequence[Piece]) -> float:
    start = time.perf_counter()
    context.read(pieces)
    return time.perf_counter() - start


def _say(*cells: str) -> None:
    sys.stdout.write("".join(f"{cell:>18}" for cell in cells) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
