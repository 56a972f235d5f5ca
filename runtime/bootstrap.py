"""Sets up a checkout: virtual environment, llama.cpp for this CPU, Kindmark, its default model.

    python3 -m runtime.bootstrap          what it takes to mark
    python3 -m runtime.bootstrap --dev    and what it takes to run the tests

Standard library only. A second run does nothing; one that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[[str], None]

# The oldest Python with what the code uses (tomllib, typing.Self).
OLDEST = (3, 11)
HEARTBEAT_SECONDS = 15
ENGINE = "llama-cpp-python"
_NETWORK = re.compile(
    r"NewConnectionError|Max retries|name resolution|timed out|ProxyError|No matching distribution"
)


class SetupError(Exception):
    """What keeps the set-up from going on, and what to do about it."""


class Place(NamedTuple):
    """Where the set-up works; ``wheels`` is shared by all checkouts of this user."""

    root: Path
    wheels: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.venv / "bin" / "python")

    @property
    def log(self) -> Path:
        """What the commands printed."""
        return self.root / "build" / "bootstrap.log"

    @property
    def stamp(self) -> Path:
        """What the last complete set-up was for."""
        return self.venv / "kindmark-stamp"


class Step(NamedTuple):
    """One command, what it does, how long it usually takes and what helps if it fails."""

    title: str
    usual: str
    command: list[str]
    remedy: str


class Process(Protocol):
    """The part of ``subprocess.Popen`` that ``watch`` needs."""

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code or raise ``subprocess.TimeoutExpired``."""


def engine_version(pyproject: str) -> str:
    """Return the version of the engine that ``pyproject.toml`` pins."""
    found = re.search(rf'"{ENGINE}==([\w.]+)"', pyproject)
    if not found:
        raise SetupError(f"pyproject.toml does not pin {ENGINE}; the checkout is incomplete.")
    return found.group(1)


def cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return what tells this CPU from another, for code that is compiled for it alone."""
    try:
        text = cpuinfo.read_text("utf-8", "replace")
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return " ".join(sorted(found.group(1).split())) if found else platform.machine()


def cache_key(version: str, flags: str) -> str:
    """Return the folder name for wheels of this Python, this CPU and this engine version."""
    digest = hashlib.sha256(flags.encode()).hexdigest()[:8]
    return f"cp{sys.version_info[0]}{sys.version_info[1]}-{digest}-{version}"


def locate(root: Path) -> Place:
    """Return the places for a checkout."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = engine_version((root / "pyproject.toml").read_text("utf-8"))
    return Place(root, cache / "kindmark" / "wheels" / cache_key(version, cpu_flags()))


def stamp(root: Path, dev: bool) -> str:
    """Return the text that marks a set-up as done for this checkout and Python."""
    seen = hashlib.sha256(sys.version.encode())
    seen.update((root / "pyproject.toml").read_bytes())
    seen.update((root / "models" / "catalogue.toml").read_bytes())
    seen.update(os.environ.get("KINDMARK_MODELS", "").encode())
    return f"{seen.hexdigest()} {'dev' if dev else 'run'}\n"


def is_installed(place: Place, dev: bool) -> bool:
    """Tell whether .venv is complete; a set-up for development does for running too."""
    try:
        found, _, _ = place.stamp.read_text("utf-8").partition("\n")
    except OSError:
        return False
    return f"{found}\n" in (stamp(place.root, dev), stamp(place.root, True))


def is_done(place: Place, dev: bool) -> bool:
    """Tell whether nothing is to do: all is installed and the default model still lies there."""
    if not is_installed(place, dev):
        return False
    models = _recorded_models(place)
    there = (Path(path).is_file() and Path(path).stat().st_size == size for size, path in models)
    return bool(models) and all(there)


def _recorded_models(place: Place) -> list[tuple[int, str]]:
    """Return the size and path of each model file the last set-up left, as the stamp has them."""
    lines = place.stamp.read_text("utf-8").splitlines()[1:]
    return [(int(size), path) for size, _, path in (line.partition(" ") for line in lines)]


def _model_lines(place: Place) -> str:
    """Return the lines of the stamp for the models: only Kindmark itself knows where they lie."""
    command = [place.python, "-m", "runtime.cli.main", "models", "list", "--json"]
    try:
        listed = subprocess.run(command, cwd=place.root, capture_output=True, check=True)
        rows = json.loads(listed.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError):
        # Without these lines the next set-up looks for the model again.
        return ""
    paths = [Path(row["path"]) for row in rows if row["kind"] == "base"]
    return "".join(f"{path.stat().st_size} {path}\n" for path in paths if path.is_file())


