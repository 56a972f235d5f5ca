"""The mark gate: with labelled answers, a quantization that turns verdicts is not published."""

import json
from pathlib import Path

import pytest

from runtime.errors import ExitCode
from runtime.judge.shelf import own_entries
from runtime.judge.side_head import load_side_head
from tests.convert.pipeline.conftest import Convert, Runs
from tests.convert.pipeline.runs import LABELS


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """120 answers to 6 questions, labelled by a rule that no random net knows."""
    words = "the sun makes water warm so it goes up into air as vapour".split()
    rows = [
        {
            "id": str(i),
            "task": "short_answer",
            "question": f"Why does puddle {i % 6} dry up?",
            "reference": "The water evaporates.",
            "answer": " ".join(words[(i * 7 + k * 5) % len(words)] for k in range(3 + i % 6)),
            "label": LABELS[i // 6 % 3],
        }
        for i in range(120)
    ]
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_what_turns_verdicts_is_not_published(
    *,
    runs: Runs,
    store: Path,
    convert: Convert,
    items: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = (runs("qwen2"), "--stage", "prefer", "--items", items, "--quant", "Q4_0,F16")
    assert convert(*argv) == ExitCode.MODEL_UNUSABLE
    said = capsys.readouterr().err
    assert "verdicts are others than the 16-bit model's" in said
    assert (store / "qwen2-prefer-f16.gguf").exists()
    assert not (store / "qwen2-prefer-q4_0.gguf").exists()
    [entry, _] = own_entries(store)
    assert [file.name for file in entry.file] == ["qwen2-prefer-f16.gguf"]


def test_a_temperature_is_fitted_and_published(
    *, runs: Runs, store: Path, convert: Convert, items: Path
) -> None:
    argv = (runs("qwen2"), "--stage", "mark", "--items", items, "--quant", "F16")
    assert convert(*argv) == ExitCode.DONE
    head = load_side_head(store / "qwen2-mark.head.json")
    # Labels that have nothing to do with the logits: the surer, the worse.
    assert head.temperature > 1.5
    trained = own_entries(store)[0].trained
    assert trained
    assert trained.temperature == head.temperature


def test_too_few_labels(
    *,
    runs: Runs,
    store: Path,
    convert: Convert,
    items: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    items.write_text(items.read_text("utf-8").replace('"partial"', '"half"'), "utf-8")
    argv = (runs("qwen2"), "--stage", "mark", "--items", items, "--quant", "F16")
    assert convert(*argv) == ExitCode.BAD_INPUT
    assert "the mark gate needs 100" in capsys.readouterr().err
    assert own_entries(store) == ()
