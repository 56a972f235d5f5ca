"""Facts about this machine, from the operating system alone.

machine = this_machine()
machine.cores, machine.free_memory_mb
free_disk_mb(folder)
"""

import os
import platform
import shutil
from pathlib import Path

import msgspec

_FLAGS = ("sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "asimd", "neon")
"""What llama.cpp computes faster with; "asimd" is how 64-bit ARM calls NEON."""


class Machine(msgspec.Struct, frozen=True):
    """Cores this process may use, memory in megabytes (0 where unknown), and the CPU's flags."""

    system: str
    cpu: str
    cores: int
    memory_mb: int
    free_memory_mb: int
    flags: tuple[str, ...]


def this_machine() -> Machine:
    """Look at the machine."""
    memory = _key_values(Path("/proc/meminfo"))
    cpu = _key_values(Path("/proc/cpuinfo"))
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        # ARM boards name themselves under "Model".
        cpu=cpu.get("model name") or cpu.get("Model") or platform.processor() or "unknown",
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _all_cores(),
        memory_mb=_megabytes(memory.get("MemTotal", "")),
        free_memory_mb=_megabytes(memory.get("MemAvailable", "")),
        flags=_flags(cpu),
    )


def free_disk_mb(folder: Path) -> int:
    """Return the free space where ``folder`` is or would be made."""
    return shutil.disk_usage(nearest_folder(folder)).free // 1_000_000


def nearest_folder(folder: Path) -> Path:
    """Return the nearest folder above that exists, or ``folder`` itself."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _all_cores() -> int:
    return os.cpu_count() or 1


def _key_values(path: Path) -> dict[str, str]:
    """Read "key : value" lines of a file under /proc; other systems have none."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _megabytes(value: str) -> int:
    kilobytes = value.removesuffix("kB").strip()
    return int(kilobytes) // 1000 if kilobytes.isdecimal() else 0


def _flags(cpu: dict[str, str]) -> tuple[str, ...]:
    found = (cpu.get("flags") or cpu.get("Features") or "").split()
    return tuple(flag for flag in _FLAGS if flag in found)
