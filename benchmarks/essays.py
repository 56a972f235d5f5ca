"""How well the embedded default orders essays, beside word count alone.

    python -m benchmarks.essays ESSAYS.jsonl PROMPTS.json --limit 100

ESSAYS.jsonl has one graded essay a row: ``answer``, ``label`` (a number) and ``question_ref``
("prompts.json/KEY"); PROMPTS.json maps KEY to the question, or to an object with
``prompt_question`` and ``prompt_text`` (the source that is summarised). Without prompts, a row
has its own ``question``, ``question_id`` and ``reference``, and a ``score`` in place of the label;
rows in another language than English (``lang``) are left out.
Scores of both ways are laid over the teachers' score distribution by rank, so that only the
order is compared; a level on the school's scale needs marked samples, which this does not use.
"""

import argparse
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.judge.embedded import load_judge
from runtime.marking import agreement, writing
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case, Judge

Floats = NDArray[np.float64]


def main(argv: list[str]) -> int:
    """Print one line a question and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("essays", type=Path)
    parser.add_argument("prompts", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=100, help="essays a question (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="which essays are drawn")
    options = parser.parse_args(argv)
    judge = load_judge()
    rows = []
    for name, work in by_question(options.essays).items():
        drawn = random.Random(options.seed).sample(work, min(options.limit, len(work)))
        prompt = prompt_of(options.prompts, name) if options.prompts else {}
        rows.append(_measure(name, [row | prompt for row in drawn], judge))
        _say(rows[-1])
    _say(("mean", sum(row[1] for row in rows), *np.mean([row[2:] for row in rows], axis=0)))
    return 0


def by_question(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the English rows of a file by their question."""
    found = defaultdict(list)
    for line in path.read_bytes().splitlines():
        row = msgspec.json.decode(line, type=dict[str, Any])
        if row.get("lang", "en") == "en":
            name = row.get("question_id") or str(row["question_ref"]).partition("/")[2]
            found[str(name)].append(row)
    return dict(sorted(found.items()))


def prompt_of(path: Path, name: str) -> dict[str, str]:
    """Return the question of that name, with the source that it is about if there is one."""
    prompt = msgspec.json.decode(path.read_bytes())[name]
    if isinstance(prompt, str):
        return {"question": prompt}
    return {"question": prompt["prompt_question"], "source": prompt["prompt_text"]}


Row = tuple[str, int, float, float, float, float]


def _measure(name: str, work: list[dict[str, Any]], judge: Judge) -> Row:
    labels = np.array([row.get("score", row["label"]) for row in work], np.float64)
    items = [
        Item(
            id=str(i),
            task=Task.ESSAY,
            question=row["question"],
            source=row.get("source"),
            reference=row.get("reference"),
            answer=row["answer"],
        )
        for i, row in enumerate(work)
    ]
    cases = [Case(item, writing.examine(item).evidence) for item in items]
    ours = np.array([j.quality or 0.0 for j in judge.judge(cases)])
    words = np.array([len(item.text.split()) for item in items], np.float64)
    return (
        name,
        len(work),
        _mapped_kappa(labels, ours),
        _mapped_kappa(labels, words),
        agreement.spearman(labels, ours),
        agreement.spearman(labels, words),
    )


def _mapped_kappa(labels: Floats, scores: Floats) -> float:
    """QWK after the scores took the teachers' distribution by rank; z-scores in tenths."""
    ranked = np.empty(len(labels))
    ranked[np.argsort(scores, kind="stable")] = np.sort(labels)
    whole = bool(np.all(labels == np.round(labels)))
    given, wanted = (np.round(x * (1 if whole else 10)).astype(int) for x in (ranked, labels))
    return agreement.quadratic_weighted_kappa(wanted, given, wanted.min(), wanted.max())


def _say(row: tuple[object, ...]) -> None:
    name, count, *figures = row
    ours, length, rank, rank_length = (f"{figure:6.3f}" for figure in figures)
    sys.stdout.write(
        f"{name:8} {count:5}  QWK {ours} (length {length})  rank {rank} (length {rank_length})\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
