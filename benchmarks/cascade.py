"""From which confidence on the small encoder judges alone: chosen and measured.

    python -m benchmarks.cascade SCIENTSBANK.jsonl --encoder all-minilm-l6-v2-f16.gguf
    python -m benchmarks.cascade SCIENTSBANK.jsonl --encoder E.gguf --others SAF.jsonl BEETLE.jsonl

What ``ENCODER_FROM`` in ``runtime/judge/llm/cascade.py`` rests on: the least confidence from which
on verdicts agree with teachers as often as a language model is aimed to (``AIM``), at the lower end
of a 95 % bootstrap over questions. Heads and calibration are fitted to four fifths of the questions
and measured on the others, five times, over the published encoder, which saw no graded answer: the
shipped adapter saw this set and cannot choose. ``--others`` are judged by the shipped model.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.judge.embedded import Features, load_judge
from runtime.judge.encoder import Encoder
from runtime.judge.llm.cascade import ENCODER_FROM
from runtime.marking.item import Item, Task, parse_item
from runtime.marking.judgement import Case
from train.graded import read_rows
from train.right_wrong import cross_validate

AIM = 0.875
"""Share of right-or-wrong verdicts like the teacher's that goes with kappa 0.75, where both are as
frequent: what a trained language model is aimed at (GPT-4 reaches kappa 0.70 on UK pupils' short
answers and teachers among themselves 0.75 to 0.89: figures of the literature, not ours)."""

TRIED = np.arange(50, 100) / 100
RESAMPLED = 2_000
LEAST = 100
"""Fewer answers above a confidence say nothing about it."""

BATCH = 200


class Graded(NamedTuple):
    """Chances of being right ``(n,)``, teachers' verdicts ``(n,)`` and questions ``(n,)``."""

    chances: NDArray[np.float64]
    right: NDArray[np.bool_]
    groups: NDArray[np.str_]


def main(argv: Sequence[str] | None = None) -> int:
    """Choose on one set, show every set at that confidence and at the shipped one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("path", type=Path, help="graded short answers, JSONL")
    parser.add_argument("--encoder", type=Path, required=True, help="the published encoder, GGUF")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="sets to look at only")
    args = parser.parse_args(argv)
    graded = _out_of_fold(args.path, args.encoder)
    chosen = choose(graded)
    lines = [
        f"Least confidence with agreement of {AIM:g} or more at the lower end: {chosen}",
        f"Shipped: {ENCODER_FROM:g}",
        "",
        "| set | answers | agreement | judged alone | agreement there (95 %) | of the rest |",
        "| --- | --- | --- | --- | --- | --- |",
        _row(args.path.parent.name, graded),
        *(_row(path.parent.name, _judged(path)) for path in args.others),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def choose(graded: Graded) -> float | None:
    """Return the least confidence from which on the lower end of agreement reaches ``AIM``."""
    for least in TRIED:
        sure = _sure(graded, float(least))
        if sure.sum() >= LEAST and _bounds(graded, sure)[0] >= AIM:
            return float(least)
    return None


def _sure(graded: Graded, least: float) -> NDArray[np.bool_]:
    return np.asarray(np.maximum(graded.chances, 1 - graded.chances) >= least)


def _agrees(graded: Graded) -> NDArray[np.bool_]:
    return np.asarray((graded.chances >= 0.5) == graded.right)


def _bounds(graded: Graded, chosen: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the 95 % interval of agreement, resampling questions (Efron 1979)."""
    agrees, groups = _agrees(graded)[chosen], graded.groups[chosen]
    names, places = np.unique(groups, return_inverse=True)
    right, all_ = (np.bincount(places, weights=w) for w in (agrees, np.ones(len(agrees))))
    drawn = np.random.default_rng(0).integers(len(names), size=(RESAMPLED, len(names)))
    rates = right[drawn].sum(axis=1) / all_[drawn].sum(axis=1)
    low, high = np.quantile(rates, (0.025, 0.975))
    return float(low), float(high)


def _row(name: str, graded: Graded) -> str:
    sure, agrees = _sure(graded, ENCODER_FROM), _agrees(graded)
    low, high = _bounds(graded, sure) if sure.any() else (0.0, 0.0)
    there = agrees[sure].mean() if sure.any() else 0.0
    rest = agrees[~sure].mean() if (~sure).any() else 0.0
    return (
        f"| {name} | {len(sure):,} | {agrees.mean():.3f} | {sure.sum():,} ({sure.mean():.1%}) "
        f"| {there:.3f} ({low:.3f} to {high:.3f}) | {rest:.3f} |"
    )


def _out_of_fold(path: Path, encoder: Path) -> Graded:
    items, right, groups = _read(path)
    with Encoder.open(encoder) as opened:
        features = Features(opened)
        parts = [features.right_wrong(items[at : at + BATCH]) for at in range(0, len(items), BATCH)]
    found = cross_validate(np.concatenate(parts), right.astype(np.int64), groups)
    return Graded(found, right, groups)


def _judged(path: Path) -> Graded:
    items, right, groups = _read(path)
    chances: list[float] = []
    with load_judge() as judge:
        for at in range(0, len(items), BATCH):
            cases = [Case(item) for item in items[at : at + BATCH]]
            chances += [judgement.probability or 0.0 for judgement in judge.judge(cases)]
    return Graded(np.array(chances), right, groups)


def _read(path: Path) -> tuple[list[Item], NDArray[np.bool_], NDArray[np.str_]]:
    rows = [row for row in read_rows(path) if row.get("lang", "en") == "en"]
    named = ("id", "question", "reference", "answer")
    items = [
        parse_item({name: row[name] for name in named} | {"task": Task.SHORT_ANSWER})
        for row in rows
    ]
    right = np.array([str(row["label"]).lower() == "correct" for row in rows])
    return items, right, np.array([str(row.get("question_id") or row["question"]) for row in rows])


if __name__ == "__main__":
    sys.exit(main())
