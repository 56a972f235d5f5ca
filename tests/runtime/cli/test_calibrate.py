"""``kindmark models calibrate``: a tiny model, labelled answers, and what the next marks say."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.judge.decoding.branches import StoppedError
from runtime.judge.llm import calibrating
from runtime.judge.llm.fits import FILE, all_fits
from tests.runtime.cli.fakes import class_set, item
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.llm.judging import chat_path

__all__ = ["chat_path"]

Rows = Iterator[dict[str, object]]

SAID = ("the sun did it", "it went up", "a dog drank it", "it turned to vapour", "wind and warmth")
NEVER = "never compared with teachers' marks"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of models, and nothing of the user's."""
    for name in ("MODELS", "CACHE", "STATE"):
        monkeypatch.setenv(f"KINDMARK_{name}", str(tmp_path / name.lower()))
    return tmp_path / "models"


def rows(count: int, labels: tuple[object, ...] = ("correct", "incorrect"), **more: object) -> Rows:
    """Answers to five questions, the labels in turn."""
    for at in range(count):
        question = f"Why does puddle {at % 5} dry up?"
        fields: dict[str, object] = {
            "task": "short_answer",
            "question": question,
            "reference": "The water evaporates.",
            "label": labels[at % len(labels)],
            **more,
        }
        yield item(at, f"{SAID[at % len(SAID)]}, I saw {at}", **fields)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    return class_set(tmp_path, rows(40), "labelled.jsonl")


def calibrated(*options: object) -> int:
    return main(["models", "calibrate", *map(str, options)])


def graded(path: Path, model: Path) -> list[dict[str, Any]]:
    out = path.with_name("marks.jsonl")
    argv = ["grade", path, "-o", out, "--force", "--quiet", "--limit", 3, "--model", model]
    assert main(list(map(str, argv))) == ExitCode.DONE
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_the_next_marks_are_calibrated_and_a_reset_undoes_it(
    labelled: Path, chat_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = graded(labelled, chat_path)
    assert calibrated(chat_path, labelled, "--quiet") == ExitCode.DONE
    assert str(store / FILE) not in capsys.readouterr().err
    [fit] = all_fits(store)
    assert (fit.prompt, fit.answers, fit.questions) == ("mark_short_answer", 40, 5)
    after = graded(labelled, chat_path)
    for one, other in zip(before, after, strict=True):
        assert other["verdict"] == one["verdict"]
        assert NEVER in " ".join(one["reasons"])
        assert NEVER not in " ".join(other["reasons"])
        assert one["confidence"] == 0.5
        assert other["confidence"] == pytest.approx(other["distribution"][other["verdict"]])
        assert "fitted" in other["provenance"]
        assert "fitted" not in one["provenance"]
    assert calibrated(chat_path, "--reset") == ExitCode.DONE
    assert "mark_short_answer is forgotten" in capsys.readouterr().err
    assert [mark["confidence"] for mark in graded(labelled, chat_path)] == [0.5] * 3
    assert calibrated(chat_path, "--reset") == ExitCode.DONE
    assert "Nothing was fitted" in capsys.readouterr().err


def test_a_dry_run_says_the_figures_and_keeps_nothing(
    labelled: Path, chat_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrated(chat_path, labelled, "--dry-run", "--json") == ExitCode.DONE
    said = capsys.readouterr()
    [fit] = json.loads(said.out)["fits"]
    assert set(fit["before"]) == set(fit["after"]) == {"kappa", "macro_f1", "accuracy", "ece"}
    assert fit["majority"]["ece"] is None
    assert "40 of 40" not in said.out
    assert "nothing was kept" in said.err
    assert all_fits(store) == ()


def test_a_table_beside_the_commonest_label(
    labelled: Path, chat_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrated(chat_path, labelled, "--limit", 35) == ExitCode.DONE
    said = capsys.readouterr()
    assert "35 answers to 5 questions" in said.out
    for row in ("as it came", "fitted, on other questions", "the commonest label", "Temperature"):
        assert row in said.out
    assert FILE in said.err


def test_scores_are_calibrated_too(
    tmp_path: Path, chat_path: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    essays = rows(32, (0, 2, 5), task="essay", scale=[0, 5])
    assert calibrated(chat_path, class_set(tmp_path, essays)) == ExitCode.DONE
    assert "QWK" in capsys.readouterr().out
    [fit] = all_fits(store)
    assert (fit.prompt, fit.cuts) == ("mark_essay", ())


def test_it_is_the_file_that_is_calibrated(labelled: Path, chat_path: Path, tmp_path: Path) -> None:
    assert calibrated(chat_path, labelled, "--quiet") == ExitCode.DONE
    other = write_chat(tmp_path, "gemma", seed=7)
    assert NEVER in " ".join(graded(labelled, other)[0]["reasons"])


def test_show_tells_what_was_fitted(
    labelled: Path, chat_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "add", str(chat_path), "--name", "mine"]) == ExitCode.DONE
    assert calibrated("mine", labelled, "--quiet") == ExitCode.DONE
    capsys.readouterr()
    assert main(["models", "show", "mine"]) == ExitCode.DONE
    assert "calibrated   mark_short_answer: temperature" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: rows(29), "30 labelled answers"),
        (lambda: rows(40, ("correct",)), "same label"),
        (lambda: rows(40, ("green",)), "neither a verdict nor a score"),
        (lambda: rows(40, ("",)), "No row has the field 'label'"),
        (lambda: (item(at, "2", label="correct") for at in range(40)), "code decided 40"),
    ],
)
def test_labels_that_say_too_little_are_refused(
    tmp_path: Path,
    chat_path: Path,
    capsys: pytest.CaptureFixture[str],
    made: Callable[[], Rows],
    said: str,
) -> None:
    assert calibrated(chat_path, class_set(tmp_path, made()), "--quiet") == ExitCode.BAD_INPUT
    assert said in capsys.readouterr().err
    assert all_fits(tmp_path / "models") == ()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["minilm-marker", "x.jsonl"], "no language model"),
        (["x.gguf"], "give labelled answers, or --reset"),
        (["x.gguf", "x.jsonl", "--reset"], "give labelled answers, or --reset"),
        (["none.gguf", "x.jsonl"], "no model file none.gguf"),
    ],
)
def test_bad_usage_is_explained(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrated(*argv) == ExitCode.BAD_INPUT
    assert said in capsys.readouterr().err


def test_stopped_midway_nothing_is_changed(
    labelled: Path,
    chat_path: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped(*_: object) -> None:
        raise StoppedError

    monkeypatch.setattr(calibrating, "gather", stopped)
    assert calibrated(chat_path, labelled) == ExitCode.INTERRUPTED
    assert "nothing was changed" in capsys.readouterr().err
    assert all_fits(store) == ()
