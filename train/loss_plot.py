"""Draws the loss of a run, a curve a stage, without a screen.

draw_losses(run.entries(), run.path / "loss.png")
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from train.run_folder import write_whole

SMOOTHING = 0.9
"""Weight of the past in the smoothed line, as loss plots usually have it."""


def draw_losses(entries: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write a PNG: loss over optimizer steps, faint as logged and strong as smoothed.

    Stages follow one another in panels of their own: their losses are not comparable.
    """
    # matplotlib takes a second to import, and only a finished run draws.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    curves = losses(entries)
    figure = Figure(figsize=(max(6.0, 4.5 * len(curves)), 4.0), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, max(1, len(curves)), squeeze=False)[0]
    for panel, (stage, (steps, values)) in zip(panels, curves.items(), strict=False):
        panel.plot(steps, values, color="tab:blue", alpha=0.3, linewidth=1, label="each step")
        panel.plot(steps, smoothed(values), color="tab:blue", linewidth=2, label="smoothed")
        panel.set(title=stage, xlabel="optimizer step", ylabel="training loss")
        panel.grid(alpha=0.3)
        panel.legend()
    image = io.BytesIO()
    # Without the version of matplotlib and the date in it, the same run gives the same bytes.
    figure.savefig(image, format="png", metadata={"Software": None})
    write_whole(path, image.getvalue())


def losses(entries: Iterable[Mapping[str, Any]]) -> dict[str, tuple[list[int], list[float]]]:
    """Return steps and losses by stage, in the order the stages ran."""
    curves: dict[str, tuple[list[int], list[float]]] = {}
    for entry in entries:
        steps, values = curves.setdefault(entry["stage"], ([], []))
        steps.append(entry["step"])
        values.append(entry["loss"])
    return curves


def smoothed(values: Sequence[float], weight: float = SMOOTHING) -> list[float]:
    """Return the exponential moving average, corrected for its start (as Adam does it)."""
    average, found = 0.0, []
    for count, value in enumerate(values, start=1):
        average = weight * average + (1 - weight) * value
        found.append(average / (1 - weight**count))
    return found
