"""The report of a whole run: what each stage changed, its loss, its figures, how it was made.

    write_run_report(Path("runs/qwen2.5-judge-1"))      writes report.html in it

It reads the run's folder and nothing else, so it can be made again at any time.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.report import plots
from runtime.report.drawing import can_draw
from runtime.report.page import Cell, Page, Section, Table, write_page
from runtime.report.plots import Plot
from runtime.report.sections import score_sections, terms_section, verdict_sections, worst_section
from train.evaluation.changes import FEWEST_DRAWN, LOWER_IS_BETTER, Change, changes
from train.evaluation.evaluation import Evaluation, load
from train.loss_plot import losses, smoothed

_TINY = (
    " This was a trial with a tiny model that begins at random: its figures show that the path "
    "works, and nothing about how well the recipe marks."
)
_ABOUT = {
    "labels": "What the model chose",
    "scores": "The scores it chose",
    "replies": "How well it foretells the wanted replies",
    "preferences": "Which of two answers it puts first",
}


class StageReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is on disk of one stage; empty where it is not measured yet."""

    name: str
    kind: str
    before: dict[str, Evaluation]
    after: dict[str, Evaluation]
    changes: dict[str, dict[str, Change]]


def write_run_report(run_dir: Path) -> Path:
    """Write report.html from a run's folder and return its path.

    Raises ``BadInputError`` if there is no run in the folder or a file of it is damaged.
    """
    recipe, facts = _recipe(run_dir), _facts(run_dir)
    stages = [_stage(run_dir, stage) for stage in recipe["stage"]]
    found = [stage for stage in stages if stage.after]
    curves = losses(_entries(run_dir))
    measures = [name for stage in found for one in stage.after.values() for name in _names(one)]
    page = Page(
        title=recipe.get("title") or recipe["name"],
        lead=_lead(recipe, stages, tiny=facts.get("identity", {}).get("tiny", False)),
        sections=(
            *((_overview(found),) if found else ()),
            *(section for stage in stages for section in _sections(stage, curves)),
            *_worst(found),
            _made(recipe, facts),
            terms_section(measures),
        ),
        foot="Made on this machine by Kindmark. It may quote children's answers: keep it safe.",
    )
    path = run_dir / "report.html"
    write_page(page, path)
    return path


