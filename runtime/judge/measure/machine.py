"""What measuring needs to know of this machine: which it is, its memory, its energy.

machine_id()        # the same as long as processor, cores and engine are
with Energy() as energy: ...
energy.joules       # None where the machine does not show it
"""

import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Self

from runtime.judge.engine import build_info, default_threads

_RAPL = Path("/sys/class/powercap")
_STATUS = Path("/proc/self/status")


def cpu_name() -> str:
    """Return what the processor calls itself, or its kind where it does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    pairs = (line.partition(":") for line in lines)
    known = {key.strip(): value.strip() for key, _, value in pairs}
    # ARM boards name themselves under "Model".
    return known.get("model name") or known.get("Model") or platform.processor() or "unknown"


def machine_id() -> str:
    """Return a hash of processor, cores this process may use, and build of the engine."""
    parts = (cpu_name(), str(default_threads()), metadata.version("llama-cpp-python"), build_info())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def peak_bytes() -> int | None:
    """Return the most memory this process has held, pages of mapped models included; or None."""
    # Not getrusage: on Linux it counts what the parent held when it started this process, too.
    return _status("VmHWM") or _peak_elsewhere()


def own_bytes() -> int | None:
    """Return the memory of this process without pages of mapped files; None where not shown."""
    return _status("RssAnon")


def _status(key: str) -> int | None:
    try:
        lines = _STATUS.read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith(f"{key}:")]
    return 1024 * int(found[0]) if found else None


def _peak_elsewhere() -> int | None:
    try:
        import resource  # noqa: PLC0415  # Windows has none.
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


class Energy:
    """Joules of all processor packages while it runs, by RAPL; None if they are not shown.

    Counters run over (every few minutes at full load) and are taken to do so once at most.
    Source: https://docs.kernel.org/power/powercap/powercap.html
    """

    def __init__(self, folder: Path = _RAPL) -> None:
        # "intel-rapl:0" is a package (AMD's too), "intel-rapl:0:0" a part of it.
        found = folder.glob("intel-rapl:*") if folder.is_dir() else ()
        self._zones = sorted(path for path in found if path.name.count(":") == 1)
        self._start: list[int] | None = None
        self.joules: float | None = None

    def __enter__(self) -> Self:
        """Read the counters."""
        self._start = self._read()
        return self

    def __exit__(self, *_details: object) -> None:
        """Read them again."""
        end = self._read()
        if self._start and end:
            spans = zip(self._zones, self._start, end, strict=True)
            self.joules = sum(_difference(*span) for span in spans) / 1e6

    def _read(self) -> list[int] | None:
        try:
            # Only root may read them on most systems.
            return [_number(zone / "energy_uj") for zone in self._zones]
        except (OSError, ValueError):
            return None


def _difference(zone: Path, start: int, end: int) -> int:
    return end - start if end >= start else end - start + _number(zone / "max_energy_range_uj")


def _number(path: Path) -> int:
    return int(path.read_text("ascii"))
