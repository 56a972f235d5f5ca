"""From which chance of being right on an answer earns half of its points: fitted and measured.

    python -m benchmarks.partial SAF.jsonl      rows in English with the labels correct, partially
                                                correct, incorrect; others are left out

What ``PARTLY_RIGHT_FROM`` in ``runtime/marking/decision.py`` rests on. The cut with the best
macro-F1 is fitted on four fifths of the questions and measured on the others, five times.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runtime.judge.embedded import load_judge
from runtime.marking.agreement import cohen_kappa, macro_f1
from runtime.marking.decision import PARTLY_RIGHT_FROM
from runtime.marking.item import Task, parse_item
from runtime.marking.judgement import Case
from train.graded import read_rows
from train.right_wrong import folds

LABELS = {"incorrect": 0, "partially correct": 1, "correct": 2}
RIGHT_FROM = 0.5
TRIED = np.arange(2, 50) / 100
BATCH = 200
"""Answers whose vectors are held at a time."""

Chances = NDArray[np.float64]
Verdicts = NDArray[np.int64]


def main(argv: Sequence[str] | None = None) -> int:
    """Judge, fit, measure; print the cuts and the agreement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("path", type=Path, help="graded short answers, JSONL")
    rows = [
        row
        for row in read_rows(parser.parse_args(argv).path)
        if row.get("lang", "en") == "en" and str(row["label"]).lower() in LABELS
    ]
    chances = _chances(rows)
    labels = np.array([LABELS[str(row["label"]).lower()] for row in rows], np.int64)
    groups = np.array([str(row["question_id"]) for row in rows])
    given, cuts = np.zeros(len(rows), np.int64), []
    for train, test in folds(groups):
        cuts.append(_best(chances[train], labels[train]))
        given[test] = _verdicts(chances[test], cuts[-1])
    whole = _verdicts(chances, PARTLY_RIGHT_FROM)
    thirds = _verdicts(chances, 0.25, right_from=0.75)
    sys.stdout.write(
        f"{len(rows):,} answers to {len(set(groups))} questions; cuts of the five folds: "
        f"{', '.join(f'{cut:.2f}' for cut in cuts)}\n\n"
        "| three verdicts | macro-F1 | kappa |\n| --- | --- | --- |\n"
        f"| {_row('in proportion to the chance', labels, thirds)}\n"
        f"| {_row('cut fitted to other questions', labels, given)}\n"
        f"| {_row(f'shipped cut, {PARTLY_RIGHT_FROM}', labels, whole)}\n"
    )
    return 0


def _chances(rows: Sequence[dict[str, object]]) -> Chances:
    named = ("id", "question", "reference", "answer")
    items = [
        parse_item({name: row[name] for name in named} | {"task": Task.SHORT_ANSWER})
        for row in rows
    ]
    found: list[float] = []
    with load_judge() as judge:
        for at in range(0, len(items), BATCH):
            cases = [Case(item) for item in items[at : at + BATCH]]
            found += [judged.probability or 0.0 for judged in judge.judge(cases)]
    return np.array(found)


def _verdicts(chances: Chances, partly_from: float, right_from: float = RIGHT_FROM) -> Verdicts:
    return (chances >= partly_from).astype(np.int64) + (chances >= right_from)


def _best(chances: Chances, labels: Verdicts) -> float:
    worth = [macro_f1(labels, _verdicts(chances, cut)) for cut in TRIED]
    return float(TRIED[int(np.argmax(worth))])


def _row(name: str, labels: Verdicts, given: Verdicts) -> str:
    return f"{name} | {macro_f1(labels, given):.3f} | {cohen_kappa(labels, given):.3f} |"


if __name__ == "__main__":
    sys.exit(main())
