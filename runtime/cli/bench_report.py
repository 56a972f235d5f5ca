"""The figures of ``kindmark bench`` as one HTML page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.cli.bench_table import REMARK, cell, names, spread_of, title
from runtime.judge.measure.machine import cpu_name
from runtime.judge.measure.results import meaning
from runtime.judge.measure.running import Measured
from runtime.report.drawing import ACCENT, INK, can_draw, svg
from runtime.report.page import Cell, Page, Section, Table, write_page
from runtime.report.plots import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PLOTTED = {
    "answers": "Verdicts a minute, a class at a time.",
    "with feedback": "Answers a minute with a verdict and feedback each.",
    "p50": "Milliseconds to the verdict of one answer, at the median; less is better.",
}


def write_report(done: Sequence[Measured], path: Path) -> None:
    """Write the page. Raises ``BadInputError`` if ``path`` cannot be written."""
    page = Page(
        title="How fast this machine marks",
        lead=f"Measured on {cpu_name()}. {REMARK}",
        sections=(*_plots(done), _figures(done), _terms(done)),
        foot="Speed does not depend on what weights and answers say: tokens were random.",
    )
    write_page(page, path)


def _figures(done: Sequence[Measured]) -> Section:
    rows = (
        (f"{name} ({meaning(name).unit})", tuple(Cell(cell(spread_of(one, name))) for one in done))
        for name in names(done)
    )
    head = tuple(title(one.run) for one in done)
    table = Table(caption="Names as in llama-bench.", head=head, rows=tuple(rows))
    problems = tuple(f"{title(one.run)}: {one.problem}" for one in done if one.problem)
    return Section(heading="Figures", text=problems, tables=(table,))


def _terms(done: Sequence[Measured]) -> Section:
    said = tuple((name, meaning(name).says) for name in names(done))
    return Section(heading="What they mean", terms=said)


def _plots(done: Sequence[Measured]) -> Iterator[Section]:
    if not can_draw():
        return
    plots = tuple(_bars(done, name) for name in _PLOTTED if name in names(done))
    if plots:
        yield Section(heading="At a glance", plots=plots)


def _bars(done: Sequence[Measured], name: str) -> Plot:
    found = {title(one.run): spread_of(one, name) for one in done}
    values = {run: spread for run, spread in found.items() if spread}

    def draw(axes: "Axes") -> None:
        for place, spread in enumerate(reversed(values.values())):
            axes.barh(place, spread.median, height=0.55, color=ACCENT, alpha=0.75)
            axes.plot([spread.low, spread.high], [place, place], color=INK, linewidth=2)
        axes.set_yticks(range(len(values)), list(values)[::-1])
        axes.set_xlabel(f"{name} ({meaning(name).unit})")
        axes.grid(visible=False, axis="y")

    said = "; ".join(f"{run} {spread.median:.3g}" for run, spread in values.items())
    place = name.replace(" ", "-")
    return Plot(
        svg(place, draw, (6.4, 1.0 + 0.45 * len(values))), f"{name}: {said}.", _PLOTTED[name]
    )
