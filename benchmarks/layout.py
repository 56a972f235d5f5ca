"""How much the layout of a step moves logits, and by what: a class against each answer alone.

    python -m benchmarks.layout                     builds a model of six layers; a few minutes
    python -m benchmarks.layout --model F.gguf      the same with a model that is there
    python -m benchmarks.layout --answers 8 --json

Weights are random: how rounding spreads does not need trained ones, but how far it moves a trained
model's verdict may differ. Each line switches one thing. What is found: llama.cpp multiplies rows
in fours and what is left one by one; below 64 rows attention is added up in 16 bits; and flash
attention adds up over tiles of 64 cells, so that it matters where in a tile an answer begins. Each
moves a value by about 1e-7, which rounding activations to 8 bits (for 4- and 8-bit weights) makes
a hundred thousand times as much. With all three fixed the difference is 0, bit for bit; the last
one, a tile for every answer, costs too much, and answers are scored without it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.shapes import write_half
from benchmarks.vocabulary import learn, own_texts
from convert.quantize.quantize import quantize
from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import TILE, BranchContext, BranchLimits
from runtime.judge.engine import Model
from runtime.judge.tokens import Ids
from train.shapes import Shape

SHAPE = Shape(
    architecture="qwen2",
    layers=6,
    hidden=1024,
    intermediate=2816,
    heads=8,
    key_value_heads=2,
    head=128,
    vocabulary=4096,
)
"""Rows of whole blocks of 256, so that Q4_K_M is just that; small enough to try much."""

SHARED = 3 * TILE
"""Tokens that the answers share: whole tiles, so that tiles can be kept at all."""

LABELS = (400, 800, 1200)
"""Three tokens that stand for verdicts."""

FIRST_TOKENS = 300, 3000
STEP, SEQUENCES = 512, 64

Rows = dict[int, NDArray[np.float32]]


class Way(NamedTuple):
    """One way to compute: rows filled up, tiles kept, weights repacked, no flash nor 16-bit KV."""

    name: str
    fixed: bool = True
    tiles: bool = False
    repacked: bool = True
    exact: bool = False


WAYS = (
    Way("as it comes", fixed=False),
    Way("rows filled up"),
    Way("rows filled up, tiles kept", tiles=True),
    Way("not repacked, as it comes", fixed=False, repacked=False),
    Way("not repacked, rows filled up", repacked=False),
    Way("not repacked, rows and tiles", tiles=True, repacked=False),
    Way("no flash, KV in 32 bits", exact=True),
)


class Moved(NamedTuple):
    """What the class changes against each alone.

    The largest and the root mean square change of a logit, the largest of a verdict's probability
    and of the lead of the likeliest verdict before the second.
    """

    model: str
    way: str
    logit: float
    rms: float
    probability: float
    lead: float


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every way with every model and print a table."""
    args = _parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        models = args.model or build(Path(folder))
        found = [moved for path in models for moved in measure(path, args.answers, args.threads)]
    if args.json:
        print(json.dumps([one._asdict() for one in found], indent=2))
    else:
        print(_table(found))
    return 0


def build(
    folder: Path, shape: Shape = SHAPE, kinds: Sequence[str] = ("Q8_0", "Q4_K_M")
) -> list[Path]:
    """Write a random model in 16 bits and its quantizations, and return their paths."""
    half = folder / "F16.gguf"
    write_half(half, shape, learn(own_texts(()), shape.vocabulary))
    for kind in kinds:
        quantize(half, folder / f"{kind}.gguf", kind)
    return [half, *(folder / f"{kind}.gguf" for kind in kinds)]


def measure(path: Path, answers: int, threads: int | None = None) -> Iterator[Moved]:
    """Yield what each way moves with one model, in a class of so many answers, at most 30."""
    random = np.random.default_rng(1)
    shared = random.integers(*FIRST_TOKENS, SHARED).astype(np.int32)
    tails = [
        random.integers(*FIRST_TOKENS, size).astype(np.int32)
        for size in random.integers(60, 101, answers)
    ]
    for way in WAYS:
        with _opened(path, way, threads) as context:
            alone = {i: _rows(context, way, shared, {i: tail})[i] for i, tail in enumerate(tails)}
            together = _rows(context, way, shared, dict(enumerate(tails)))
        yield _moved(path.stem, way.name, alone, together)


@contextmanager
def _opened(path: Path, way: Way, threads: int | None) -> Iterator[BranchContext]:
    limits = BranchLimits(8192, SEQUENCES, step=STEP, threads=threads, exact=way.exact)
    with Model(path, repack=way.repacked) as model, BranchContext(model, limits) as context:
        yield context


def _rows(context: BranchContext, way: Way, shared: Ids, tails: dict[int, Ids]) -> Rows:
    """Read what is shared, then the tails in as few steps as hold them; return their last rows."""
    context.clear()
    context.read([Piece(0, shared)], fixed=way.fixed)
    found: Rows = {}
    step: list[Piece] = []
    for i, tail in tails.items():
        context.copy(0, 1 + i)
        if sum(len(p.ids) for p in step) + len(tail) + TILE > STEP:
            found |= _read(context, way, step)
            step = []
        step.append(Piece(1 + i, tail, SHARED, 1))
        if way.tiles:
            # Cells that nobody looks at, up to the next tile.
            filling = np.zeros(-len(tail) % TILE, np.int32)
            step += [Piece(1 + i + len(tails), filling)] if len(filling) else []
    return found | _read(context, way, step)


def _read(context: BranchContext, way: Way, step: Sequence[Piece]) -> Rows:
    rows = context.read(step, fixed=way.fixed)
    return dict(zip((p.sequence - 1 for p in step if p.wanted), rows, strict=True))


def _moved(model: str, way: str, alone: Rows, together: Rows) -> Moved:
    one = np.stack([alone[i] for i in sorted(alone)]).astype(np.float64)
    other = np.stack([together[i] for i in sorted(together)]).astype(np.float64)
    change = np.abs(one - other)
    first, second = _verdicts(one), _verdicts(other)
    leads = np.abs(_leads(first, first) - _leads(second, first))
    return Moved(
        model,
        way,
        float(change.max()),
        float(np.sqrt((change**2).mean())),
        float(np.abs(first - second).max()),
        float(leads.max()),
    )


def _verdicts(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    odds = np.exp(rows[:, LABELS] - rows[:, LABELS].max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _leads(found: NDArray[np.float64], order: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the label that is first by ``order`` is before the second."""
    places = np.argsort(-order, axis=1)[:, :2]
    best = np.take_along_axis(found, places, axis=1)
    return np.asarray(best[:, 0] - best[:, 1])


def _table(found: Sequence[Moved]) -> str:
    lines = [
        "| model | way | largest logit | rms | verdict's probability | lead |",
        "|---" * 6 + "|",
    ]
    lines += [
        f"| {one.model} | {one.way} | {one.logit:.2g} | {one.rms:.2g} | {one.probability:.2g} "
        f"| {one.lead:.2g} |"
        for one in found
    ]
    return "\n".join(lines)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--model", type=Path, action="append", help="a GGUF file (may be repeated)")
    parser.add_argument("--answers", type=int, default=30, help="in the class, at most 30")
    parser.add_argument("--threads", type=int, help="to compute with (default: all)")
    parser.add_argument("--json", action="store_true", help="print the figures as data")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
