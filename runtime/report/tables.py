"""Figures as tables of a page."""

from collections.abc import Mapping

from runtime.marking.agreement import RESAMPLES
from runtime.report.comparison import Comparison, Measured, percent
from runtime.report.page import Cell, Table

BASELINES = {
    "commonest": "commonest label",
    "length": "answer's length",
    "overlap": "word overlap",
}


def measures_table(comparison: Comparison, marker: str) -> Table:
    """Return the measures with their intervals, the marker first, then the baselines."""
    ways = {marker: comparison.measures, **_named(comparison.baselines)}
    rows = (
        (name, tuple(_with_interval(found.get(name)) for found in ways.values()))
        for name in comparison.measures
    )
    return Table(
        caption=f"In brackets: the 95 % interval, by {RESAMPLES} resamples of whole questions.",
        head=tuple(ways),
        rows=tuple(rows),
    )


def confusion_table(comparison: Comparison) -> Table:
    """Return the confusion matrix, shaded by each row's shares."""
    rows = []
    for name, counts in zip(comparison.classes, comparison.confusion, strict=True):
        total = sum(counts) or 1
        cells = (Cell(f"{n:,} ({percent(n / total)})", shade=n / total) for n in counts)
        rows.append((name, (*cells, Cell(f"{sum(counts):,}"))))
    return Table(
        caption="Rows: the teachers' labels. Columns: what was given, with its share of the row.",
        head=(*comparison.classes, "all"),
        rows=tuple(rows),
        corner="label",
    )


def coverage_table(comparison: Comparison) -> Table:
    """Return how many of the surest answers are right."""
    shares = comparison.accuracy_at_coverage
    return Table(
        caption="Share that is right among the surest answers.",
        head=tuple(f"surest {share}".replace("%", "\u00a0%") for share in shares),
        rows=(("right", tuple(Cell(f"{percent(value, 1)}") for value in shares.values())),),
    )


def groups_table(groups: Mapping[str, Comparison]) -> Table:
    """Return the measures of each group of answers."""
    first = next(iter(groups.values()))
    rows = (
        (name, (Cell(f"{found.rows:,}"), *(_plain(found.measures[key]) for key in first.measures)))
        for name, found in groups.items()
    )
    return Table(
        caption="The same figures for each group of answers.",
        head=("answers", *first.measures),
        rows=tuple(rows),
    )


def _named(baselines: Mapping[str, dict[str, Measured]]) -> dict[str, dict[str, Measured]]:
    return {BASELINES.get(name, name): found for name, found in baselines.items()}


def _with_interval(found: Measured | None) -> Cell:
    if found is None:
        return Cell("")
    return Cell(f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})")


def _plain(found: Measured) -> Cell:
    return Cell(f"{found.value:.3f}")
