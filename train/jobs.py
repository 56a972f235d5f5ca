"""What the training commands do: read or make work, fit or measure, write and print."""

import sys
from pathlib import Path

import msgspec
import numpy as np

from runtime.errors import BadInputError
from runtime.judge.embedded import MODEL_FILE, Features
from runtime.judge.encoder import Encoder
from runtime.locations import model_store
from runtime.marking.item import Task, parse_item
from train import calibrate
from train.essay_quality import fit_head, held_out, table
from train.essay_work import SIMULATED, Work, degraded, simulated
from train.graded import read_graded, read_rows

ESSAY_TEXTS = ("prometheus-rubric/vicuna_eval.jsonl",)
MATHS = ("gsm8k-model-solutions/data.jsonl", "math-verify-cases/data.jsonl")

CHUNK = 200
"""Texts whose token vectors are held at a time: some 100 MB."""


def fit_essays(data: Path, out: Path) -> None:
    """Fit the essay head and write it to ``out``; print how it orders what it never saw."""
    work = _essay_work(data)
    _say(f"essay-quality: {len(work):,} texts; some minutes for their vectors")
    with Encoder.open(model_store() / MODEL_FILE) as encoder:
        features = Features(encoder)
        chunks = [work[at : at + CHUNK] for at in range(0, len(work), CHUNK)]
        rows = np.concatenate([features.quality([w.case for w in chunk]) for chunk in chunks])
    sets = tuple(sorted({*_sets(ESSAY_TEXTS), *SIMULATED}))
    _write(out / "essay-quality.json", fit_head(rows, work, sets))
    sys.stdout.write(table(held_out(rows, work)) + "\n")


def _essay_work(data: Path) -> list[Work]:
    rows = [row for name in ESSAY_TEXTS for row in read_rows(data / name)]
    items = [parse_item(row | {"task": Task.ESSAY, "rubric": None}) for row in rows]
    return [*simulated(SIMULATED), *degraded(items)]


def write_calibration(data: Path, out: Path) -> None:
    """Measure the maths evidence and write its rates to ``out``."""
    right = frozenset({"correct", "1"})
    work = [g for name in MATHS for g in read_graded(data / name, right)]
    _say(f"calibration: {len(work):,} graded maths answers")
    _write(out / "calibration.json", calibrate.calibrate(work, _sets(MATHS)))


def _sets(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({name.partition("/")[0] for name in names}))


def _write(path: Path, content: msgspec.Struct) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}.", "Choose -o.") from None
    _say(f"wrote {path}")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
