"""The desk: the classes, and what each has been given to do.

app.go("desk")           the app asks for the PIN first
"""

import asyncio
import importlib
from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import DataTable, Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.dialogs import Ask, AskClass, ClassChoice
from runtime.app.widgets.tables import fill_table
from runtime.app.widgets.top_line import TopLine
from runtime.errors import BadInputError
from runtime.records.store.rows import SchoolClass
from runtime.records.store.screens import SessionLine
from runtime.words import N_, _, ngettext

_MOST_SESSIONS = 100
_WARM = ("doings", "taking_in", "marking", "table", "changes", "analysis", "learners")
"""Modules of the desk that are fetched in the background, so that no key has to wait for them."""


class DeskHome(DeskScreen):
    """Classes on the left (above, where it is narrow), the sets of the chosen one beside it."""

    TITLE = N_("Teacher's desk")
    HELP = N_("""\
# Teacher's desk

Choose a class, then **Tab** to its sets and **Enter** to look at the answers of one. What needs
review comes first there.

**I** takes a class set in (JSONL or CSV), **K** marks what has no mark yet, **R** shows which
questions were hard and writes reports, **L** shows the learners of a class.

**S** changes a class, **N** makes a new one, **D** dissolves one; the work of its learners stays.
Almost everything can be taken back with **U**.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "take_in", N_("Take in")),
        Binding("k", "mark", N_("Mark")),
        Binding("r", "analyse", N_("Reports")),
        Binding("l", "learners", N_("Learners")),
        Binding("n", "new_class", N_("New class"), show=False),
        Binding("s", "settings", N_("Class settings"), show=False),
        Binding("d", "dissolve", N_("Dissolve the class"), show=False),
    ]
    DEFAULT_CSS = """
    DeskHome #lists { height: 1fr; }
    DeskHome .list { height: 1fr; }
    DeskHome #class-list { width: 44; }
    DeskHome .list > .heading { padding: 0 1; text-style: bold; }
    DeskHome DataTable { height: 1fr; }
    DeskHome.-narrow #lists { layout: vertical; }
    DeskHome.-narrow #class-list { width: 1fr; height: 40%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._school: list[SchoolClass] = []
        self._sessions: list[SessionLine] = []
        self._filled = False

    def compose(self) -> ComposeResult:
        """Yield two empty tables; ``fill`` brings what is in them."""
        yield TopLine(_(self.TITLE))
        with Horizontal(id="lists"):
            with Vertical(classes="list", id="class-list"):
                yield Static(_("Classes"), classes="heading")
                yield DataTable(id="classes", cursor_type="row")
            with Vertical(classes="list"):
                yield Static(_("Class sets"), classes="heading", id="sets-title")
                yield DataTable(id="sets", cursor_type="row")
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """List the classes and the sets of the chosen one."""
        self._lay_out()
        self._school = await self.app.in_store(self.app.store.classes.all)
        headings = (_("Class"), _("Learners"), _("Kept"))
        table = self.query_one("#classes", DataTable)
        fill_table(table, headings, map(_class_cells, self._school))
        if not self._school:
            self.say(_("There is no class yet. I takes a class set in, N makes a class."))
        await self._show_sets()
        self._filled = True
        await asyncio.to_thread(_warm)

    @on(events.Resize)
    def _lay_out(self) -> None:
        """Put the lists beside each other where there is room."""
        self.set_class(self.app.size.width < 110, "-narrow")

    def on_screen_resume(self) -> None:
        """Show what other screens have changed."""
        if self._filled:
            self.start(self.fill(), group="fill", exclusive=True)

    @on(DataTable.RowHighlighted, "#classes")
    def _class_chosen(self) -> None:
        self.start(self._show_sets(), group="sets", exclusive=True)

    @on(DataTable.RowSelected, "#classes")
    def _to_sets(self) -> None:
        self.query_one("#sets", DataTable).focus()

    async def _show_sets(self) -> None:
        chosen = self._class()
        sessions: list[SessionLine] = []
        if chosen:
            sessions = await self.app.in_store(
                lambda: self.app.store.screens.sessions(chosen.id, _MOST_SESSIONS)
            )
        self._sessions = sessions
        headings = (_("Set"), _("Day"), _("Answers"), _("To mark"), _("To review"))
        fill_table(self.query_one("#sets", DataTable), headings, map(_session_cells, sessions))
        title = _("Sets of {name}").format(name=chosen.name) if chosen else _("Class sets")
        self.query_one("#sets-title", Static).update(Content(one_line(title)))

    def _class(self) -> SchoolClass | None:
        at = self.query_one("#classes", DataTable).cursor_row
        return self._school[at] if 0 <= at < len(self._school) else None

    def _need_class(self) -> SchoolClass:
        chosen = self._class()
        if chosen is None:
            raise BadInputError(
                _("There is no class yet."), _("Make one with N, or take a class set in with I.")
            )
        return chosen

    def _need_session(self) -> SessionLine:
        at = self.query_one("#sets", DataTable).cursor_row
        if not 0 <= at < len(self._sessions):
            raise BadInputError(_("This class has no set yet."), _("Take a class set in with I."))
        return self._sessions[at]

    @on(DataTable.RowSelected, "#sets")
    def _open(self) -> None:
        from runtime.app.screens.desk.table import ReviewTable  # noqa: PLC0415
        from runtime.desk.scope import Scope  # noqa: PLC0415

        one = self._need_session()
        self.app.push_screen(ReviewTable(Scope(session_id=one.id), _name(one)))

    def action_take_in(self) -> None:
        """Take a class set in."""
        from runtime.app.screens.desk.taking_in import TakingIn  # noqa: PLC0415

        self.app.push_screen(TakingIn(self._class()))

    def action_mark(self) -> None:
        """Mark what has no mark yet in the chosen set, or watch what is being marked."""
        self.start(self._mark())

    async def _mark(self) -> None:
        from runtime.app.screens.desk.marking import MarkingScreen  # noqa: PLC0415

        if self.doings.busy:
            self.app.push_screen(MarkingScreen())
            return
        one = self._need_session()
        self.app.store.need_to_write()
        if not one.pending:
            raise BadInputError(
                _("Every answer of this set has a mark."), _("Look at them with Enter.")
            )
        self.doings.mark(one.id, _name(one))
        self.app.push_screen(MarkingScreen())

    def action_analyse(self) -> None:
        """Show which questions were hard, and write reports."""
        self.start(self._analyse())

    async def _analyse(self) -> None:
        from runtime.app.screens.desk.analysis import AnalysisScreen  # noqa: PLC0415
        from runtime.desk.scope import Scope  # noqa: PLC0415

        chosen = self._need_class()
        if self.focused and self.focused.id == "sets" and self._sessions:
            one = self._need_session()
            self.app.push_screen(AnalysisScreen(Scope(session_id=one.id), _name(one)))
        else:
            self.app.push_screen(AnalysisScreen(Scope(class_id=chosen.id), chosen.name))

    def action_learners(self) -> None:
        """Show the learners of the class."""
        self.start(self._learners())

    async def _learners(self) -> None:
        from runtime.app.screens.desk.learners import LearnersScreen  # noqa: PLC0415

        self.app.push_screen(LearnersScreen(self._need_class()))

    def action_new_class(self) -> None:
        """Make a class."""
        self.start(self._new_class())

    async def _new_class(self) -> None:
        chosen = await self.app.push_screen_wait(AskClass(_("A new class")))
        if chosen is None:
            return
        made = await self.app.in_store(lambda: self.app.store.classes.add(chosen.name, chosen.days))

        async def undo() -> None:
            await self.app.in_store(lambda: self.app.store.classes.remove(made.id))

        await self.fill()
        self.did(_("The class {name} was made.").format(name=made.name), undo)

    def action_settings(self) -> None:
        """Change the class."""
        self.start(self._settings())

    async def _settings(self) -> None:
        old = self._need_class()
        before = ClassChoice(old.name, old.retention_days)
        chosen = await self.app.push_screen_wait(AskClass(_("Class settings"), before))
        if chosen is None or chosen == before:
            return
        await self._change(old.id, chosen)

        async def undo() -> None:
            await self._change(old.id, before)

        await self.fill()
        self.did(_("The class {name} was changed.").format(name=chosen.name), undo)

    async def _change(self, class_id: int, to: ClassChoice) -> None:
        await self.app.in_store(
            lambda: self.app.store.classes.change(class_id, name=to.name, retention_days=to.days)
        )

    def action_dissolve(self) -> None:
        """Dissolve the class."""
        self.start(self._dissolve())

    async def _dissolve(self) -> None:
        chosen = self._need_class()
        facts = [
            _("The learners and all they wrote stay; only the class itself goes."),
            _("This cannot be taken back: who was in it is forgotten."),
        ]
        asked = _("Dissolve the class {name}?").format(name=chosen.name)
        if await self.app.push_screen_wait(Ask(asked, facts, _("Dissolve"))):
            await self.app.in_store(lambda: self.app.store.classes.remove(chosen.id))
            await self.fill()
            self.say(_("The class {name} was dissolved.").format(name=chosen.name))


def _warm() -> None:
    for name in _WARM:
        importlib.import_module(f"runtime.app.screens.desk.{name}")


def _class_cells(one: SchoolClass) -> Iterator[Text]:
    yield Text(one_line(one.name, 24))
    yield Text(str(one.learners), justify="right")
    days = one.retention_days
    kept = ngettext("{days} day", "{days} days", days).format(days=days)
    yield Text(kept if days else _("for ever"))


def _session_cells(one: SessionLine) -> Iterator[Text]:
    yield Text(one_line(_name(one), 30))
    yield Text(f"{one.started.astimezone():%Y-%m-%d}")
    yield Text(str(one.answers), justify="right")
    yield Text(str(one.pending) if one.pending else "–", justify="right")
    yield Text(f"! {one.to_review}" if one.to_review else "–", justify="right")


def _name(one: SessionLine) -> str:
    return one.set_name or _("Practice on {day}").format(day=f"{one.started.astimezone():%x}")
