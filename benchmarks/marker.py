"""The embedded default from its committed adapter to 8 bits: how long, how large, and how often its
verdicts are those of the network that was trained.

    kindmark convert base --store BASE
    python -m benchmarks.marker --base BASE --data DATA     DATA holds scientsbank/train.jsonl
    python -m benchmarks.marker ... --json                  the figures as data

The network is transformers' BERT with peft's adapter, in torch and in 32 bits, on the base as it
was published. Every file marks the same first 1,000 answers with the same head.
"""

import argparse
import functools
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from convert.command import DEFAULT
from convert.embedded import fetch
from convert.embedded.build import build
from runtime.judge import catalogue
from runtime.judge.catalogue import Entry
from runtime.judge.embedded import Features
from runtime.judge.encoder import Encoder
from runtime.judge.features import RIGHT_WRONG, Floats
from runtime.judge.heads import Head, load_head
from runtime.locations import shipped_models
from runtime.marking.mark import Verdict
from train.bases import load_adapter, load_base
from train.data.schema import Example
from train.graded import Graded, read_graded
from train.marker import building
from train.marker.questions import gather
from train.recipe import load_recipe

ANSWERS = 1000


class Row(NamedTuple):
    """One file beside the network: size, share of equal verdicts, most a probability differs."""

    file: str
    megabytes: float
    agreement: float
    largest_difference: float


def main(argv: Sequence[str] | None = None) -> int:
    """Build into a folder of its own, mark, compare; print a table or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--base", type=Path, required=True, help="the base's published files")
    parser.add_argument("--data", type=Path, required=True, help="folder with scientsbank/")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    args = parser.parse_args(argv)
    entry = catalogue.read(shipped_models() / "catalogue.toml").named(DEFAULT)
    work = read_graded(args.data / "scientsbank/train.jsonl", frozenset({"correct"}))[:ANSWERS]
    head = load_head(shipped_models() / "right-wrong.json", "right_wrong", RIGHT_WRONG)
    with tempfile.TemporaryDirectory() as store:
        seconds, paths = _built(entry, args.base, Path(store))
        expected = head.probabilities(_in_torch(args.base, entry, work))
        rows = [_compared(path, head, work, expected) for path in paths]
    sys.stdout.write(_text(seconds, rows, as_json=args.json))
    return 0


def _built(entry: Entry, base: Path, store: Path) -> tuple[float, list[Path]]:
    if not entry.build:
        raise SystemExit(f"The catalogue does not say what {entry.name} is built from.")
    supply = functools.partial(fetch.from_path, base, entry.build)
    begun = time.perf_counter()
    paths = build(entry, store, supply, say=lambda line: None)
    return time.perf_counter() - begun, paths


def _in_torch(base: Path, entry: Entry, work: Sequence[Graded]) -> Floats:
    """Return the features of the answers as the trained network reads them."""
    recipe = load_recipe(entry.name)
    [stage] = recipe.stage
    folder = msgspec.structs.replace(recipe.base, folder=str(base))
    loaded = load_base(msgspec.structs.replace(recipe, base=folder), "embed", bits=16)
    network = building.build(loaded, recipe.adapter_of(stage), 1, 0.0, recipe.seed)
    load_adapter(network.encoder, shipped_models() / entry.name)
    examples = [_example(graded) for graded in work]
    questions = gather(examples, building.Tokenize(loaded, stage.training.max_tokens))
    return building.read(network, questions, len(examples))


def _example(graded: Graded) -> Example:
    item = graded.item
    return Example(
        id=item.id,
        set="scientsbank",
        group=graded.group,
        task=item.task,
        question=item.question,
        reference=item.reference,
        answer=item.answer,
        verdict=Verdict.CORRECT if graded.right else Verdict.INCORRECT,
    )


def _compared(path: Path, head: Head, work: Sequence[Graded], expected: Floats) -> Row:
    with Encoder.open(path) as encoder:
        found = head.probabilities(Features(encoder).right_wrong([one.item for one in work]))
    return Row(
        path.name,
        round(path.stat().st_size / 1e6, 1),
        float(np.mean((found >= 0.5) == (expected >= 0.5))),
        float(np.abs(found - expected).max()),
    )


def _text(seconds: float, rows: Sequence[Row], *, as_json: bool) -> str:
    if as_json:
        files = [row._asdict() for row in rows]
        return json.dumps({"seconds": seconds, "answers": ANSWERS, "files": files}, indent=1) + "\n"
    lines = [
        f"Merged, converted, quantized and checked in {seconds:.1f} s.",
        "",
        "| file | MB | verdicts as the network's | probability differs by at most |",
        "| --- | --- | --- | --- |",
        *(
            f"| {row.file} | {row.megabytes} | {row.agreement:.1%} | {row.largest_difference:.4f} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
