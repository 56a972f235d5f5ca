"""What ``kindmark bench`` measured, as data: for other programs, and to compare machines.

sys.stdout.write(as_data(done, effort))
"""

from collections.abc import Iterator, Sequence

import msgspec

from runtime import __version__
from runtime.cli.bench_fit import checks
from runtime.cli.fit import Fit
from runtime.judge.engine import build_info
from runtime.judge.measure.decoders import Effort
from runtime.judge.measure.machine import cpu_name, machine_id
from runtime.judge.measure.results import meaning
from runtime.judge.measure.running import Measured, Run


class Figure(msgspec.Struct, frozen=True):
    """One measure as data."""

    name: str
    unit: str
    says: str
    median: float
    low: float
    high: float
    values: list[float]


class RunData(msgspec.Struct, frozen=True):
    """A model, how it was computed, and what came of it."""

    run: Run
    results: list[Figure]
    problem: str


def as_data(done: Sequence[Measured], effort: Effort, fit: Fit | None = None) -> str:
    """Return everything that was measured, and on what, as JSON."""
    data: dict[str, object] = {
        "kindmark": __version__,
        "machine": {"id": machine_id(), "cpu": cpu_name(), "engine": build_info()},
        "effort": {**effort._asdict(), "size": effort.size._asdict()},
        "runs": [RunData(one.run, list(_figures(one)), one.problem) for one in done],
    }
    if fit:
        data |= {"fit": fit, "checks": checks(fit, done)}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _figures(one: Measured) -> Iterator[Figure]:
    for result in one.results:
        found, about = result.spread, meaning(result.name)
        values = (about.unit, about.says, found.median, found.low, found.high, result.values)
        yield Figure(result.name, *values)
