"""How this machine computes fastest, as it was measured: threads and tokens a step.

    threads, step = tuned()
    BranchLimits(tokens, sequences, step=step, threads=threads)

``kindmark doctor --fit`` measures and stores it, for each machine that shares the user's folder:
a new processor, another number of cores or another engine starts with the defaults again.
"""

import os
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from runtime.judge.causal import STEP_TOKENS
from runtime.judge.engine import default_threads
from runtime.judge.measure.machine import cpu_name, machine_id
from runtime.locations import machine_settings
from runtime.toml_text import toml_text

LEAST_STEP, MOST_STEP = 64, 4096
"""A step is to hold a token of each answer that is written at the same time."""
_HEADING = """\
# What was measured on each machine. Written by: kindmark doctor --fit, kindmark bench --fit
# Delete a table, or the file, and Kindmark goes back to its defaults.

"""


class Tuned(NamedTuple):
    """Threads to compute with (None: a thread a CPU) and the most tokens of one step."""

    threads: int | None = None
    step: int = STEP_TOKENS


def tuned() -> Tuned:
    """Return what was measured on this machine, and the defaults where nothing usable is stored."""
    found = _tables().get(machine_id(), {})
    threads, step = found.get("threads", 0), found.get("step", 0)
    if _whole(threads, 1, default_threads()) and _whole(step, LEAST_STEP, MOST_STEP):
        return Tuned(int(threads), int(step))
    return Tuned()


def keep(found: Tuned) -> Path:
    """Store what was measured and return the file. Raises ``OSError`` if it cannot be written."""
    path = machine_settings()
    tables = _tables()
    tables[machine_id()] = {
        "cpu": cpu_name(),
        "threads": found.threads or default_threads(),
        "step": found.step,
        "measured": datetime.now(UTC).date().isoformat(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(_HEADING + toml_text({"machine": tables}))
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
    return path


def _tables() -> dict[str, dict[str, Any]]:
    """Return the stored tables; a file that is damaged counts as none: it is only a cache."""
    try:
        found = tomllib.loads(machine_settings().read_text("utf-8")).get("machine", {})
    except (OSError, ValueError, RecursionError):
        return {}
    tables = found if isinstance(found, dict) else {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
