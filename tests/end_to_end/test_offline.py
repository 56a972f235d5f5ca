"""A whole run as a process of its own: no socket of any family, and nothing lost by a kill."""

import json
import os
import subprocess
import sys
from pathlib import Path

from runtime.errors import ExitCode
from tests.end_to_end.class_sets import IDS

# Audit events are seen before whatever they announce is done (PEP 578).
WATCHED = """
import sys
seen = set()
sys.addaudithook(lambda event, _: seen.add(event.partition(".")[0]))
from runtime.cli.main import main
code = main(sys.argv[1:])
print("socket" in seen, "open" in seen)
sys.exit(code)
"""
ASKS = """
import socket
from runtime.cli import grade
from runtime.cli.main import main
import sys
grade.open_marker = lambda *_: socket.socket(socket.AF_UNIX)
sys.exit(main(sys.argv[1:]))
"""


def run(code: str, store: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *argv],
        env={**os.environ, "KINDMARK_MODELS": str(store)},
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_run_opens_no_socket(store: Path, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "marks.jsonl"
    done = run(WATCHED, store, "grade", str(rows), "-o", str(out))
    assert done.returncode == ExitCode.SOME_UNMARKED, done.stderr
    assert done.stdout == "False True\n"
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == IDS


def test_what_asks_for_a_socket_is_refused(store: Path, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "marks.jsonl"
    done = run(ASKS, store, "grade", str(rows), "-o", str(out))
    assert done.returncode == ExitCode.INTERNAL
    assert "It was refused and nothing was sent." in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
