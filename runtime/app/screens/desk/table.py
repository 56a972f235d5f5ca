"""The answers of a set or a class, what needs review first; search, filters, one Enter to each.

    app.push_screen(ReviewTable(Scope(session_id=4), "Fractions"))

Ten thousand answers open as fast as ten: rows are drawn as one comes near them.
"""

import asyncio
from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Checkbox, DataTable, Footer, Input, Select, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.widgets.tables import fill_table
from runtime.app.widgets.tick import Tick
from runtime.app.widgets.top_line import TopLine
from runtime.app.widgets.verdicts import percent_words, points_words, verdict_words
from runtime.desk.review import Counts, Filters
from runtime.desk.scope import Scope
from runtime.marking.mark import Verdict
from runtime.records.store.screens import ItemLine, ResultLine
from runtime.words import N_, _

PAGE = 60
"""Rows that are drawn at a time: more than a large terminal shows, and drawn in a blink."""
_NEAR = 20
_ALL = 1_000_000
_PAUSE_SECONDS = 0.25
"""How long typing must rest before it is searched for, and what is drawn is left in peace before
the rest is fetched."""
_MOST_QUESTIONS = 200


class ReviewTable(DeskScreen):
    """A table over the store; nothing is kept here but what it has read."""

    HELP = N_("""\
# Answers

What needs review comes first, the least sure of it before the rest: **Enter** opens an answer, and
**N** goes on to the next from there.

**/** searches in answers and names, **F** shows only what needs review, **V** and **Q** choose a
verdict or a question. **!** stands for "please look", **✎** for your own word.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", N_("Search")),
        Binding("f", "flagged", N_("Only to review")),
        Binding("v", "choose('verdict')", N_("Verdict"), show=False),
        Binding("q", "choose('question')", N_("Question"), show=False),
        Binding("r", "analyse", N_("Reports")),
    ]
    DEFAULT_CSS = """
    ReviewTable #filters { height: 1; margin: 0 1; }
    ReviewTable #filters > * { margin-right: 1; }
    ReviewTable #search { width: 1fr; }
    ReviewTable #verdict { width: 20; }
    ReviewTable #question { width: 1fr; }
    ReviewTable DataTable { height: 1fr; }
    ReviewTable #counts { height: 1; padding: 0 1; color: $text-muted; }
    """
    AUTO_FOCUS = "#answers"

    def __init__(self, scope: Scope, name: str, item_id: int | None = None) -> None:
        """Show the answers of a scope, or at first only those to one question."""
        super().__init__()
        self._scope, self._name_text, self._item_id = scope, name, item_id
        self._lines: list[ResultLine] = []
        self._items: list[ItemLine] = []
        self._ready = False

    def compose(self) -> ComposeResult:
        """Yield filters and an empty table; ``fill`` brings the answers."""
        yield TopLine(one_line(self._name_text, 50))
        yield Static(id="counts")
        with Horizontal(id="filters"):
            yield Input(placeholder=_("Search"), compact=True, id="search")
            verdicts = [(verdict_words(one), one.value) for one in Verdict]
            yield Select(verdicts, prompt=_("any verdict"), compact=True, id="verdict")
            yield Select[int]([], prompt=_("any question"), compact=True, id="question")
            yield Tick(_("to review"), compact=True, id="flagged")
        yield DataTable(id="answers", cursor_type="row", zebra_stripes=True)
        yield StatusLine()
        yield Footer(show_command_palette=False)

    @on(events.Mount)
    def _watch_scrolling(self) -> None:
        """Draw more rows when one scrolls near the end of them."""
        table = self.query_one("#answers", DataTable)
        self.watch(table, "scroll_y", self._near_end, init=False)

    async def fill(self) -> None:
        """Fetch the first page, then the rest behind it."""
        await self._fetch()
        scope, screens = self._scope, self.app.store.screens
        self._items = await self.app.in_store(
            lambda: screens.items(session_id=scope.session_id, class_id=scope.class_id)
        )
        chosen = self.query_one("#question", Select)
        with self.prevent(Select.Changed):
            options = [(one_line(i.question, 40), i.item_id) for i in self._items]
            chosen.set_options(options[:_MOST_QUESTIONS])
            if self._item_id in {value for _label, value in options[:_MOST_QUESTIONS]}:
                chosen.value = self._item_id
        self._ready = True

    async def refilled(self) -> None:
        """Fetch the answers again; the cursor stays where it is."""
        await self._fetch()

    def on_screen_resume(self) -> None:
        """Show what was changed in an answer."""
        if self._ready:
            self.start(self._fetch(), group="lines", exclusive=True)

    async def _fetch(self) -> None:
        desk, scope, filters = self.doings.desk, self._scope, self._filters()
        first = await self.app.in_store(lambda: desk.lines(scope, filters, limit=PAGE))
        counts = await self.app.in_store(lambda: desk.counts(scope, filters))
        self._lines = first
        self._draw_anew()
        self._show_counts(counts)
        if counts.matching > len(first):
            await asyncio.sleep(_PAUSE_SECONDS)
            self._lines = await self.app.in_store(lambda: desk.lines(scope, filters, limit=_ALL))
            self._near_end()

    def _filters(self) -> Filters:
        verdict = self.query_one("#verdict", Select).value
        question = self.query_one("#question", Select).value if self._ready else self._item_id
        return Filters(
            item_id=question if isinstance(question, int) and question else None,
            verdict=Verdict(verdict) if isinstance(verdict, str) else None,
            flagged=self.query_one("#flagged", Checkbox).value,
            search=self.query_one("#search", Input).value,
        )

    def _draw_anew(self) -> None:
        table = self.query_one("#answers", DataTable)
        headings = (" ", _("Learner"), _("Verdict"), _("Points"), _("Sure"), _("Answer"))
        rows = self._lines[: max(PAGE, table.cursor_row + _NEAR)]
        fill_table(table, headings, map(_cells, rows))

    def _draw_more(self, count: int) -> None:
        table = self.query_one("#answers", DataTable)
        for line in self._lines[table.row_count : table.row_count + count]:
            table.add_row(*_cells(line))

    def _near_end(self) -> None:
        table = self.query_one("#answers", DataTable)
        seen = max(table.cursor_row, int(table.scroll_y) + table.size.height)
        if seen + _NEAR >= table.row_count and table.row_count < len(self._lines):
            self._draw_more(PAGE)

    def _show_counts(self, counts: Counts) -> None:
        parts = [
            _("{count} answers").format(count=f"{counts.answers:,}"),
            _("! {count} to review").format(count=f"{counts.to_review:,}"),
            _("✎ {count} by you").format(count=f"{counts.overridden:,}"),
        ]
        if counts.pending:
            parts.append(_("… {count} not marked yet").format(count=f"{counts.pending:,}"))
        if counts.matching != counts.answers:
            parts.append(_("{count} shown").format(count=f"{counts.matching:,}"))
        self.query_one("#counts", Static).update(Content(" · ".join(parts)))

    @on(DataTable.RowHighlighted)
    def _moved(self) -> None:
        self._near_end()

    @on(Input.Changed, "#search")
    @on(Select.Changed)
    @on(Checkbox.Changed)
    def _narrowed(self) -> None:
        if self._ready:
            self.start(self._search(), group="lines", exclusive=True)

    async def _search(self) -> None:
        await asyncio.sleep(_PAUSE_SECONDS)
        self.query_one("#answers", DataTable).move_cursor(row=0)
        await self._fetch()

    @on(Input.Submitted, "#search")
    def _to_answers(self) -> None:
        self.query_one("#answers", DataTable).focus()

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        ids = [line.answer_id for line in self._lines]
        if 0 <= event.cursor_row < len(ids):
            self.app.push_screen(AnswerScreen(ids, event.cursor_row))

    def action_search(self) -> None:
        """Go to the field for searching."""
        self.query_one("#search").focus()

    def action_flagged(self) -> None:
        """Show only what needs review, or everything."""
        self.query_one("#flagged", Checkbox).toggle()

    def action_choose(self, what: str) -> None:
        """Open a list of verdicts or questions."""
        chosen = self.query_one(f"#{what}", Select)
        chosen.focus()
        chosen.action_show_overlay()

    def action_analyse(self) -> None:
        """Show which questions were hard."""
        from runtime.app.screens.desk.analysis import AnalysisScreen  # noqa: PLC0415

        self.app.push_screen(AnalysisScreen(self._scope, self._name_text))


def _cells(line: ResultLine) -> Iterator[Text]:
    yield Text("✎" if line.overridden else "!" if line.needs_review else " ")
    yield Text(one_line(line.nickname or "–", 16))
    yield Text(verdict_words(line.verdict))
    yield Text(points_words(line.score, line.max_score), justify="right")
    yield Text("" if line.overridden else percent_words(line.confidence), justify="right")
    yield Text(one_line(line.text, 80))
