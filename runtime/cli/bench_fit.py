"""What was foreseen of models beside what was measured: how far ``--fit`` can be believed.

for line in lines(checks(fit, done)):
    print(line)
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from runtime.cli.fit import Fit, FitRow

if TYPE_CHECKING:
    from runtime.judge.measure.running import Measured


class Check(msgspec.Struct, frozen=True):
    """One figure of one file, foreseen and measured."""

    file: str
    what: str
    unit: str
    foreseen: float
    measured: float

    @property
    def error(self) -> float:
        """How much more was foreseen than measured, as a share of what was measured."""
        return self.foreseen / self.measured - 1


def checks(fit: Fit, done: "Sequence[Measured]") -> list[Check]:
    """Return every figure that was both foreseen and measured; for encoders nothing is foreseen."""
    known = {row.file: row for row in fit.models if row.basis == "file"}
    return [
        check
        for one in done
        if (row := known.get(Path(one.run.path).name))
        for check in _of(row, one, fit)
    ]


def _of(row: FitRow, one: "Measured", fit: Fit) -> Iterator[Check]:
    rate, peak = one.median("with feedback"), one.median("peak")
    pairs = (
        ("verdicts", "s", row.verdicts, one.median("class")),
        ("with feedback", "s", row.with_feedback, 60 * fit.answers / rate if rate else None),
        ("peak memory", "MB", row.peak_mb, peak),
    )
    for what, unit, foreseen, measured in pairs:
        if foreseen and measured:
            yield Check(row.file, what, unit, foreseen, measured)


def lines(found: Sequence[Check]) -> Iterator[str]:
    """Yield a sentence a figure."""
    for check in found:
        yield (
            f"{check.file}, {check.what}: foreseen {check.foreseen:.3g} {check.unit}, "
            f"measured {check.measured:.3g} {check.unit} ({check.error:+.0%})"
        )
