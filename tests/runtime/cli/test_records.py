"""``kindmark records``: what each action says, returns and leaves behind."""

import io
import json
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.records.store import Store

_CSV = """\
id,task,question,reference,answer,learner
1,math,1 + 1?,2,the secret of Wilhelmina,Wilhelmina
2,math,1 + 1?,2,=3,Leo
3,poem,1 + 1?,2,2,Leo
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_RECORDS", str(tmp_path / "records"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path / "records"


@pytest.fixture
def filled(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the folder with a class set in it."""
    path = tmp_path / "test.csv"
    path.write_text(_CSV, "utf-8")
    assert main(["records", "import", str(path), "--class", "4b"]) == ExitCode.SOME_UNMARKED
    said = capsys.readouterr().err
    assert "line 4: the field 'task' is wrong" in said
    assert "2 answers to 1 question, 2 new learners; 1 row left out" in said
    return folder


def nicknames(folder: Path) -> list[str]:
    with Store.open(folder) as store:
        return [one.nickname for one in store.learners.all()]


def test_where_they_lie(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "where"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert str(filled) in out
    assert "backup" in out
    assert main(["records", "where", "--json"]) == ExitCode.DONE
    facts = json.loads(capsys.readouterr().out)
    assert facts["bytes"] > 0
    assert facts["open_in"] is None
    with Store.open(filled):
        main(["records", "where"])
    assert "open in" in capsys.readouterr().out


def test_the_list(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "list"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "4b: 2 learners, work is kept for ever" in out
    assert "Wilhelmina" in out
    assert main(["records", "list", "--json"]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert [one["nickname"] for one in found["learners"]] == ["Leo", "Wilhelmina"]


def test_names_cannot_style_the_terminal(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(filled) as store:
        store.learners.add("\x1b[31mRed\u202e", "owl")
    main(["records", "list"])
    out = capsys.readouterr().out
    assert "Red" in out
    assert not {"\x1b", "\u202e"} & set(out)


def test_an_open_store_is_listed_and_left_alone(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(filled):
        assert main(["records", "list"]) == ExitCode.DONE
        assert "open in another Kindmark" in capsys.readouterr().err
        for argv in (["erase", "Leo", "--yes"], ["purge"], ["backup"], ["restore", "x"]):
            assert main(["records", *argv]) == ExitCode.BAD_INPUT
            assert "process" in capsys.readouterr().err
    assert "Leo" in nicknames(filled)


def test_backup_and_restore(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = filled.parent / "copy.sqlite3"
    assert main(["records", "backup", "-o", str(copy)]) == ExitCode.DONE
    assert main(["records", "backup", "-o", str(copy)]) == ExitCode.BAD_INPUT
    assert "exists already" in capsys.readouterr().err
    assert main(["records", "erase", "Leo", "--yes"]) == ExitCode.DONE
    assert main(["records", "restore", str(copy)]) == ExitCode.BAD_INPUT
    assert "--yes" in capsys.readouterr().err
    assert nicknames(filled) == ["Wilhelmina"]
    assert main(["records", "restore", str(copy), "--dry-run"]) == ExitCode.DONE
    assert nicknames(filled) == ["Wilhelmina"]
    assert main(["records", "restore", str(copy), "--yes"]) == ExitCode.DONE
    assert nicknames(filled) == ["Leo", "Wilhelmina"]
    capsys.readouterr()
    assert main(["records", "restore"]) == ExitCode.DONE
    names = capsys.readouterr().out.split()
    assert main(["records", "restore", names[0], "--yes"]) == ExitCode.DONE


def test_erasing_says_what_goes_and_proves_it(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["records", "erase", "wilhelmina", "--dry-run"]) == ExitCode.DONE
    assert "would go: 1 learner, 1 answer" in capsys.readouterr().err
    assert main(["records", "erase", "wilhelmina"]) == ExitCode.BAD_INPUT
    assert nicknames(filled) == ["Leo", "Wilhelmina"]
    capsys.readouterr()
    assert main(["records", "erase", "wilhelmina", "--yes"]) == ExitCode.DONE
    assert "no trace" in capsys.readouterr().err
    files = [path.read_bytes() for path in filled.rglob("*") if path.is_file()]
    assert not any(b"ilhelmina" in data for data in files)


@pytest.mark.parametrize(("reply", "left"), [("n\n", 2), ("\n", 2), ("y\n", 1)])
def test_a_terminal_is_asked(
    filled: Path, monkeypatch: pytest.MonkeyPatch, reply: str, left: int
) -> None:
    terminal = io.StringIO(reply)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert main(["records", "erase", "Leo"]) == ExitCode.DONE
    assert len(nicknames(filled)) == left


def test_purging(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "purge", "--yes"]) == ExitCode.DONE
    assert "Would go: nothing." in capsys.readouterr().err
    assert len(nicknames(filled)) == 2


def test_export_and_import_again(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled.parent / "all.jsonl"
    assert main(["records", "export", "-o", str(path)]) == ExitCode.DONE
    assert main(["records", "export", "-o", str(path)]) == ExitCode.BAD_INPUT
    monkeypatch.setenv("KINDMARK_RECORDS", str(filled.parent / "other"))
    capsys.readouterr()
    assert main(["records", "import", str(path)]) == ExitCode.DONE
    assert "2 answers" in capsys.readouterr().err
    assert main(["records", "import", str(path)]) == ExitCode.DONE
    assert "Taken in: nothing." in capsys.readouterr().err
    assert nicknames(filled.parent / "other") == ["Leo", "Wilhelmina"]


def test_exports_can_be_narrowed(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "export", "--learner", "Leo"]) == ExitCode.DONE
    assert "Wilhelmina" not in capsys.readouterr().out
    assert main(["records", "export", "--class", "4b", "--format", "csv"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "Wilhelmina" in out
    assert ",'=3," in out


def test_a_check_reads_all(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "check"]) == ExitCode.DONE
    assert "2 answers wait for a mark" in capsys.readouterr().out
    (filled / "records.sqlite3").write_bytes(b"no database" * 500)
    assert main(["records", "check"]) == ExitCode.SOME_UNMARKED
    captured = capsys.readouterr()
    assert "is kept as" in captured.err
    assert len(nicknames(filled)) == 2


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "action"),
        (["lst"], "Is 'list' meant?"),
        (["erase"], "LEARNER"),
        (["erase", "Nobody"], "no learner 'Nobody'"),
        (["export", "--class", "9z"], "no class '9z'"),
        (["export", "--class", "4b", "--learner", "Leo"], "not allowed"),
        (["restore", "none.sqlite3"], "no backup none.sqlite3"),
        (["import", "none.jsonl"], "no file none.jsonl"),
        (["list", "--jsn"], "Is '--json' meant?"),
    ],
)
def test_bad_usage_is_explained(
    filled: Path, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert main(["records", *argv]) == ExitCode.BAD_INPUT
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out
    assert len(nicknames(filled)) == 2


@pytest.mark.parametrize("action", ["list", "check", "export", "purge"])
def test_looking_makes_no_store(
    folder: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["records", action]) == ExitCode.BAD_INPUT
    assert "There are no records" in capsys.readouterr().err
    assert main(["records", "where"]) == ExitCode.DONE
    assert "nothing is kept yet" in capsys.readouterr().out
    assert not folder.exists()


def test_help_names_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "--help"]) == ExitCode.DONE
    out = capsys.readouterr().out
    actions = "where list backup restore check export import erase purge"
    assert all(f"  {action} " in out for action in actions.split())
    assert main(["records", "erase", "--help"]) == ExitCode.DONE


def test_a_forgotten_pin_is_removed(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(filled) as store:
        store.pins.set("1234")
        leo = store.learners.named("Leo")
        store.pins.set("5678", leo.id)
    assert main(["records", "forget-pin", "--dry-run"]) == ExitCode.DONE
    assert main(["records", "forget-pin"]) == ExitCode.BAD_INPUT
    assert main(["records", "forget-pin", "--yes"]) == ExitCode.DONE
    assert main(["records", "forget-pin", "--learner", "Leo", "--yes"]) == ExitCode.DONE
    assert "The PIN of Leo will be removed." in capsys.readouterr().err
    with Store.open(filled) as store:
        assert not store.pins.is_set()
        assert not store.pins.is_set(leo.id)
    assert main(["records", "forget-pin"]) == ExitCode.DONE
    assert "There is no PIN of the teacher's desk." in capsys.readouterr().err
