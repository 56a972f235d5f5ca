"""The other commands on a real model."""

import json
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.judge.embedded import BASE


@pytest.fixture
def labelled(rows: Path) -> Path:
    lines = [json.loads(line) | {"label": "correct"} for line in rows.read_text().splitlines()]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return rows


def test_demo(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == ExitCode.DONE
    captured = capsys.readouterr()
    assert "Solve 3(x + 4) = 27." in captured.out
    assert "27 marked: " in captured.err


def test_eval_and_its_marks_agree(
    store: Path, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["eval", str(labelled), "--json", "--quiet"]
    assert main(argv) == ExitCode.SOME_UNMARKED
    found = json.loads(capsys.readouterr().out)
    assert found["overall"]["rows"] == 12
    assert found["unmarked"] == 1
    out = tmp_path / "marks.jsonl"
    main(["grade", str(labelled), "-o", str(out), "--quiet"])
    main([*argv, "--marks", str(out)])
    assert json.loads(capsys.readouterr().out) == found


def test_doctor(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == ExitCode.DONE
    found = {finding["what"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert found["judging"]["found"].startswith("works: loaded in ")
    assert found["engine"]["ok"]


def test_models(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", "--json"]) == ExitCode.DONE
    states = {row["path"]: row["state"] for row in json.loads(capsys.readouterr().out)}
    default = [state for path, state in states.items() if Path(path).name.startswith(BASE)]
    # The tiny model is not the size the catalogue gives.
    assert default == ["damaged", "missing"]
    assert set(states.values()) == {"damaged", "missing", "ok"}
