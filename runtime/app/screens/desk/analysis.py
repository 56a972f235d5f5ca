"""Which questions were hard and which mistakes were made, how often, by whom; and the reports.

app.push_screen(AnalysisScreen(Scope(class_id=1), "4b"))
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import DataTable, Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.dialogs import AskPlace
from runtime.app.screens.desk.places import suggested
from runtime.app.widgets.bars import bar
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.top_line import TopLine
from runtime.app.widgets.verdicts import percent_words
from runtime.desk.analysis import Analysis, Mistake, QuestionAnalysis, mistakes, overview
from runtime.desk.likeness import Likeness
from runtime.desk.scope import Scope
from runtime.words import N_, _, number

_BAR = 6
_MOST_ROWS = 100
_LEAST_CHARS, _MOST_CHARS = 16, 60
_BESIDE_QUESTION = 55
"""Columns that the others take beside a question, the bar at the edge included."""
_EDGES = 10
"""Columns around the words of the four columns of mistakes, the bar at the edge included."""
_PAUSE_SECONDS = 0.05
"""How long a question must be chosen before its answers are looked at."""
_KINDS = {
    "misconception": N_("known misconception"),
    "value": N_("the same wrong answer"),
    "words": N_("alike in meaning"),
}


class AnalysisScreen(DeskScreen):
    """Questions above, the hardest first; below, what went wrong in the one that is chosen."""

    HELP = N_("""\
# What was hard

The questions stand with the hardest first. **Points** is the mean share of the points; then come
how many answers were right (✓), partly right (~), wrong (✗) and need review (!). **Tells apart**
says how far those who do well elsewhere do well here, from -1 to 1: near 0 or below it, the
question may be unclear, or its right answer wrong.

