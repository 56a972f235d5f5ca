"""The figures of several quantizations as one HTML page, with plots where matplotlib is there."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from convert.compare.table import Row, columns
from runtime.report.drawing import ACCENT, INK, SECOND, can_draw, svg
from runtime.report.page import Cell, Page, Section, Table, write_page
from runtime.report.plots import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TERMS = (
    ("MB", "megabytes on disk, a million bytes each"),
    ("load s", "seconds until the first token was read, the file wherever the system had it"),
    ("peak MB", "the most memory the process took, Python and all"),
    ("read tok/s", "tokens of a prompt read in a second"),
    ("write tok/s", "tokens of a reply written in a second"),
    (
        "KL",
        "Kullback-Leibler divergence of the next-token distribution from the first file's, nats",
    ),
    ("same token", "share of positions with the same likeliest next token as the first file"),
    ("cosine", "least cosine between a token's vector and the first file's"),
    ("max diff", "largest difference of a single number from the first file's"),
    ("same verdict", "share of texts that the head gives the same label as on the first file"),
)


def write_report(rows: Sequence[Row], path: Path) -> None:
    """Write the page. Raises ``BadInputError`` if it cannot be written there."""
    first = rows[0].measured
    shown = columns(rows)
    table = Table(
        caption=f"Quality is held against {first.file}. Speeds: this machine, {first.threads} "
        "threads, the median of three rounds.",
        head=("kind", *shown),
        rows=tuple(
            (
                row.measured.file,
                (Cell(row.measured.kind), *(Cell(cell(row)) for cell in shown.values())),
            )
            for row in rows
        ),
        corner="file",
    )
    terms = tuple((name, meaning) for name, meaning in _TERMS if name in shown)
    section = Section(heading="Figures", tables=(table,), plots=tuple(_plots(rows)), terms=terms)
    write_page(
        Page(
            title="Quantizations compared",
            lead="What fewer bits a weight save, and what they change.",
            sections=(section,),
        ),
        path,
    )


def _plots(rows: Sequence[Row]) -> Iterator[Plot]:
    if not can_draw() or len(rows) < 2:
        return
    yield _lost(rows)
    yield _speeds(rows)


def _lost(rows: Sequence[Row]) -> Plot:
    """Return what is lost beside the size of the file."""
    sizes = [row.measured.megabytes for row in rows]
    lost = [_loss(row) for row in rows]
    name = (
        "KL from the first file (nats)"
        if rows[0].change.difference.kl is not None
        else "1 - cosine"
    )

    def draw(axes: "Axes") -> None:
        axes.plot(sizes, lost, "o", color=ACCENT, markersize=7)
        for row, size, value in zip(rows, sizes, lost, strict=True):
            axes.annotate(
                row.measured.kind, (size, value), xytext=(0, 8), textcoords="offset points",
                ha="center", fontsize=9,
            )  # fmt: skip
        axes.margins(x=0.12, y=0.2)
        axes.set(xlabel="size (MB)", ylabel=name)

    said = "; ".join(
        f"{row.measured.kind} {size:,.0f} MB, {value:.2g}"
        for row, size, value in zip(rows, sizes, lost, strict=True)
    )
    return Plot(svg("lost", draw), f"{name} by size: {said}.", "Lower is nearer to the first file.")


def _speeds(rows: Sequence[Row]) -> Plot:
    """Return how quickly each file reads and writes."""
    kinds = [row.measured.kind for row in rows][::-1]
    read = [row.measured.prefill for row in rows][::-1]
    write = [row.measured.decode or 0.0 for row in rows][::-1]

    def draw(axes: "Axes") -> None:
        places = range(len(kinds))
        axes.barh([p + 0.2 for p in places], read, 0.38, color=INK, label="reads")
        if any(write):
            axes.barh([p - 0.2 for p in places], write, 0.38, color=SECOND, label="writes")
            # Above the bars, which may fill the whole width.
            axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
        axes.set_yticks(list(places), kinds)
        axes.set_xlabel("tokens a second")
        axes.grid(visible=False, axis="y")

    said = "; ".join(
        f"{row.measured.kind} reads {row.measured.prefill:,.0f}"
        + (f", writes {row.measured.decode:.1f}" if row.measured.decode else "")
        for row in rows
    )
    caption = "Longer is quicker: a prompt is read, a reply written token by token."
    return Plot(
        svg("speed", draw, (5.2, 1.2 + 0.5 * len(rows))), f"Tokens a second: {said}.", caption
    )


def _loss(row: Row) -> float:
    found = row.change.difference
    if found.kl is not None:
        return found.kl
    return 1 - (found.cosine if found.cosine is not None else 1.0)
