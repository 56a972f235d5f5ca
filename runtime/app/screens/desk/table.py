"""The answers of a set or a class, what needs review first; search, filters, one Enter to each.

    app.push_screen(ReviewTable(Scope(session_id=4), "Fractions"))

Ten thousand answers open as fast as ten: their order is fetched, and rows as one comes near them.
"""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Checkbox, DataTable, Footer, Input, Select, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.widgets.long_table import Known, LongTable
from runtime.app.widgets.tick import Tick
from runtime.app.widgets.top_line import TopLine
from runtime.app.widgets.verdicts import percent_words, points_words, verdict_words
from runtime.desk.review import Counts, Filters, Review
from runtime.desk.scope import Scope
from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store.screens import ItemLine, ResultLine
from runtime.words import N_, _, number

PAGE = 100
"""Rows that are fetched from where one is: what a large terminal shows, and a page more."""
_PAUSE_SECONDS = 0.25
"""How long typing must rest before it is searched for."""
_MOST_QUESTIONS = 200


class ReviewTable(DeskScreen):
    """A table over the store; nothing is kept here but what it has read."""

    HELP = N_("""\
# Answers

What needs review comes first, the least sure of it before the rest: **Enter** opens an answer, and
**N** goes on to the next from there.

**/** searches in answers and names, **F** shows only what needs review, **V** and **Q** choose a
verdict or a question. **!** stands for "please look", **✎** for your own word.

**T** opens the five answers to mark first: of the question you chose, or of the one with most to
review. They are those that say most about the others, whose marks can follow yours.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", N_("Search")),
        Binding("f", "flagged", N_("Only to review")),
        Binding("t", "first", N_("Mark first")),
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
        self._order: list[int] = []
        self._wanted: int | None = None
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
        yield LongTable(id="answers")
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Fetch the order and the first page, then the questions to choose from."""
        await self._fetch()
        scope, screens = self._scope, self.app.store.screens
        self._items = await self.app.in_store(
            lambda: screens.items(session_id=scope.session_id, class_id=scope.class_id)
        )
        chosen = self.query_one("#question", Select)
        with self.prevent(Select.Changed):
            options = [(one_line(i.question, 40), i.item_id) for i in self._items[:_MOST_QUESTIONS]]
            chosen.set_options(options)
            if self._item_id in {value for _label, value in options}:
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
        review, scope, filters = Review(self.app.store), self._scope, self._filters()
        table = self.query_one("#answers", LongTable)
        first = table.first_row()

        def fetch() -> tuple[list[int], Known, Counts]:
            order = review.order(scope, filters)
            # What showed may lie beyond the end of what there is now.
            start = first if first < len(order) else max(0, len(order) - PAGE)
            return order, _page(review, order, start), review.counts(scope, filters)

        self._order, known, counts = await self.app.in_store(fetch)
        headings = (" ", _("Learner"), _("Verdict"), _("Points"), _("Sure"), _("Answer"))
        table.show(headings, len(self._order), known)
        self._show_counts(counts)
        self._say_nothing_waits()

    @on(LongTable.Wanted)
    def _scrolled(self, event: LongTable.Wanted) -> None:
        waits, self._wanted = self._wanted is not None, event.row
        if not waits:
            self.start(self._fetch_more(), group="more")

    async def _fetch_more(self) -> None:
        """Fetch what is in sight, and again if one has scrolled on meanwhile."""
        review, row = Review(self.app.store), None
        try:
            while row != self._wanted:
                row, order = self._wanted, self._order
                known = await self.app.in_store(partial(_page, review, order, row or 0))
                if order is self._order:
                    self.query_one("#answers", LongTable).know(known)
        finally:
            self._wanted = None

    def _say_nothing_waits(self) -> None:
        """Say why the table is empty where only what needs review is shown."""
        words = _("Nothing here waits for your eye. F shows the other answers too.")
        if self.query_one("#flagged", Checkbox).value and not self._order:
            self.say(words)
        elif self.said == words:
            self.say("")

    def _filters(self) -> Filters:
        verdict = self.query_one("#verdict", Select).value
        question = self.query_one("#question", Select).value if self._ready else self._item_id
        return Filters(
            item_id=question if isinstance(question, int) and question else None,
            verdict=Verdict(verdict) if isinstance(verdict, str) else None,
            flagged=self.query_one("#flagged", Checkbox).value,
            search=self.query_one("#search", Input).value,
        )

    def _show_counts(self, counts: Counts) -> None:
        parts = [
            _("{count} answers").format(count=number(counts.answers)),
            _("! {count} to review").format(count=number(counts.to_review)),
            _("✎ {count} by you").format(count=number(counts.overridden)),
        ]
        if counts.pending:
            parts.append(_("… {count} not marked yet").format(count=number(counts.pending)))
        if counts.matching != counts.answers:
            parts.append(_("{count} shown").format(count=number(counts.matching)))
        self.query_one("#counts", Static).update(Content(" · ".join(parts)))

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        if self._ready:
            self.start(self._search(_PAUSE_SECONDS), group="lines", exclusive=True)

    @on(Select.Changed)
    @on(Checkbox.Changed)
    def _narrowed(self) -> None:
        if self._ready:
            self.start(self._search(), group="lines", exclusive=True)

    async def _search(self, pause: float = 0.0) -> None:
        await asyncio.sleep(pause)
        self.query_one("#answers", LongTable).move_cursor(row=0)
        await self._fetch()

    @on(Input.Submitted, "#search")
    def _to_answers(self) -> None:
        self.query_one("#answers", LongTable).focus()

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        if 0 <= event.cursor_row < len(self._order):
            self.app.push_screen(AnswerScreen(self._order, event.cursor_row))

    def action_search(self) -> None:
        """Go to the field for searching."""
        self.query_one("#search").focus()

    def action_flagged(self) -> None:
        """Show only what needs review, or everything."""
        self.query_one("#flagged", Checkbox).toggle()

    def action_first(self) -> None:
        """Open the answers that say most about the others."""
        self.start(self._first(), group="first", exclusive=True)

    async def _first(self) -> None:
        self.say(_("Looking for the answers that say most about the others …"))
        try:
            item_id = self._filters().item_id
            found = await asyncio.wrap_future(self.doings.desk.first_looks(self._scope, item_id))
        except BadInputError as error:
            # Nobody did anything wrong: it is no error that would stand over the next screens.
            self.say(f"{error.message} {error.remedy}")
            return
        except BaseException:
            self.say("")
            raise
        self.say("")
        question = one_line(found.question, 50)
        said = _("These say most about the other answers to “{question}”.")
        await self.app.push_screen(
            AnswerScreen(found.answer_ids, 0, said.format(question=question))
        )

    def action_choose(self, what: str) -> None:
        """Open a list of verdicts or questions."""
        chosen = self.query_one(f"#{what}", Select)
        chosen.focus()
        chosen.action_show_overlay()

    def action_analyse(self) -> None:
        """Show which questions were hard."""
        from runtime.app.screens.desk.analysis import AnalysisScreen  # noqa: PLC0415

        self.app.push_screen(AnalysisScreen(self._scope, self._name_text))


def _page(review: Review, order: list[int], row: int) -> Known:
    """Return the cells of the rows around one; to be called in the store's thread."""
    start = max(0, row - PAGE // 2)
    wanted = order[start : row + PAGE]
    places = {answer_id: place for place, answer_id in enumerate(wanted, start)}
    return {places[line.answer_id]: tuple(_cells(line)) for line in review.lines_of(wanted)}


def _cells(line: ResultLine) -> Iterator[Text]:
    yield Text("✎" if line.overridden else "!" if line.needs_review else " ")
    yield Text(one_line(line.nickname or "–", 16))
    yield Text(verdict_words(line.verdict))
    yield Text(points_words(line.score, line.max_score), justify="right")
    yield Text("" if line.overridden else percent_words(line.confidence), justify="right")
    # Lines of a working would run together: "3x = 27 x = 9".
    yield Text(one_line(" | ".join(line.text.splitlines()), 80))
