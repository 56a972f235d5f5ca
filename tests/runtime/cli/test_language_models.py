"""``kindmark grade`` and ``eval`` with a language model: chosen, used, refused, interrupted."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.preferences import Preferences, keep
from tests.runtime.cli.fakes import FakeMarker, class_set, item
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.llm.judging import chat_path
from tests.tiny_decoders import write_lora

__all__ = ["chat_path"]

ANSWERS = ("The sun heats it.", "It goes up in the air.", "the sun heats it", "A dog drank it.")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No encoder, no model and no prefix of the user's."""
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path / "store"))
    monkeypatch.setenv("KINDMARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KINDMARK_STATE", str(tmp_path / "state"))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    asked = {"task": "short_answer", "question": "Why do puddles dry up?"}
    short = [
        item(number, answer, **asked, reference="The water evaporates.", label="incorrect")
        for number, answer in enumerate(ANSWERS)
    ]
    return class_set(tmp_path, [item(9, "2", label="correct"), *short])


def graded(rows: Path, *options: object) -> list[dict[str, Any]]:
    out = rows.with_name("marks.jsonl")
    argv = ["grade", rows, "-o", out, "--force", *options]
    assert main(list(map(str, argv))) == ExitCode.DONE
    return [json.loads(line) for line in out.read_text().splitlines()]


def refused(*argv: object) -> int:
    return main(list(map(str, argv)))


def test_every_mark_names_its_stage_and_the_summary_counts_them(
    rows: Path, chat_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = graded(rows, "--model", chat_path)
    stages = [mark["provenance"].get("stage", "evidence") for mark in marks]
    assert stages == ["evidence", "model", "model", "same", "model"]
    assert set(marks[1]["distribution"]) == {"incorrect", "partial", "correct"}
    assert marks[1]["needs_review"]
    said = capsys.readouterr().err
    assert "evidence alone 1 (20%), as an identical answer 1 (20%), the model 3 (60%)" in said


def test_without_a_cascade_the_model_judges_all(rows: Path, chat_path: Path) -> None:
    marks = graded(rows, "--model", chat_path, "--no-cascade")
    assert [mark["provenance"].get("stage") for mark in marks] == [None, *["model"] * 4]
    assert "cascade" not in marks[1]["provenance"]


def test_the_users_own_model(rows: Path, chat_path: Path) -> None:
    keep(Preferences(model=str(chat_path)))
    assert graded(rows)[1]["provenance"]["stage"] == "model"


def test_feedback_is_asked_of_the_model(rows: Path, chat_path: Path) -> None:
    marks = graded(rows, "--model", chat_path, "--feedback")
    # A random net writes nothing that code lets pass: the template's words stand, and that is said.
    assert all(mark["feedback"] for mark in marks)
    assert any("Kindmark's own" in reason for reason in marks[1]["reasons"])


def test_a_run_is_not_continued_with_another_model(
    rows: Path, chat_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graded(rows, "--model", chat_path, "--limit", "2")
    other = write_chat(tmp_path, "gemma", seed=7)
    out = rows.with_name("marks.jsonl")
    code = refused("grade", rows, "-o", out, "--model", other)
    assert code == ExitCode.BAD_INPUT
    assert "another model" in capsys.readouterr().err


def test_an_adapter_without_a_purpose_is_said_where_its_base_is_chosen(
    chat_path: Path, tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lora = tmp_path / "lora.gguf"
    write_lora(lora, 2)
    assert main(["models", "add", str(chat_path), "--name", "base"]) == ExitCode.DONE
    assert main(["models", "add", str(lora), "--name", "sums", "--base", "base"]) == ExitCode.DONE
    assert "nothing marks with it" in capsys.readouterr().err
    assert main(["models", "use", "base"]) == ExitCode.DONE
    assert "The adapter 'sums' is not used" in capsys.readouterr().err
    assert graded(rows)[1]["provenance"]["unused"] == "sums"
    assert "The adapter 'sums' is not used" in capsys.readouterr().err
    assert main(["models", "use", "--default"]) == ExitCode.DONE
    assert "sums" not in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--feedback"], ["--no-cascade"], ["--memory", "9"]])
def test_what_is_about_a_language_model_needs_one(
    rows: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused("grade", rows, *options) == ExitCode.BAD_INPUT
    assert f"{options[0]} is about a language model" in capsys.readouterr().err


def test_memory_that_does_not_suffice(
    rows: Path, chat_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = refused("grade", rows, "--model", chat_path, "--memory", 1)
    assert code == ExitCode.MODEL_UNUSABLE
    assert any(map(str.isdigit, capsys.readouterr().err))


def test_eval_tells_what_each_stage_came_to(
    rows: Path, chat_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["eval", str(rows), "--model", str(chat_path), "--json", "--quiet"]
    assert main(argv) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)["stages"]
    assert {name: one["answers"] for name, one in found.items()} == {
        "evidence": 1,
        "same": 1,
        "model": 3,
    }
    assert found["evidence"]["agreement"] == 1
    assert main(argv[:-2]) == ExitCode.DONE
    assert "Judged by evidence alone 1 (20%, 100.0% like the label)" in capsys.readouterr().out


def test_options_reach_the_marker(rows: Path, marker: FakeMarker) -> None:
    main(["grade", str(rows), "--model", "x", "--memory", "500", "--quiet"])
    assert (marker.choice.model, marker.choice.memory) == ("x", 500_000_000)


# Says when the model begins to read, and makes every step last until it is stopped.
SLOW = """
import signal, sys, threading
from runtime import offline
from runtime.cli.main import main
from runtime.judge.decoding.branches import BranchContext, StoppedError

def endless(self, pieces, **options):
    print("reading", flush=True)
    while not self.stopping():
        threading.Event().wait(0.01)
    raise StoppedError

offline.seal = lambda: None
BranchContext.read = endless
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process")
def test_ctrl_c_in_the_middle_of_a_step(rows: Path, chat_path: Path) -> None:
    out = rows.with_name("marks.jsonl")
    argv = ["grade", rows, "-o", out, "--model", chat_path, "--batch", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, argv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Stopped: 1 of 5 rows are marked" in said
    assert "Traceback" not in said
