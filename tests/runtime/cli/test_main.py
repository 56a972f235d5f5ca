"""The command as a whole: names, help, and every way it can end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from runtime import __version__, offline
from runtime.cli.main import COMMANDS, main
from runtime.errors import ExitCode
from tests.runtime.cli.fakes import FakeMarker, class_set, item

RUN = (sys.executable, "-m", "runtime.cli.main")


class TestHelp:
    def test_help_names_every_command_and_exit_code(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--help"]) == ExitCode.DONE
        text = capsys.readouterr().out
        assert all(f"\n  {name} " in text for name in COMMANDS)
        assert all(f"\n  {code:d} " in text for code in ExitCode)

    def test_no_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == ExitCode.BAD_INPUT
        assert capsys.readouterr().out.startswith("usage: kindmark COMMAND")

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--version"]) == ExitCode.DONE
        assert capsys.readouterr().out == f"kindmark {__version__}\n"

    @pytest.mark.parametrize("command", ["grade", "demo", "eval", "models", "doctor"])
    def test_each_command_has_help_with_examples(
        self, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([command, "--help"]) == ExitCode.DONE
        assert f"examples:\n  kindmark {command}" in capsys.readouterr().out

    def test_convert_and_train_are_found_by_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in ("convert", "train"):
            assert main([command, "--help"]) == ExitCode.DONE
            assert f"kindmark {command}" in capsys.readouterr().out


class TestUsage:
    def said(self, argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
        assert main(argv) == ExitCode.BAD_INPUT
        assert capsys.readouterr().out == ""
        main(argv)
        return capsys.readouterr().err

    def test_an_unknown_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.said(["grad"], capsys) == (
            "kindmark: There is no command 'grad'.\nIs 'grade' meant?\n"
        )

    def test_a_command_like_no_other(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.said(["xyz"], capsys) == (
            "kindmark: There is no command 'xyz'.\nSee the commands with: kindmark --help\n"
        )

    def test_an_unknown_option(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.said(["grade", "x", "--forse"], capsys) == (
            "kindmark: kindmark grade: unrecognized arguments: --forse.\nIs '--force' meant?\n"
        )

    def test_a_missing_argument(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.said(["grade"], capsys) == (
            "kindmark: kindmark grade: the following arguments are required: IN.\n"
            "See: kindmark grade --help\n"
        )

    @pytest.mark.parametrize(
        ("option", "value", "why"),
        [
            ("--batch", "0", "'0' is no whole number from 1"),
            ("--limit", "x", "'x' is no whole number from 1"),
            ("--review-below", "2", "'2' is no number from 0 to 1"),
            ("--review-below", "nan", "'nan' is no number from 0 to 1"),
        ],
    )
    def test_a_wrong_value(
        self, option: str, value: str, why: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert f"argument {option}: {why}." in self.said(["grade", "x", option, value], capsys)


class TestDefects:
    def test_a_defect_is_logged_and_not_shown(
        self,
        tmp_path: Path,
        marker: FakeMarker,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(platformdirs, "user_log_path", lambda *_, **__: tmp_path)
        marker.error = ZeroDivisionError("division by zero")
        path = class_set(tmp_path, [item(1)])
        assert main(["grade", str(path), "--format", "jsonl"]) == ExitCode.INTERNAL
        said = capsys.readouterr().err
        (log,) = tmp_path.glob("defect-*.log")
        assert said == (
            "kindmark: This is a defect of Kindmark (ZeroDivisionError), not of your file.\n"
            f"What happened is written in {log}. Please report it; "
            "the log may quote what children wrote.\n"
        )
        assert "ZeroDivisionError: division by zero" in log.read_text()

    def test_a_log_that_cannot_be_written(
        self,
        tmp_path: Path,
        marker: FakeMarker,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(platformdirs, "user_log_path", lambda *_, **__: tmp_path / "no")
        marker.error = ZeroDivisionError()
        path = class_set(tmp_path, [item(1)])
        assert main(["grade", str(path), "--format", "jsonl"]) == ExitCode.INTERNAL
        assert "The log could not be written." in capsys.readouterr().err


class TestProcess:
    def test_help_is_light(self) -> None:
        code = (
            "import sys; from runtime.cli.main import main; main(['--help']);"
            "heavy = {'numpy', 'rich', 'llama_cpp', 'msgspec', 'sympy', 'platformdirs'};"
            "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
        )
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    @pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
    def test_a_reader_that_leaves_is_no_error(self) -> None:
        command = (
            f"{sys.executable} -m runtime.cli.main models --json | true; exit ${{PIPESTATUS[0]}}"
        )
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_old_terminal_still_shows_the_table(self, tmp_path: Path) -> None:
        path = class_set(tmp_path, [item(1, "½ 👍", learner="Zoë")])
        done = subprocess.run(
            [*RUN, "grade", path, "--format", "table"],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )
        assert done.returncode == ExitCode.DONE
        assert b"Zo?" in done.stdout

    def test_stdout_holds_nothing_but_data(self, tmp_path: Path) -> None:
        path = class_set(tmp_path, [item(1), "no json"])
        done = subprocess.run([*RUN, "grade", path], capture_output=True, check=False, text=True)
        assert done.returncode == ExitCode.SOME_UNMARKED
        marks = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(mark["id"], mark["verdict"]) for mark in marks] == [
            ("r1", "correct"),
            ("line-2", "unmarked"),
        ]
        assert (
            "1 marked: 1 correct, 0 partial, 0 incorrect; 0 to review; 1 unmarked." in done.stderr
        )

    @pytest.mark.parametrize(
        "code",
        [
            "import socket; socket.socket()",
            "import socket; socket.socket(socket.AF_UNIX)",
            "import socket; socket.socketpair()",
            "import socket; socket.getaddrinfo('localhost', 80)",
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        ],
    )
    def test_a_sealed_process_opens_no_socket(self, code: str) -> None:
        sealed = f"from runtime.offline import seal; seal(); seal()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", sealed], capture_output=True, check=False, text=True
        )
        assert "SealedError: Something asked for the network (socket." in done.stderr

    @pytest.mark.parametrize("command", ["grade", "eval"])
    def test_commands_seal_before_they_read(
        self, command: str, unsealed: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([command, "no-such-file"]) == ExitCode.BAD_INPUT
        assert unsealed == ["sealed"]
        assert offline.SealedError.title
        assert capsys.readouterr().out == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("argv", [["--help"], ["models", "list"], ["grade", "--help"]])
@pytest.mark.parametrize("to", [">/dev/full", ">&-"])
def test_output_that_cannot_be_written(argv: list[str], to: str) -> None:
    command = " ".join([*RUN, *argv, to])
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, text=True)
    assert done.returncode in {ExitCode.BAD_INPUT, ExitCode.DONE}
    assert "defect" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("argv", [["grade", ""], ["grade", "a", "-o", ""], ["eval", ""]])
def test_an_empty_name(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == ExitCode.BAD_INPUT
    assert "the name is empty" in capsys.readouterr().err
