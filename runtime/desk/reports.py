"""Reports: a class as a page that prints well, and all results as a table for spreadsheets.

    write_page(class_page(analysis), Path("class.html"))
    write_csv(store, scope, Path("class.csv"))

A learner's own report is in ``learner_report``. Nothing of a report runs: pages have no scripts and
escape what children wrote, tables begin no cell like a formula.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from runtime.desk.analysis import Analysis, LearnerAnalysis, QuestionAnalysis
from runtime.desk.answered import Answered, answered
from runtime.desk.scope import Scope
from runtime.desk.writing_files import write_whole
from runtime.records.csv_marks import Cell as CsvCell
from runtime.records.csv_marks import harmless
from runtime.records.source import BOM
from runtime.records.store import Store
from runtime.report.page import Cell, Page, Section, Table, Tile
from runtime.words import N_, _, ngettext, number, retold

MOST_MISTAKES = 5
"""Mistakes shown for each question: those that are worth a lesson."""
_MOST_CHARS = 160

_HEADINGS = (
    *(N_("learner"), N_("question"), N_("answer"), N_("verdict"), N_("score"), N_("max_score")),
    *(N_("confidence"), N_("needs_review"), N_("changed_by_teacher"), N_("comment")),
    *(N_("misconception"), N_("feedback"), N_("id")),
)


def class_page(analysis: Analysis) -> Page:
    """Return the class report."""
    title = analysis.title or _("All answers")
    return Page(
        title=_("Class report: {name}").format(name=title),
        lead=_lead(analysis),
        sections=tuple(
            section
            for section in (
                _overview(analysis),
                _questions(analysis.questions),
                *_mistakes(analysis.questions),
                _learners(analysis.learners),
            )
            if section.tiles or section.tables or section.terms
        ),
        foot=_("Made by Kindmark on this machine; nothing of it was sent anywhere."),
    )


def write_csv(store: Store, scope: Scope, path: Path) -> int:
    """Write the results of a scope, a row an answer, and return how many.

    It is for the spreadsheets of this country, and is taken in again as any set is; what programs
    read is what ``records.csv_marks`` writes.

    Raises ``BadInputError`` if the file cannot be written; one that was there stays then.
    """
    rows = answered(store, scope)
    text = io.StringIO(newline="")
    # A spreadsheet that writes one half as "0,5" takes commas for no ends of cells.
    delimiter = "," if number(0.5, "g") == "0.5" else ";"
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(map(_, _HEADINGS))
    writer.writerows(map(_cell, _cells(one)) for one in rows)
    write_whole(path, BOM + text.getvalue().encode())
    return len(rows)


def percent(share: float | None) -> str:
    """Return a share of 0..1 in words, a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f}\u00a0%"


def _cells(one: Answered) -> list[CsvCell]:
    mark = one.mark
    return [
        *(one.nickname, one.item.question, one.whole.text),
        *(retold(one.verdict.value) if one.verdict else None, one.score, one.item.scale[1]),
        *(mark.confidence if mark else None, one.needs_review, one.overridden, one.comment),
        *(one.misconception, mark.feedback if mark else None, one.row_id),
    ]


def _cell(value: CsvCell) -> CsvCell:
    """Return what a spreadsheet of the language in use reads as what it is, and never runs."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value, "g") if isinstance(value, float) else harmless(value)


def _lead(analysis: Analysis) -> str:
    whole = _("{answers} answers by {learners} learners to {questions} questions.")
    counts = whole.format(
        answers=analysis.answers,
        learners=sum(one.learner_id is not None for one in analysis.learners),
        questions=len(analysis.questions),
    )
    parts = [_("As of {day}.").format(day=f"{datetime.now().astimezone():%Y-%m-%d}"), counts]
    if analysis.pending:
        parts.append(_("{count} are not marked yet.").format(count=analysis.pending))
    if analysis.to_review:
        parts.append(
            ngettext(
                "{count} mark is not sure: look at it before you hand this out.",
                "{count} marks are not sure: look at them before you hand this out.",
                analysis.to_review,
            ).format(count=analysis.to_review)
        )
    return " ".join(parts)


def _overview(analysis: Analysis) -> Section:
    return Section(
        heading=_("At a glance"),
        tiles=(
            Tile(percent(analysis.share), _("Points"), _("mean share of the points")),
            Tile(str(analysis.answers), _("Answers"), _("first tries, as they count now")),
            Tile(str(analysis.to_review), _("To review"), _("marks the system is not sure of")),
            Tile(str(analysis.overridden), _("By the teacher"), _("marks given or accepted")),
        ),
    )


def _questions(questions: Sequence[QuestionAnalysis]) -> Section:
    head = (_("answers"), _("right"), _("partly"), _("wrong"), _("to review"))
    rows = tuple((_short(one.question), _question_cells(one)) for one in questions)
    table = Table(
        caption=_(
            "Points: the mean share. Tells apart: how far those who do well elsewhere do well "
            "here, from -1 to 1; a dash where there are too few answers."
        ),
        head=(*head, _("points"), _("tells apart")),
        rows=rows,
        corner=_("question"),
    )
    return Section(heading=_("Questions, the hardest first"), tables=(table,) if rows else ())


def _question_cells(one: QuestionAnalysis) -> tuple[Cell, ...]:
    counts = (one.answers, one.correct, one.partial, one.incorrect, one.to_review)
    found = "–" if one.discrimination is None else number(one.discrimination, ".2f")
    return (
        *(Cell(str(count)) for count in counts),
        Cell(percent(one.facility), shade=one.facility or 0.0),
        Cell(found),
    )


def _mistakes(questions: Sequence[QuestionAnalysis]) -> list[Section]:
    tables = [_mistake_table(one) for one in questions if one.mistakes]
    text = _("Answers that are wrong in the same way stand together, the commonest first.")
    found = Section(heading=_("What went wrong"), text=(text,), tables=tuple(tables))
    return [found] if tables else []


def _mistake_table(one: QuestionAnalysis) -> Table:
    return Table(
        caption=_short(one.question),
        head=(_("answers"), _("learners")),
        rows=tuple(
            (_short(mistake.words), (Cell(str(mistake.answers)), Cell(_names(mistake.learners))))
            for mistake in one.mistakes[:MOST_MISTAKES]
        ),
        corner=_("mistake"),
    )


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(_short(name, 20) for name in names[:4])
    return shown if len(names) <= 4 else f"{shown} +{len(names) - 4}"


def _learners(learners: Sequence[LearnerAnalysis]) -> Section:
    head = (_("answers"), _("right"), _("partly"), _("wrong"), _("to review"), _("points"))
    rows = tuple((one.nickname or _("(no name)"), _learner_cells(one)) for one in learners)
    table = Table(caption="", head=head, rows=rows, corner=_("learner"))
    return Section(heading=_("Learners"), tables=(table,) if rows else ())


def _learner_cells(one: LearnerAnalysis) -> tuple[Cell, ...]:
    counts = (one.answers, one.correct, one.partial, one.incorrect, one.to_review)
    cells = (Cell(str(count)) for count in counts)
    return (*cells, Cell(percent(one.share), shade=one.share or 0.0))


def _short(text: str, most: int = _MOST_CHARS) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
