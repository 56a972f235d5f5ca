"""``kindmark app``: what is said before there is a screen."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode


def test_without_a_terminal_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["app"]) == ExitCode.BAD_INPUT
    assert "needs a terminal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "about --web"),
        (["--web", "--port", "0"], "0 is no port"),
        (["--web", "--port", "99999"], "99999 is no port"),
        (["--language", "xx"], "invalid choice"),
    ],
)
def test_options_that_make_no_sense(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["app", *arguments]) == ExitCode.BAD_INPUT
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TERM": "dumb"}, "TERM=dumb"),
        ({"PYTHONIOENCODING": "latin-1"}, "needs UTF-8"),
    ],
)
def test_a_terminal_that_cannot_show_it(changed: dict[str, str], said: str, tmp_path: Path) -> None:
    environment = os.environ | {"TERM": "xterm", "KINDMARK_RECORDS": str(tmp_path)} | changed
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "runtime.cli.main", "app"],
            stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True, env=environment,
            check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == ExitCode.BAD_INPUT
    assert said in done.stderr
