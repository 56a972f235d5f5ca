"""The plots of a report. Each says in words what it shows, for those who cannot see it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from runtime.marking.agreement import Bin, Point
from runtime.report.comparison import Measured, percent
from runtime.report.drawing import ACCENT, FAINT, INK, PAPER, SECOND, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEWEST = 0.02
"""Of a handful of answers no share of errors can be told: the curve starts at this share."""

Curve = tuple[Sequence[float], Sequence[float]]
"""Places and heights."""


class Plot(msgspec.Struct, frozen=True):
    """An SVG element, its text for a screen reader, and the caption below it."""

    svg: str
    alt: str
    caption: str


def interval_plot(name: str, measure: str, found: Mapping[str, Measured], caption: str) -> Plot:
    """Return one measure for several ways of marking, each with its interval."""
    ways = list(found)[::-1]

    def draw(axes: "Axes") -> None:
        for place, way in enumerate(ways):
            colour = ACCENT if place == len(ways) - 1 else INK
            value = found[way]
            axes.plot([value.low, value.high], [place, place], color=colour, linewidth=2)
            axes.plot(value.value, place, "o", color=colour, markersize=7)
            axes.annotate(
                f"{value.value:.2f}",
                (value.value, place),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        axes.set_yticks(range(len(ways)), ways)
        axes.set_ylim(-0.5, len(ways) - 0.3)
        axes.set_xlabel(measure)
        axes.grid(visible=False, axis="y")

    said = "; ".join(f"{way} {value.value:.2f}" for way, value in found.items())
    return Plot(svg(name, draw, (5.2, 0.9 + 0.55 * len(ways))), f"{measure}: {said}.", caption)


def reliability_plot(name: str, bins: Sequence[Bin]) -> Plot:
    """Return stated confidence beside the share that was right."""
    stated, right = [part.confidence for part in bins], [part.accuracy for part in bins]
    low = min(0.5, *stated, *right)

    def draw(axes: "Axes") -> None:
        axes.plot([low, 1], [low, 1], color=FAINT, linewidth=1.5, label="means what it says")
        axes.vlines(stated, stated, right, color=SECOND, alpha=0.6, linewidth=1.5)
        axes.plot(stated, right, "o-", color=ACCENT, linewidth=1.5, markersize=5, label="found")
        axes.set(xlabel="confidence stated", ylabel="share that was right")
        axes.set(xlim=(low - 0.02, 1.02), ylim=(low - 0.02, 1.02))
        axes.legend(loc="upper left")

    widest = max(bins, key=lambda part: abs(part.confidence - part.accuracy))
    alt = (
        f"Confidence from {percent(stated[0])} to {percent(stated[-1])}; the widest gap: where "
        f"{percent(widest.confidence)} was stated, {percent(widest.accuracy)} was right."
    )
    caption = (
        f"{len(bins)} groups of equally many answers, from the least to the most confident. On "
        "the line, confidence means what it says; below it the marker was too sure of itself."
    )
    return Plot(svg(name, draw), alt, caption)


def coverage_plot(name: str, points: Sequence[Point]) -> Plot:
    """Return the share of errors among the surest answers, by how many are kept."""
    kept = [point for point in points if point.coverage >= FEWEST] or points
    every = points[-1].risk
    shares, risks = [100 * p.coverage for p in kept], [100 * p.risk for p in kept]

    def draw(axes: "Axes") -> None:
        axes.axhline(100 * every, color=FAINT, linewidth=1.5, label="all answers")
        axes.plot(shares, risks, color=ACCENT, linewidth=2)
        axes.set(
            xlabel="answers left to the marker, surest first (%)", ylabel="errors among them (%)"
        )
        axes.set(xlim=(0, 101), ylim=(0, max(risks) * 1.12 + 1))
        axes.legend(loc="lower right")

    half = next(point for point in points if point.coverage >= 0.5)
    alt = f"{percent(half.risk)} errors among the surest half, {percent(every)} among all answers."
    caption = (
        "If the teacher looks at the least sure answers and leaves the rest to the marker, this "
        "is the share of errors in that rest."
    )
    return Plot(svg(name, draw), alt, caption)


def score_plot(
    name: str, scatter: Sequence[tuple[float, float, int]], scale: tuple[float, float]
) -> Plot:
    """Return teachers' scores beside given ones, a circle's area being its answers."""
    labels, given, counts = zip(*scatter, strict=True)
    most = max(counts)
    pad = (scale[1] - scale[0]) * 0.08

    def draw(axes: "Axes") -> None:
        axes.plot(scale, scale, color=FAINT, linewidth=1.5)
        areas = [max(12.0, 500 * count / most) if most > 1 else 18.0 for count in counts]
        axes.scatter(labels, given, s=areas, color=ACCENT, alpha=0.6, edgecolor=PAPER)
        axes.set(xlabel="teacher's score", ylabel="score given", aspect="equal")
        limits = (scale[0] - pad, scale[1] + pad)
        axes.set(xlim=limits, ylim=limits)

    exact = sum(count for label, score, count in scatter if label == score)
    alt = f"{exact} of {sum(counts)} answers got just the teacher's score."
    caption = (
        "Each circle is one pair of scores, the larger the more answers. On the line both agree; "
        "above it the marker gave more than the teacher."
    )
    return Plot(svg(name, draw), alt, caption)


def margin_plot(name: str, before: Sequence[float], after: Sequence[float]) -> Plot:
    """Return how far the better answer is ahead; ``before`` may be empty."""

    def draw(axes: "Axes") -> None:
        both = [*before, *after]
        width = (max(both) - min(both)) or 1.0
        edges = [min(both) + width * step / 30 for step in range(31)]
        if before:
            axes.hist(before, edges, color=SECOND, alpha=0.55, label="before")
        axes.hist(after, edges, color=ACCENT, alpha=0.65, label="after")
        axes.axvline(0, color=INK, linewidth=1)
        axes.set(xlabel="how far the better answer is ahead", ylabel="pairs")
        axes.legend()

    ahead = sum(margin > 0 for margin in after) / len(after)
    alt = f"The better answer is ahead in {percent(ahead)} of the comparisons."
    caption = "Right of 0 the better answer is put first. A wide spread means clear decisions."
    return Plot(svg(name, draw), alt, caption)


def loss_plot(name: str, logged: Curve, smooth: Curve) -> Plot:
    """Return the training loss of one stage."""

    def draw(axes: "Axes") -> None:
        axes.plot(*logged, color=ACCENT, alpha=0.3, linewidth=1)
        axes.plot(*smooth, color=ACCENT, linewidth=2)
        axes.set(xlabel="optimizer step", ylabel="training loss")

    first, last = smooth[1][0], smooth[1][-1]
    alt = f"The training loss went from {first:.3f} to {last:.3f} in {logged[0][-1]:g} steps."
    return Plot(svg(name, draw), alt, "Faint: as logged. Strong: smoothed.")
