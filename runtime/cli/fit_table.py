"""What was foreseen of the models, as a table.

show(foreseen_here(say=console.say))
"""

from rich.table import Table

from runtime.cli.fit import Fit, FitRow
from runtime.cli.screen import screen


def show(fit: Fit) -> None:
    """Print what was measured and a table of the models."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("model", overflow="fold")
    headings = ("needs", "fits", "verdicts", "with feedback", "reads", "writes", "known from")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "known from" else "right")
    for row in fit.models:
        table.add_row(row.file, *_cells(row))
    out = screen()
    out.print(f"{fit.threads} threads, steps of {fit.step} tokens; {fit.free_memory_mb:,} MB free;")
    out.print(
        f"{fit.gflops:.0f} GFLOP/s reading, {fit.gigabytes_a_second:.1f} GB/s writing (4 bits)"
    )
    out.print(table)
    out.print(
        f"A class: {fit.answers} answers of {fit.answer} tokens, {fit.shared} shared, "
        f"{fit.feedback} of feedback each. Reads, writes: tokens a second, one at a time."
    )


def _cells(row: FitRow) -> tuple[str, ...]:
    fits = {True: "yes", False: "no", None: "?"}[row.fits]
    return (
        "?" if row.memory_mb is None else f"{row.memory_mb:,} MB",
        fits,
        _duration(row.verdicts),
        "-" if row.basis == "measured" else _duration(row.with_feedback),
        "-" if row.read is None else f"{row.read:.0f}",
        "-" if row.write is None else f"{row.write:.1f}",
        row.problem or row.basis or "nothing: unknown",
    )


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "?"
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
