"""Makes a Python environment out of the wheels of a bundle, without a network and without pip.

    environment = Environment(Path("kindmark/env-0a1b2c"))
    environment.build(bundle)
    environment.run("-m", "runtime.cli.main", "--version")

The bundle brings its own pip: the Pythons of many systems come without it.
Standard library only: this module travels inside every bundle.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import venv
from pathlib import Path
from typing import NamedTuple

from runtime.bundle.reading import Bundle
from runtime.errors import BadInputError

# A right answer and a wrong one, of our own making: the whole path from question to mark.
_CHECK = (
    {"id": "1", "task": "math", "question": "3 + 4?", "reference": "7", "answer": "3 + 4 = 7"},
    {"id": "2", "task": "math", "question": "3 + 4?", "reference": "7", "answer": "8"},
)
_SHORT = {
    **{"id": "3", "task": "short_answer", "question": "Why do puddles dry up?"},
    **{"reference": "The water evaporates.", "answer": "the water evaporates"},
}
_VERDICTS = ["correct", "incorrect"]


class Environment(NamedTuple):
    """A virtual environment; it is ``complete`` once it was built and has marked."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The file that tells a finished environment from one that was stopped."""
        return self.folder / "kindmark-complete"

    def build(self, bundle: Bundle) -> None:
        """Install every wheel of ``bundle``. Raises ``BadInputError`` with what pip said last."""
        shutil.rmtree(self.folder, ignore_errors=True)
        # Copies would miss the libraries of some Pythons; links are what venv itself makes.
        venv.create(self.folder, with_pip=False, symlinks=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as inside:
            paths = []
            for member in bundle.manifest.within("wheels"):
                paths.append(Path(inside) / member.file)
                bundle.copy(member, paths[-1])
            installer = next((path for path in paths if path.name.startswith("pip-")), None)
            if not installer:
                raise BadInputError(f"{bundle.path} lacks pip, which installs the rest.")
            self._install(installer, paths)

    def _install(self, installer: Path, paths: list[Path]) -> None:
        quiet = ["--quiet", "--no-input", "--no-cache-dir", "--disable-pip-version-check"]
        # The list is whole and of one machine: nothing is left to be looked for or decided.
        options = ["--no-index", "--no-deps", "--no-warn-script-location", *quiet]
        command = ["-m", "pip", "install", *options, *map(str, paths)]
        done = self.run(*command, extra={"PYTHONPATH": str(installer)})
        if done.returncode:
            raise BadInputError(f"The wheels cannot be installed: {last_words(done)}")

    def check(self, store: Path) -> None:
        """Mark two or three answers. Raises ``BadInputError`` saying why that fails here."""
        judged = any(store.glob("minilm-marker-*.gguf"))
        rows = [*_CHECK, _SHORT] if judged else [*_CHECK]
        path = self.folder / "check.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        marking = ("-P", "-m", "runtime.cli.main", "grade", str(path), "--format", "jsonl")
        done = self.run(*marking, extra={"KINDMARK_MODELS": str(store)})
        if done.returncode:
            raise BadInputError(f"Kindmark is installed but cannot mark: {last_words(done)}", _MEND)
        marks = [json.loads(line) for line in done.stdout.splitlines()]
        verdicts = [mark["verdict"] for mark in marks]
        if len(marks) != len(rows) or verdicts[: len(_VERDICTS)] != _VERDICTS:
            raise BadInputError(f"Kindmark is installed but marks wrongly: {verdicts}.", _MEND)

    def run(
        self, *arguments: str, extra: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run its Python, untouched by the settings of pip and Python around it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        settings = {"PIP_CONFIG_FILE": os.devnull, "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}
        return subprocess.run(
            [str(self.python), *arguments],
            env={**kept, **settings, **(extra or {})},
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
            errors="replace",
        )


_MEND = "If a library is missing (libgomp.so.1 is in the package libgomp1), install it; " + (
    "else make the bundle anew for this kind of machine."
)


def last_words(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the end of what a process said, or the signal it died of."""
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        illegal = "; its engine was compiled for another CPU" if name == "SIGILL" else ""
        return f"it ended with {name}{illegal}."
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    # Ours say what is wrong in one line and what to do in the next.
    return " ".join(lines[-2:]).removeprefix("kindmark: ") or "it said nothing."
