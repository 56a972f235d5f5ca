"""Ctrl-C in a real process: what is marked is on disk, and the same command goes on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import ExitCode
from tests.runtime.cli.fakes import class_set, item

# Marks two rows, says so, and then waits in the middle of the second batch to be interrupted.
SLOW = """
import signal, sys, threading
from runtime.cli import grade
from runtime.cli.main import main
from tests.runtime.cli.fakes import FakeMarker

class Slow(FakeMarker):
    def mark(self, items):
        if self.batches:
            print("second batch", flush=True)
            threading.Event().wait()
        return super().mark(items)

# A shell starts what runs in its background with SIGINT ignored, and children inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
grade.open_marker = Slow().open
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process")
def test_ctrl_c_keeps_what_is_marked(tmp_path: Path) -> None:
    rows = class_set(tmp_path, [item(number) for number in range(6)])
    out = tmp_path / "marks.jsonl"
    argv = ["grade", str(rows), "-o", str(out), "--batch", "2"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "second batch\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert said.endswith(
        f"Stopped: 2 of 6 rows are marked and in {out}. The same command continues there.\n"
    )
    assert "Traceback" not in said
    assert len(out.read_text().splitlines()) == 2
