"""Measures a model by ``kindmark bench`` in a process of its own, so that nothing here waits.

    with Benchmark("minilm-marker") as running:
        for line in running.lines(): ...            what was measured so far, a name each
        for run in running.runs(): run.figures

For a thread. ``stop`` may be called from another one; what was measured until then is kept.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import msgspec

from runtime.closing import Closing
from runtime.errors import ModelError, reason_of
from runtime.words import _

COMMAND = (sys.executable, "-P", "-m", "runtime.cli.main")


class Figure(msgspec.Struct, frozen=True):
    """One measure; ``says`` is what it means (in English, as the command has it)."""

    name: str
    unit: str
    says: str
    median: float


class Named(msgspec.Struct, frozen=True):
    """Which file was measured."""

    name: str
    quantization: str


class MeasuredRun(msgspec.Struct, frozen=True):
    """One file that was measured; ``problem`` says why it could not be, or not to its end."""

    run: Named
    results: tuple[Figure, ...]
    problem: str

    @property
    def title(self) -> str:
        """The model with its quantization."""
        return f"{self.run.name} {self.run.quantization}".strip()

    def median(self, name: str) -> float | None:
        """Return one figure, ``None`` if it was not measured."""
        return next((one.median for one in self.results if one.name == name), None)


class _Report(msgspec.Struct, frozen=True):
    runs: tuple[MeasuredRun, ...]


class Benchmark(Closing):
    """A quick measurement of every file of one model."""

    def __init__(self, model: str, command: tuple[str, ...] = COMMAND) -> None:
        """Start it. Raises ``ModelError`` if the system starts no process."""
        try:
            self._process = subprocess.Popen(
                (*command, "bench", model, "--quick", "--json"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        except OSError as error:
            raise ModelError(
                _("The benchmark cannot be started: {reason}.").format(reason=reason_of(error)),
                _("Close other programs."),
            ) from None

    def lines(self) -> Iterator[str]:
        """Yield what it says while it measures, a line each."""
        assert self._process.stderr
        for line in self._process.stderr:
            yield line.decode("utf-8", "replace").strip()

    def runs(self) -> tuple[MeasuredRun, ...]:
        """Return the figures once ``lines`` has come to its end. Raises ``ModelError``."""
        assert self._process.stdout
        data = self._process.stdout.read()
        self._process.wait()
        try:
            return msgspec.json.decode(data, type=_Report).runs
        except msgspec.DecodeError:
            raise ModelError(
                _("The benchmark came to no figures."), _("See what it says: kindmark bench")
            ) from None

    def stop(self) -> None:
        """End it early; ``runs`` has what was measured until then."""
        self._process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)

    def close(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
