"""What a measuring process is asked and what it says: one JSON object each way.

result = run(Job(method="loop", work="verdicts", model=path, items=items), folder)
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import msgspec

from runtime.marking.item import Item

Work = Literal["verdicts", "feedback"]

REPLY = 60
"""Tokens of feedback to one answer: three sentences."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement. ``few``: measure so many answers and reckon the class from them.

    ``slots`` is for llama-server, ``store`` a folder for what Kindmark keeps on disk.
    """

    method: str
    work: Work
    model: str
    items: tuple[Item, ...]
    few: int = 0
    slots: int = 1
    threads: int = 2
    server: str = ""
    store: str = ""

    @property
    def sample(self) -> tuple[Item, ...]:
        """The answers that are measured where the class is reckoned from them: evenly spread."""
        few = min(self.few or len(self.items), len(self.items))
        return tuple(self.items[at * len(self.items) // few] for at in range(few))

    @property
    def tokens(self) -> int:
        """How many tokens a reply takes: a verdict is one word."""
        return REPLY if self.work == "feedback" else 1


class Spent(NamedTuple):
    """Seconds by the clock, and of processor time: the latter hardly depends on other load."""

    clock: float
    cpu: float

    @classmethod
    def now(cls, process: int | str = "self") -> Self:
        """Return what a process has spent so far, counted from anywhere. Linux only."""
        # The name of the program, which stands in brackets before these, may hold blanks.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return cls(time.perf_counter(), ticks / os.sysconf("SC_CLK_TCK"))

    def since(self, start: "Spent") -> "Spent":
        """Return what was spent from ``start`` to here."""
        return Spent(self.clock - start.clock, self.cpu - start.cpu)

    def times(self, factor: float) -> "Spent":
        """Return this for a class that is larger."""
        return Spent(self.clock * factor, self.cpu * factor)


class Usage(NamedTuple):
    """The tokens of one request's prompt and reply, as chat APIs tell them."""

    read: int
    written: int

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Take it out of an answer."""
        usage = answer["usage"]
        return cls(usage["prompt_tokens"], usage["completion_tokens"])


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the class took, answers that was measured on, and bytes of the largest memory.

    ``read`` are the prompt's tokens of each measured answer, shared ones each time; ``written``
    those of its reply. ``probabilities`` are of the labels and ``verdicts`` what was decided,
    where a method has any.
    """

    spent: Spent
    answers: int
    peak: int
    read: tuple[int, ...] = ()
    written: tuple[int, ...] = ()
    decoded: int | None = None
    """Prompt tokens that were really decoded, where that is known."""
    probabilities: tuple[tuple[float, ...], ...] = ()
    verdicts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    """Who judged each answer, where there is a cascade."""

    @property
    def seconds(self) -> float:
        """Seconds by the clock."""
        return self.spent.clock


def run(job: Job, folder: Path) -> Result:
    """Measure in a process of its own. Exits with what it said if it fails."""
    asked, said, log = (folder / name for name in ("job.json", "result.json", "worker.log"))
    asked.write_bytes(msgspec.json.encode(job))
    said.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.peers.worker", str(asked), str(said)]
    with log.open("w") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode or not said.exists():
        raise SystemExit(f"{job.method} failed:\n{log.read_text('utf-8', 'replace')[-4000:]}")
    return msgspec.json.decode(said.read_bytes(), type=Result)


def peak_memory(process: int | str = "self") -> int:
    """Return the most bytes a process has held in memory, mapped files included. Linux only."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"process {process} does not say what it held")
