"""The figures of several quantizations as a table of text."""

from collections.abc import Callable, Sequence

import msgspec

from convert.compare.measure import Measured
from convert.compare.quality import Change


class Row(msgspec.Struct, frozen=True):
    """One file: what it costs and what it changes."""

    measured: Measured
    change: Change


Columns = dict[str, Callable[[Row], str]]


def columns(rows: Sequence[Row]) -> Columns:
    """Return the columns that any of the rows has something for: name and how to write a cell."""
    every: Columns = {
        "MB": lambda row: f"{row.measured.megabytes:,.1f}",
        "load s": lambda row: f"{row.measured.load_seconds:.2f}",
        "peak MB": lambda row: f"{row.measured.peak_mb:,.0f}" if row.measured.peak_mb else "",
        "read tok/s": lambda row: f"{row.measured.prefill:,.0f}",
        "write tok/s": lambda row: _number(row.measured.decode, ".1f"),
        "KL": lambda row: _number(row.change.difference.kl, ".2g"),
        "same token": lambda row: _number(row.change.difference.top1, ".1%"),
        "cosine": lambda row: _number(row.change.difference.cosine, ".4f"),
        "max diff": lambda row: f"{row.change.difference.max_diff:.2g}",
        "same verdict": lambda row: _number(row.change.verdicts, ".1%"),
    }
    return {name: cell for name, cell in every.items() if any(map(cell, rows))}


def text_table(rows: Sequence[Row]) -> str:
    """Return the table, numbers to the right; quality is against the first row."""
    shown = columns(rows)
    lines = [["file", "kind", *shown]]
    lines += [
        [row.measured.file, row.measured.kind, *(cell(row) for cell in shown.values())]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(cells[:2], widths, strict=False)]
    right = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join(left + right).rstrip()


def _number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"