Below stand the mistakes made in the chosen question, the commonest first. **Enter** shows the
answers themselves. **W** writes a report to print, **X** a table for spreadsheets.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "report", N_("Write a report")),
        Binding("x", "table", N_("Write a table")),
    ]
    DEFAULT_CSS = """
    AnalysisScreen #questions { height: 1fr; }
    AnalysisScreen #below { height: 1fr; }
    AnalysisScreen #chosen { height: auto; max-height: 3; padding: 0 1; text-style: bold; }
    AnalysisScreen #mistakes { height: 1fr; }
    """
    AUTO_FOCUS = "#questions"

    def __init__(self, scope: Scope, name: str) -> None:
        super().__init__()
        self._scope, self._name_text = scope, name
        self._analysis: Analysis | None = None
        self._likeness: Likeness | None = None
        self._found: dict[int, tuple[Mistake, ...]] = {}

    def compose(self) -> ComposeResult:
        """Yield two empty tables."""
        yield TopLine(one_line(self._name_text, 50))
        yield Table(id="questions", cursor_type="row", zebra_stripes=True)
        with Vertical(id="below"):
            yield Static(id="chosen")
            yield Table(id="mistakes", cursor_type="row", zebra_stripes=True)
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Count, and show it; then look at the answers to the chosen question."""
        self.say(_("Looking at the answers …"))
        store, scope = self.app.store, self._scope
        self._found.clear()
        self._likeness = Likeness(self.app.worker)
        analysis = await self.app.in_store(lambda: overview(store, scope))
        self._analysis = analysis
        self.say(_overview(analysis))
        headings = (_("Points"), "✓", "~", "✗", "!", _("Tells apart"), _("Question"))
        chars = max(_LEAST_CHARS, min(_MOST_CHARS, self.app.size.width - _BESIDE_QUESTION))
        rows = (_question_cells(one, chars) for one in analysis.questions[:_MOST_ROWS])
        fill_table(self.query_one("#questions", Table), headings, rows)
        if not analysis.questions:
            await self._show_mistakes()

    @on(DataTable.RowHighlighted, "#questions")
    def _chosen(self) -> None:
        self.start(self._show_mistakes(), group="mistakes")

    async def _show_mistakes(self) -> None:
        chosen = self._question()
        words = one_line(chosen.question, 200) if chosen else _("There are no answers yet.")
        self.query_one("#chosen", Static).update(Content(words))
        if not chosen or chosen.item_id not in self._found:
            self._list(())
        if chosen:
            await self._look_at(chosen.item_id)

    async def _look_at(self, item_id: int) -> None:
        """List what went wrong in a question; whoever only passes by is not waited for."""
        if item_id not in self._found:
            await asyncio.sleep(_PAUSE_SECONDS)
            if not self._stands_on(item_id):
                return
            store, scope, likeness = self.app.store, self._scope, self._likeness
            self._found[item_id] = await asyncio.to_thread(
                lambda: mistakes(store, scope, item_id, likeness)
            )
        if self._stands_on(item_id):
            self._list(self._found[item_id])

    def _list(self, found: tuple[Mistake, ...]) -> None:
        headings = (_("Answers"), _("What went wrong"), _("Who"), _("How it is known"))
        known = max(len(_(words)) for words in _KINDS.values())
        taken = len(headings[0]) + known + _EDGES
        room = max(2 * _LEAST_CHARS, self.app.size.width - taken)
        shown = found[:_MOST_ROWS]
        who = min(max((len(_names(one)) for one in shown), default=0), room // 3, _MOST_CHARS)
        rows = (_mistake_cells(one, min(room - who, _MOST_CHARS), who) for one in shown)
        fill_table(self.query_one("#mistakes", Table), headings, rows)

    def _stands_on(self, item_id: int) -> bool:
        chosen = self._question()
        return chosen is not None and chosen.item_id == item_id

    def _question(self) -> QuestionAnalysis | None:
        at = self.query_one("#questions", Table).cursor_row
        questions = self._analysis.questions if self._analysis else ()
        return questions[at] if 0 <= at < len(questions) else None

    @on(DataTable.RowSelected, "#questions")
    def _to_question(self) -> None:
        from runtime.app.screens.desk.table import ReviewTable  # noqa: PLC0415

        chosen = self._question()
        if chosen:
            self.app.push_screen(ReviewTable(self._scope, self._name_text, chosen.item_id))

    @on(DataTable.RowSelected, "#mistakes")
    def _to_answers(self, event: DataTable.RowSelected) -> None:
        chosen = self._question()
        found = self._found.get(chosen.item_id, ()) if chosen else ()
        if 0 <= event.cursor_row < len(found):
            self.app.push_screen(AnswerScreen(found[event.cursor_row].answer_ids, 0))

    def action_report(self) -> None:
        """Write the class report as a page that prints well."""
        self.start(self._report(), group="write", exclusive=True)

    async def _report(self) -> None:
        place = await self._place(_("Write a report to print"), ".html")
        if place:
            self.say(_("Looking at the answers …"))
            desk = self.doings.desk
            analysis = await asyncio.wrap_future(desk.analyse(self._scope))
            await asyncio.to_thread(desk.write_report, analysis, place)
            self.say(_("Written: {path}").format(path=place))

    def action_table(self) -> None:
        """Write all results as a table for spreadsheets."""
        self.start(self._table(), group="write", exclusive=True)

    async def _table(self) -> None:
        place = await self._place(_("Write a table for spreadsheets"), ".csv")
        if place:
            desk, scope = self.doings.desk, self._scope
            rows = await self.app.in_store(lambda: desk.write_csv(scope, place))
            self.say(_("Written: {path} ({count} rows)").format(path=place, count=rows))

    async def _place(self, asked: str, ending: str) -> Path | None:
        before = suggested(self._name_text, ending)
        typed = await self.app.push_screen_wait(AskPlace(asked, before))
        return Path(typed) if typed else None


def _overview(analysis: Analysis) -> str:
    parts = [
        _("{count} answers").format(count=number(analysis.answers)),
        _("{share} of the points").format(share=percent_words(analysis.share) or "–"),
        _("! {count} to review").format(count=number(analysis.to_review)),
    ]
    if analysis.pending:
        parts.append(_("… {count} not marked yet").format(count=number(analysis.pending)))
    return " · ".join(parts)


def _question_cells(one: QuestionAnalysis, chars: int) -> Iterator[Text]:
    drawn = bar(one.facility, _BAR) if one.facility is not None else " " * _BAR
    yield Text(f"{drawn} {percent_words(one.facility) or '–':>5}")
    for count in (one.correct, one.partial, one.incorrect):
        yield Text(str(count), justify="right")
    yield Text(str(one.to_review), justify="right")
    found = one.discrimination
    yield Text("–" if found is None else number(found, ".2f"), justify="right")
    yield Text(one_line(one.question, chars))


def _mistake_cells(one: Mistake, chars: int, who_chars: int) -> Iterator[Text]:
    yield Text(str(one.answers), justify="right")
    yield Text(one_line(one.words, chars))
    yield Text(one_line(_names(one), who_chars))
    alone = one.kind != "misconception" and one.answers == 1
    yield Text("–" if alone else _(_KINDS.get(one.kind, one.kind)))


def _names(one: Mistake) -> str:
    return ", ".join(one.learners)
