"""Measures models one after another, each in a process of its own.

    for run in runs(paths, threads=[None], steps=[512]):
        for result in measured(run, QUICK): ...

What was measured before Ctrl-C, or before a model failed, is kept.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import msgspec

from runtime.errors import ModelError
from runtime.judge.engine import default_threads
from runtime.judge.measure.decoders import Effort
from runtime.judge.measure.results import Result
from runtime.judge.measure.tuned import Tuned
from runtime.judge.measure.worker import Failure, Task
from runtime.words import _


class Run(msgspec.Struct, frozen=True):
    """One model, computed in one way."""

    name: str
    path: str
    quantization: str
    threads: int
    step: int


class Measured(msgspec.Struct):
    """What a run came to; ``problem`` says why it did not come to its end."""

    run: Run
    results: list[Result] = []
    problem: str = ""

    def median(self, name: str) -> float | None:
        """Return the median of one measure, None if it was not taken."""
        found = (one.spread.median for one in self.results if one.name == name)
        return next(found, None)


def way(chosen: Tuned) -> tuple[int, int]:
    """Return threads and step in numbers."""
    return chosen.threads or default_threads(), chosen.step


def measured(run: Run, effort: Effort) -> Generator[Result, None, None]:
    """Yield results as they come; closing it ends the process.

    Raises ``ModelError`` if the model cannot be measured.
    """
    task = Task(run.path, effort, Tuned(run.threads, run.step))
    arguments = [msgspec.json.encode(task).decode()]
    command = [sys.executable, "-P", "-m", "runtime.judge.measure.worker", *arguments]
    # Else ggml would have a debugger look at a process that it ends.
    quiet = {**os.environ, "GGML_NO_BACKTRACE": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=quiet
    ) as process:
        try:
            for line in process.stdout or ():
                yield _result(line)
            code = process.wait()
        except BaseException:
            # Ctrl-C, or whoever listened has had enough.
            process.kill()
            raise
    _check(run, code)


def _result(line: bytes) -> Result:
    found = msgspec.json.decode(line, type=dict[str, object])
    if "message" in found:
        failure = msgspec.convert(found, Failure)
        raise ModelError(failure.message, failure.remedy)
    return msgspec.convert(found, Result)


def _check(run: Run, code: int) -> None:
    if code:
        raise ModelError(
            _("{path} ended the process that measured it (code {code}).").format(
                path=Path(run.path), code=code
            ),
            _("Is memory short? See: kindmark doctor --fit"),
        )


def every(models: Sequence[tuple[str, Path, str]], ways: Sequence[Tuned]) -> list[Run]:
    """Return a run for each model (name, file, quantization) in each way."""
    pairs = [(model, way(chosen)) for model in models for chosen in ways]
    return [Run(name, str(path), kind, *how) for (name, path, kind), how in pairs]
