"""What the training commands do: read graded work, fit or measure, write or print."""

import sys
from pathlib import Path

import msgspec
import numpy as np

from runtime.judge.embedded import MODEL_FILE, Features
from runtime.judge.encoder import Encoder
from runtime.judge.features import Floats
from runtime.judge.heads import Head
from runtime.locations import model_store
from runtime.marking.item import Task, parse_item
from train import calibrate, essay_quality, report, right_wrong
from train.graded import read_graded, read_rows
from train.right_wrong import Groups, Labels

SHORT_ANSWERS = ("scientsbank/train.jsonl",)
ESSAY_TEXTS = ("prometheus-rubric/vicuna_eval.jsonl",)
MATHS = ("gsm8k-model-solutions/data.jsonl", "math-verify-cases/data.jsonl")


def fit_heads(data: Path, out: Path) -> None:
    """Fit both heads and write them to ``out``."""
    with Encoder.open(model_store() / MODEL_FILE) as encoder:
        features = Features(encoder)
        _save(
            out,
            right_wrong.fit_head(*_short_answers(data, features), _sets(SHORT_ANSWERS)),
        )
        _save(out, _essay_quality(data, features))


def print_report(data: Path) -> None:
    """Measure the right-or-wrong head on unseen questions and print the figures."""
    with Encoder.open(model_store() / MODEL_FILE) as encoder:
        found = report.report(*_short_answers(data, Features(encoder)))
    sys.stdout.write(report.table(found) + "\n")


def _short_answers(data: Path, features: Features) -> tuple[Floats, Labels, Groups]:
    work = [g for name in SHORT_ANSWERS for g in read_graded(data / name, frozenset({"correct"}))]
    _say(f"right-wrong: {len(work):,} graded answers; some minutes for their vectors")
    rows = features.right_wrong([graded.item for graded in work])
    labels = np.array([graded.right for graded in work], np.int64)
    groups = np.array([graded.group for graded in work])
    return rows, labels, groups


def _essay_quality(data: Path, features: Features) -> Head:
    rows = [row for name in ESSAY_TEXTS for row in read_rows(data / name)]
    items = [parse_item(row | {"task": Task.ESSAY, "rubric": None}) for row in rows]
    _say(f"essay-quality: {len(items):,} texts, {essay_quality.VERSIONS} versions each")
    found, quality = essay_quality.prepare(items, features)
    return essay_quality.fit_head(found, quality, _sets(ESSAY_TEXTS))


def write_calibration(data: Path, out: Path) -> None:
    """Measure the maths evidence and write its rates to ``out``."""
    right = frozenset({"correct", "1"})
    work = [g for name in MATHS for g in read_graded(data / name, right)]
    _say(f"calibration: {len(work):,} graded maths answers")
    _write(out / "calibration.json", calibrate.calibrate(work, _sets(MATHS)))


def _sets(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({name.partition("/")[0] for name in names}))


def _save(out: Path, head: Head) -> None:
    _write(out / f"{head.name}.json", head)


def _write(path: Path, content: msgspec.Struct) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
    _say(f"wrote {path}")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
