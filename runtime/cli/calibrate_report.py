"""What ``kindmark models calibrate`` found: a table, or data.

show([row_of("mine", lot, calibrated)], gathered, as_json=False)
"""

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from runtime.judge.llm.calibrating import Calibrated, Gathered, Lot
    from runtime.judge.llm.fitting import Figures

_SHOWN = ("kappa", "macro-F1", "accuracy", "ECE")


class FitRow(msgspec.Struct, frozen=True, kw_only=True):
    """The fit of one model or adapter to the answers to one kind of prompt.

    ``before`` is without a fit, ``after`` with fits to the other questions each time, ``majority``
    the commonest label of the other questions. ``kappa`` is quadratic weighted between scores.
    """

    name: str
    prompt: str
    temperature: float
    cuts: tuple[float, ...]
    labels: tuple[str, ...]
    answers: int
    questions: int
    between: str
    before: dict[str, float]
    after: dict[str, float]
    majority: dict[str, float]


class _Found(msgspec.Struct, frozen=True):
    fits: tuple[FitRow, ...]
    refused: dict[str, str]
    decided_by_code: int
    unasked: int


def row_of(name: str, lot: "Lot", found: "Calibrated") -> FitRow:
    """Return what one fit comes to."""
    from runtime.judge.llm.labelled import Labels  # noqa: PLC0415

    labels = Labels(lot.answers)
    return FitRow(
        name=name,
        prompt=lot.group.name,
        temperature=round(found.scaling.temperature, 4),
        cuts=tuple(round(cut, 4) for cut in found.scaling.cuts),
        labels=found.scaling.labels,
        answers=len(lot.answers),
        questions=labels.questions,
        between="scores" if labels.are_scores else "verdicts",
        before=_named(found.before),
        after=_named(found.after),
        majority=_named(found.majority),
    )


def show(rows: Sequence[FitRow], gathered: "Gathered", *, as_json: bool) -> None:
    """Write what was found to stdout."""
    refused = {str(lot.group.name): lot.refusal for lot in gathered.lots if lot.refusal}
    if as_json:
        found = _Found(tuple(rows), refused, gathered.decided, gathered.unasked)
        encoded = msgspec.json.format(msgspec.json.encode(found), indent=2)
        sys.stdout.write(encoded.decode() + "\n")
        return
    for row in rows:
        _print(row)
    lines = [f"{name}: nothing was fitted. {why}" for name, why in refused.items()]
    if gathered.decided:
        lines.append(f"Code decided {gathered.decided} answers without the model.")
    if gathered.unasked:
        lines.append(f"{gathered.unasked} answers could not be put to the model.")
    sys.stdout.writelines(f"{line}\n" for line in lines)


def finite(figures: dict[str, float]) -> dict[str, float]:
    """Return the figures that are numbers."""
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def _named(found: "Figures") -> dict[str, float]:
    return {name: round(value, 4) for name, value in found._asdict().items()}


def _print(row: FitRow) -> None:
    from rich.table import Table  # noqa: PLC0415

    from runtime.cli.plain import one_line  # noqa: PLC0415
    from runtime.cli.screen import screen  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    kappa = "QWK" if row.between == "scores" else "kappa"
    for heading in ("", kappa, *_SHOWN[1:]):
        table.add_column(heading, justify="right" if heading else "left")
    held_out = "other questions" if row.questions > 1 else "other answers"
    for name, figures in (
        ("as it came", row.before),
        (f"fitted, on {held_out}", row.after),
        ("the commonest label", row.majority),
    ):
        table.add_row(name, *(_figure(value) for value in figures.values()))
    head = f"{row.name}, {row.prompt}: {row.answers} answers to {row.questions} questions"
    screen().print(one_line(head), markup=False, soft_wrap=True)
    screen().print(table)
    screen().print("\n".join(_lines(row)), markup=False, soft_wrap=True)


def _lines(row: FitRow) -> list[str]:
    cuts = ", ".join(f"{cut:.2f}" for cut in row.cuts)
    found = [f"Temperature {row.temperature:.3g}{f'; cuts at {cuts}' if cuts else ''}."]
    if row.questions == 1:
        found.append("All answers are to one question: how it does on another is not known.")
    # Guessing gets no more than nothing, and from questions left out it may get less.
    if row.after["kappa"] <= max(0.0, row.majority["kappa"]):
        found.append("It agrees no better than the commonest label: do not mark with it.")
    return found


def _figure(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "-"
