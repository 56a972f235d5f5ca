"""The figures of ``kindmark eval`` as one HTML page."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from runtime.cli.labels import Labelled
from runtime.marking.mark import Verdict
from runtime.report.comparison import Comparison
from runtime.report.page import Page, Section, write_page
from runtime.report.sections import (
    agreement_section,
    lead,
    score_sections,
    terms_section,
    verdict_sections,
    worst_section,
)
from runtime.report.tables import groups_table
from runtime.report.worst import Disagreement, worst

_MARKER = "Kindmark"


def write_report(
    path: Path,
    overall: Comparison,
    groups: Mapping[str, Comparison],
    pairs: Sequence[Labelled],
    *,
    unmarked: int,
) -> None:
    """Write the page. Raises ``BadInputError`` if ``path`` cannot be written."""
    parts = verdict_sections if overall.kind == "verdict" else score_sections
    by_group = (
        (Section(heading="Group by group", tables=(groups_table(groups),)),) if groups else ()
    )
    page = Page(
        title="How well the marks agree with the teachers'",
        lead=lead(overall, _MARKER),
        sections=(
            agreement_section(overall, _MARKER),
            *parts(overall),
            *by_group,
            *worst_section(_worst(pairs)),
            terms_section([*overall.measures, "ECE"]),
        ),
        foot=_foot(unmarked),
    )
    write_page(page, path)


def _worst(pairs: Sequence[Labelled]) -> list[Disagreement]:
    far = [_distance(pair) for pair in pairs]
    sure = [pair.mark.confidence for pair in pairs]
    return [_case(pairs[row]) for row in worst(far, sure, [pair.question for pair in pairs])]


def _distance(pair: Labelled) -> float:
    if isinstance(pair.label, Verdict):
        return float(pair.label is not pair.mark.verdict)
    low, high = pair.item.scale
    return abs(pair.label - (pair.mark.score or 0.0)) / (high - low)


def _case(pair: Labelled) -> Disagreement:
    verdict = isinstance(pair.label, Verdict)
    return Disagreement(
        id=pair.item.id,
        question=pair.item.question,
        answer=pair.item.text,
        reference=pair.item.reference or "",
        label=str(pair.label) if verdict else f"{pair.label:g}",
        given=str(pair.mark.verdict) if verdict else f"{pair.mark.score or 0.0:g}",
        confidence=pair.mark.confidence,
        reasons=pair.mark.reasons,
    )


def _foot(unmarked: int) -> str:
    kept = "Made on this machine by Kindmark. This page quotes children's answers: keep it safe."
    if not unmarked:
        return kept
    return f"{unmarked} more answers have a label but could not be marked: not counted. {kept}"
