"""Who has the store: whether that program still runs, asked without its lock."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime

from runtime.records.store.holder import Holder


def holder(pid: int, host: str) -> Holder:
    return Holder(pid, host, datetime.now(UTC))


def test_a_program_that_runs_is_not_gone() -> None:
    assert not holder(os.getpid(), socket.gethostname()).is_gone


def test_a_program_that_has_ended_is_gone() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert holder(ended.pid, socket.gethostname()).is_gone


def test_of_another_machine_nothing_is_known() -> None:
    assert not holder(2**22 + 1, "elsewhere").is_gone