def _recipe(run_dir: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((run_dir / "recipe.toml").read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(
            f"There is no run in {run_dir} to report on: {error}.",
            "Name the folder of a run, the one with recipe.toml in it.",
        ) from None


def _facts(run_dir: Path) -> dict[str, Any]:
    path = run_dir / "run.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _entries(run_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of log.jsonl; one that a kill has cut off ends them."""
    path = run_dir / "log.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def _stage(run_dir: Path, stage: Mapping[str, Any]) -> StageReport:
    folder = run_dir / str(stage["name"])
    before, after = (
        load(path) if path.exists() else {}
        for path in (folder / "before.json", folder / "after.json")
    )
    return StageReport(
        name=stage["name"],
        kind=stage["kind"],
        before=before,
        after=after,
        changes=changes(before, after),
    )


def _lead(recipe: Mapping[str, Any], stages: list[StageReport], *, tiny: bool) -> str:
    done = [stage.name for stage in stages if stage.after]
    names = ", ".join(done) or "none yet"
    return (
        f"Recipe {recipe['name']} on {recipe['base']['hub']}. Stages measured: {names} "
        f"({len(done)} of {len(stages)}). Before and after each stage the model was tried on the "
        "same questions, which it never trained on."
        f"{_TINY if tiny else ''}"
    )


def _overview(stages: list[StageReport]) -> Section:
    rows = [
        (f"{stage.name}: {name}", _cells(name, change))
        for stage in stages
        for moved in stage.changes.values()
        for name, change in list(moved.items())[:1]
    ]
    table = Table(
        caption="The first figure of each stage; all of them stand below.",
        head=_CHANGE_HEAD,
        rows=tuple(rows),
    )
    return Section(heading="What each stage changed", tables=(table,))


_COLOURED = " Coloured: a change whose interval leaves 0 out."
_CHANGE_HEAD = ("before", "after", "change", "95 % interval of the change")


def _cells(name: str, change: Change) -> tuple[Cell, ...]:
    moved = change.difference
    better = (moved.value < 0) == (name in LOWER_IS_BETTER)
    tone = ("good" if better else "bad") if change.sure() else ""
    return (
        Cell(_figure(change.before.value)),
        Cell(_figure(change.after.value)),
        Cell(_figure(moved.value, "+"), tone=tone),
        Cell(f"{_figure(moved.low, '+')} to {_figure(moved.high, '+')}"),
    )


def _figure(value: float, sign: str = "") -> str:
    # The perplexity of an untrained model is in the hundred thousands.
    return f"{value:{sign},.0f}" if abs(value) >= 1000 else f"{value:{sign}.3f}"


def _sections(stage: StageReport, curves: Mapping[str, Any]) -> Iterator[Section]:
    drawn: list[Plot] = []
    if can_draw() and stage.name in curves:
        steps, values = curves[stage.name]
        logged, smooth = (steps, values), (steps, smoothed(values))
        drawn.append(plots.loss_plot(f"{stage.name}-loss", logged, smooth))
    drawn.extend(_margins(stage))
    tables = tuple(_change_table(name, moved) for name, moved in stage.changes.items())
    notes = tuple(note for one in stage.after.values() for note in _notes(one))
    yield Section(
        heading=f"Stage {stage.name} ({stage.kind})",
        text=tuple(dict.fromkeys(notes)) if stage.after else ("Not measured yet.",),
        tables=tables,
        plots=tuple(drawn),
    )
    for name, one in stage.after.items():
        for section in _figures(one, f"{stage.name}-{name}"):
            yield replace(section, heading=f"{stage.name}: {section.heading.lower()}")


def _notes(found: Evaluation) -> tuple[str, ...]:
    rows = found.comparison
    return f"Measured on {rows.rows:,} rows of {rows.questions:,} questions.", *rows.notes


def _figures(found: Evaluation, name: str) -> tuple[Section, ...]:
    if found.comparison.kind == "verdict":
        return verdict_sections(found.comparison, name)
    return score_sections(found.comparison, name)


def _margins(stage: StageReport) -> list[Plot]:
    if not can_draw() or "preferences" not in stage.after:
        return []
    before = stage.before.get("preferences")
    return [
        plots.margin_plot(
            f"{stage.name}-margins",
            before.comparison.margins if before else [],
            stage.after["preferences"].comparison.margins,
        )
    ]


def _change_table(name: str, moved: Mapping[str, Change]) -> Table:
    one = next(iter(moved.values()), None)
    about = _ABOUT.get(name, name)
    return Table(
        caption=f"{about}.{_COLOURED}" if one and one.drawn >= FEWEST_DRAWN else f"{about}.",
        head=_CHANGE_HEAD,
        rows=tuple((measure, _cells(measure, change)) for measure, change in moved.items()),
    )


def _worst(stages: list[StageReport]) -> tuple[Section, ...]:
    """Return the disagreements of the last stage that has any."""
    for stage in reversed(stages):
        for found in stage.after.values():
            if found.worst:
                return worst_section(found.worst)
    return ()


def _made(recipe: Mapping[str, Any], facts: Mapping[str, Any]) -> Section:
    known = {"recipe follows": recipe.get("follows", ""), **facts}
    terms = ((name, _said(value)) for name, value in known.items() if value not in ("", {}, None))
    return Section(heading="How it was made", terms=tuple(terms))


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_flat(one)}" for key, one in value.items())
    return " ".join(str(value).split())


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return str(value)


def _names(found: Evaluation) -> tuple[str, ...]:
    return tuple(found.comparison.measures)
