"""The figures of ``kindmark eval`` as tables for people."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from runtime.cli.plain import one_line
from runtime.cli.screen import screen
from runtime.marking.agreement import RESAMPLES
from runtime.report.comparison import Comparison

_BASELINES = (
    "Beside it, what needs no marker: the commonest label for all; the answer's length in words; "
    "its overlap with the reference's words. The last two were fitted on other questions."
)


def show(overall: Comparison, unmarked: int, groups: Mapping[str, Comparison]) -> None:
    """Print everything to stdout."""
    console = screen()
    console.print(f"{overall.rows} answers to {overall.questions} questions", style="bold")
    if unmarked:
        console.print(f"{unmarked} more have a label but could not be marked: not counted below.")
    console.print()
    console.print(_measures(overall))
    console.print(f"Interval by {RESAMPLES} resamples of whole questions.")
    console.print(_BASELINES)
    if overall.kind == "verdict":
        _show_verdicts(console, overall)
    for note in overall.notes:
        console.print(note)
    if groups:
        console.print()
        console.print(_groups(groups))


def _show_verdicts(console: Console, overall: Comparison) -> None:
    console.print()
    console.print(_confusion(overall))
    console.print()
    console.print(f"ECE {overall.calibration_error:.3f} (15 bins of equal mass)")
    shares = overall.accuracy_at_coverage.items()
    console.print("Accuracy on the surest: " + ", ".join(f"{k} {v:.3f}" for k, v in shares))


def _measures(overall: Comparison) -> Table:
    table = _table(["", "Kindmark", "95 % interval", *overall.baselines])
    for name, found in overall.measures.items():
        beside = (f"{values[name].value:.3f}" for values in overall.baselines.values())
        interval = f"{found.low:.3f} to {found.high:.3f}"
        table.add_row(name, f"{found.value:.3f}", interval, *beside)
    return table


def _confusion(overall: Comparison) -> Table:
    table = _table(["label \\ mark", *overall.classes])
    for name, counts in zip(overall.classes, overall.confusion, strict=True):
        table.add_row(name, *map(str, counts))
    return table


def _groups(groups: Mapping[str, Comparison]) -> Table:
    first = next(iter(groups.values()))
    table = _table(["group", "answers", *first.measures, "by length"])
    for name, found in groups.items():
        values = [f"{measured.value:.3f}" for measured in found.measures.values()]
        by_length = next(iter(found.baselines["length"].values())).value
        table.add_row(one_line(name), str(found.rows), *values, f"{by_length:.3f}")
    table.caption = f"by length: {next(iter(first.measures))} of the length baseline"
    table.caption_justify = "left"
    return table


def _table(headings: list[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    return table
