"""The training commands, on a small made-up graded set and a tiny real encoder."""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from tests import tiny_models
from train.command import main

WORDS = "the sun water plant light air grow cold warm big small cats dogs run".split()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    sources = tiny_models.write_sources(tmp_path_factory.mktemp("sources"))
    tiny_models.write_gguf(folder / "all-minilm-l6-v2-f16.gguf", sources)
    return folder


@pytest.fixture(autouse=True)
def _tiny_model(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KINDMARK_MODELS", str(store))
    yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 short answers to 12 questions, 6 essays, 30 sums."""
    folder = tmp_path_factory.mktemp("data")
    rng = random.Random(0)
    short = [short_answer(i, rng) for i in range(120)]
    write(folder / "scientsbank/train.jsonl", short)
    essays = [row(i, "essay", " ".join(rng.choices(WORDS, k=60)) + ".") for i in range(6)]
    write(folder / "prometheus-rubric/vicuna_eval.jsonl", essays)
    sums = [row(i, "math", "12", reference="12", label="correct") for i in range(30)]
    write(folder / "gsm8k-model-solutions/data.jsonl", sums)
    write(folder / "math-verify-cases/data.jsonl", sums[:1])
    return folder


def row(number: int, task: str, answer: str, **fields: str) -> dict[str, str]:
    return {"id": str(number), "task": task, "question": "What?", "answer": answer, **fields}


def short_answer(number: int, rng: random.Random) -> dict[str, str]:
    reference = " ".join(rng.sample(WORDS, 4))
    right = rng.random() < 0.5
    answer = reference if right else " ".join(rng.sample(WORDS, 4))
    label = "correct" if right else "incorrect"
    question = f"q{number % 12}"
    return row(
        number, "short_answer", answer, reference=reference, label=label, question_id=question
    )


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def test_heads_are_fitted_and_written(data: Path, tmp_path: Path) -> None:
    assert main(["heads", "--data", str(data), "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"right-wrong.json", "essay-quality.json"}


def test_the_report_stands_beside_its_baselines(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert "120 answers to 12 questions" in printed
    rows = [line for line in printed.splitlines() if line.startswith("| ") and "." in line]
    assert [row.split("|")[1].strip() for row in rows] == [
        "majority",
        "length only",
        "word overlap",
        "right-wrong head",
    ]


def test_the_calibration_is_measured_and_written(data: Path, tmp_path: Path) -> None:
    assert main(["calibrate", "--data", str(data), "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "calibration.json").read_text())
    assert found["maths"].keys() == {"equal"}


def test_without_the_training_half_it_says_what_to_install(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("sklearn", "train."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delattr("train.jobs", raising=False)
    with pytest.raises(BadInputError) as caught:
        main(["report", "--data", str(data)])
    assert caught.value.remedy == "Install it with: pip install 'kindmark[train]'"
