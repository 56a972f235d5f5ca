"""A comparison as sections of a page: shared by ``kindmark eval --report`` and the run report."""

from collections.abc import Sequence

from runtime.report import plots
from runtime.report.comparison import Comparison, percent
from runtime.report.drawing import can_draw
from runtime.report.page import Section, Tile
from runtime.report.plots import Plot
from runtime.report.tables import BASELINES, confusion_table, coverage_table, measures_table
from runtime.report.terms import meanings
from runtime.report.worst import Disagreement

NO_PLOTS = (
    "There are no plots here because matplotlib is not installed: "
    "pip install 'kindmark[plots]' and make this report again."
)


def lead(found: Comparison, marker: str) -> str:
    """Return the outcome in plain words."""
    first = next(iter(found.measures.values()))
    interval = f"95 % interval {percent(first.low, 1)} to {percent(first.high, 1)}"
    if found.kind == "verdict":
        best = found.baselines["commonest"]["accuracy"].value
        return (
            f"{marker} gave the teachers' verdict to {percent(first.value, 1)} of "
            f"{found.rows:,} answers to {found.questions:,} questions ({interval}). "
            f"Giving everybody the commonest verdict would reach {percent(best, 1)}."
        )
    distance, near = found.measures["MAE"].value, found.measures["within 1"].value
    low, high = found.scale or (0.0, 1.0)
    return (
        f"On average {marker}'s score is {distance:.2f} points from the teachers' on a scale from "
        f"{low:g} to {high:g}, over {found.rows:,} answers to {found.questions:,} questions; "
        f"{percent(near, 1)} are at most one point apart."
    )


def tiles(found: Comparison) -> tuple[Tile, ...]:
    """Return the figures one remembers."""
    value = {name: measured.value for name, measured in found.measures.items()}
    if found.kind == "score":
        return (
            Tile(f"{value['QWK']:.2f}", "QWK", "agreement beyond chance; 1 is perfect"),
            Tile(f"{value['MAE']:.2f}", "Mean distance", "points from the teachers' score"),
            Tile(f"{percent(value['within 1'])}", "Within one point", "of the teachers' score"),
            Tile(f"{value['Pearson']:.2f}", "Correlation", "with the teachers' scores"),
        )
    surest = found.accuracy_at_coverage.get("70%", float("nan"))
    return (
        Tile(f"{percent(value['accuracy'], 1)}", "Same verdict", "as the teachers gave"),
        Tile(f"{value['kappa']:.2f}", "Kappa", "agreement beyond chance; 1 is perfect"),
        Tile(f"{percent(surest, 1)}", "Surest 70 %", "of the answers: this share is right"),
        Tile(f"{found.calibration_error:.3f}", "Calibration error", "0 means: as sure as right"),
    )


def agreement_section(found: Comparison, marker: str, name: str = "agreement") -> Section:
    """Return figures beside the baselines."""
    text = [*found.notes]
    if set(found.baselines) - {"commonest"}:
        text.insert(
            0,
            "A marker has to beat what needs no marker: the commonest label for everybody, the "
            "answer's length in words, its overlap with the reference's words. The last two were "
            "fitted on other questions.",
        )
    return Section(
        heading="Agreement with the teachers",
        text=tuple(text),
        tiles=tiles(found),
        tables=(measures_table(found, marker),),
        plots=_interval_plots(found, marker, name) if can_draw() else (),
    )


def verdict_sections(found: Comparison, name: str = "verdicts") -> tuple[Section, ...]:
    """Return the confusion matrix, and how far stated confidence can be trusted."""
    drawn: tuple[Plot, ...] = ()
    if can_draw() and found.reliability:
        drawn = (
            plots.reliability_plot(f"{name}-reliability", found.reliability),
            plots.coverage_plot(f"{name}-coverage", found.risk_coverage),
        )
    confusion = Section(
        heading="Which labels are mixed up",
        tables=(confusion_table(found),),
    )
    trust = Section(
        heading="How far its confidence can be trusted",
        text=(
            f"Expected calibration error: {found.calibration_error:.3f}, over "
            f"{len(found.reliability)} groups of equally many answers.",
        ),
        tables=(coverage_table(found),),
        plots=drawn,
    )
    return confusion, trust


def score_sections(found: Comparison, name: str = "scores") -> tuple[Section, ...]:
    """Return given scores beside the teachers'."""
    if not (can_draw() and found.scatter and found.scale):
        return ()
    plot = plots.score_plot(f"{name}-scatter", found.scatter, found.scale)
    return (Section(heading="Score by score", plots=(plot,)),)


def worst_section(cases: Sequence[Disagreement]) -> tuple[Section, ...]:
    """Return the worst disagreements, for a person to read."""
    if not cases:
        return ()
    text = (
        "Those furthest apart first, and among them those the marker was surest of. Read them: "
        "the mistake may be the marker's, the reference's or the label's."
    )
    return (Section(heading="The worst disagreements", text=(text,), cases=tuple(cases)),)


def terms_section(names: Sequence[str]) -> Section:
    """Return what the figures mean, and how to get plots if there are none."""
    return Section(
        heading="What the figures mean",
        text=() if can_draw() else (NO_PLOTS,),
        terms=meanings(names),
    )


def _interval_plots(found: Comparison, marker: str, name: str) -> tuple[Plot, ...]:
    shown = ("QWK", "Pearson") if found.kind == "score" else ("kappa", "macro-F1")
    caption = "The dot is the figure, the line its 95 % interval."
    return tuple(
        plots.interval_plot(
            f"{name}-{number}",
            measure,
            {marker: found.measures[measure]}
            | {BASELINES.get(way, way): of[measure] for way, of in found.baselines.items()},
            caption,
        )
        for number, measure in enumerate(shown)
    )
