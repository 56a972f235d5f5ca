"""What ``kindmark bench`` measured, as a table.

show(done)
"""

from collections.abc import Sequence

from rich.table import Table

from runtime.cli.screen import screen
from runtime.judge.measure.results import meaning
from runtime.judge.measure.running import Measured, Run
from runtime.judge.measure.spread import Spread

_SIDE_BY_SIDE = 3
"""Runs that stand beside each other on a screen of 80 columns."""

REMARK = "Medians, lowest to highest of the rounds in brackets. MB are 1,000,000 bytes."


def show(done: Sequence[Measured]) -> None:
    """Print the figures, runs side by side."""
    out = screen()
    for start in range(0, len(done), _SIDE_BY_SIDE):
        out.print(_table(done[start : start + _SIDE_BY_SIDE]))
    if done:
        out.print(REMARK, style="dim")
    if any(not has(one, "energy") for one in done):
        out.print("Energy: not shown by this machine.", style="dim")


def has(one: Measured, name: str) -> bool:
    """Whether a measure was taken."""
    return one.median(name) is not None


def names(done: Sequence[Measured]) -> list[str]:
    """Return every measure that any run has, in the order they were taken."""
    return list(dict.fromkeys(result.name for one in done for result in one.results))


def title(run: Run) -> str:
    """Return what tells a run from others."""
    kind = f" {run.quantization}" if run.quantization and run.quantization not in run.name else ""
    return f"{run.name}{kind}, {run.threads} threads, step {run.step}"


def cell(spread: Spread | None) -> str:
    """Return a median and how far the rounds lie apart."""
    if spread is None:
        return ""
    rounds = "" if spread.count == 1 else f" ({_number(spread.low)}-{_number(spread.high)})"
    return f"{_number(spread.median)}{rounds}"


def spread_of(one: Measured, name: str) -> Spread | None:
    """Return one measure of a run, None if it was not taken."""
    return next((result.spread for result in one.results if result.name == name), None)


def _table(done: Sequence[Measured]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    table.add_column("")
    for one in done:
        table.add_column(title(one.run), justify="right")
    for name in names(done):
        cells = (cell(spread_of(one, name)) for one in done)
        table.add_row(name, meaning(name).unit, *cells)
    return table


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