def plan(place: Place, dev: bool) -> list[Step]:
    """Return the steps that are left, in order; where only the model is gone, that one."""
    python, version = place.python, place.wheels.name.rsplit("-", 1)[1]
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    steps = []
    if not (place.venv / "bin" / "pip").exists():
        steps.append(_venv_step(place))
    if not _has_engine(place, version):
        steps.append(_engine_step(place, pip, version))
    target = f"{place.root}[{'dev,train,hub,web' if dev else 'hub,web'}]"
    install = [*pip, "install", "--find-links", str(place.wheels), "-e", target]
    # Without network a model can be brought by hand; pip could not even look.
    if steps or not is_installed(place, dev):
        steps.append(Step("Installing Kindmark", "1 to 3 minutes", install, "Try again later."))
    steps.append(
        Step(
            "Building the default model",
            "1 minute, 80 MB to fetch",
            [python, "-m", "convert.command", "default"],
            "Without network: .venv/bin/python -m convert.command default --from FILE",
        )
    )
    return steps


def _venv_step(place: Place) -> Step:
    remedy = "On Debian and Ubuntu: apt install python3-venv. If .venv is broken: make clean."
    command = [sys.executable, "-m", "venv", str(place.venv)]
    return Step("Creating .venv", "10 seconds", command, remedy)


def _has_engine(place: Place, version: str) -> bool:
    name = f"llama_cpp_python-{version}"
    installed = place.venv.glob(f"lib/python3*/site-packages/{name}.dist-info/RECORD")
    return any(installed) or any(place.wheels.glob(f"{name}-*.whl"))


def _engine_step(place: Place, pip: list[str], version: str) -> Step:
    # Built under another name: only a whole wheel ever lies in the cache.
    # pip's own cache does not tell CPUs apart, so it is left out.
    command = [
        *pip,
        "wheel",
        "--no-cache-dir",
        "--no-deps",
        "-w",
        str(_partial(place)),
        f"{ENGINE}=={version}",
    ]
    return Step(
        f"Compiling llama.cpp for this CPU (once; kept in {place.wheels})",
        "5 to 10 minutes on 2 cores, half an hour on a Raspberry Pi",
        command,
        "It takes a C++ compiler; on Debian and Ubuntu: apt install build-essential.",
    )


def _partial(place: Place) -> Path:
    return place.wheels.with_name(f"{place.wheels.name}.partial")


def check_machine(steps: list[Step]) -> None:
    """Raise ``SetupError`` if this Python is too old or a compiler is needed and missing."""
    if sys.version_info < OLDEST:
        raise SetupError(
            f"This is Python {platform.python_version()}; Kindmark needs "
            f"{OLDEST[0]}.{OLDEST[1]} or newer: make PYTHON=python3.12 ..."
        )
    compilers = [os.environ.get("CXX", "c++"), "g++", "clang++"]
    if any("Compiling" in step.title for step in steps) and not any(map(shutil.which, compilers)):
        raise SetupError(
            "There is no C++ compiler. On Debian and Ubuntu: apt install build-essential"
        )


def watch(process: Process, say: Say, every: float = HEARTBEAT_SECONDS) -> int:
    """Wait for a process, saying every so many seconds that it goes on; return its exit code."""
    start = time.monotonic()
    while True:
        try:
            return process.wait(timeout=every)
        except subprocess.TimeoutExpired:
            minutes, seconds = divmod(int(time.monotonic() - start), 60)
            say(f"  ... {minutes}:{seconds:02d} so far")


def run(step: Step, place: Place, say: Say) -> None:
    """Run one step with its output in the log. Raises ``SetupError`` if it fails."""
    say(f"{step.title} (usually {step.usual})")
    with place.log.open("ab") as log:
        begin = log.tell()
        process = subprocess.Popen(
            step.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place.root
        )
        try:
            code = watch(process, say)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        raise SetupError(_failure(step, place, place.log.read_bytes()[begin:]))


def _failure(step: Step, place: Place, said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    network = "It looks as if there is no network. " if _NETWORK.search("\n".join(lines)) else ""
    tail = "".join(f"\n  | {line}" for line in lines[-8:])
    return (
        f"{step.title}: failed. {network}{step.remedy}\nAll of it is in {place.log}; the end:{tail}"
    )


def set_up(place: Place, dev: bool, say: Say) -> None:
    """Take every step that is left and record that it is done."""
    steps = plan(place, dev)
    check_machine(steps)
    for folder in (place.log.parent, place.wheels):
        folder.mkdir(parents=True, exist_ok=True)
    for step in steps:
        run(step, place, say)
        for wheel in _partial(place).glob("*.whl"):
            wheel.replace(place.wheels / wheel.name)
    shutil.rmtree(_partial(place), ignore_errors=True)
    for_dev = dev or is_installed(place, True)
    place.stamp.write_text(stamp(place.root, for_dev) + _model_lines(place), "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Set the checkout up; return 0, 1 if that failed or 130 if it was stopped."""
    parser = argparse.ArgumentParser(prog="runtime.bootstrap", description="Sets a checkout up.")
    parser.add_argument("--dev", action="store_true", help="with what the tests need")
    dev = parser.parse_args(argv).dev
    try:
        place = locate(Path(__file__).resolve().parents[1])
        if not is_done(place, dev):
            set_up(place, dev, _say)
            _say("Kindmark is set up.")
    except (SetupError, OSError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("\nStopped. The same command goes on from here.")
        return 130
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
