"""The two lists of the desk's home: the classes, and the sets of the chosen one.

class DeskHome(HomeLists):
    one = self.need_class()             in words, if there is none
"""

import asyncio
import importlib
from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import DataTable, Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.desk.base import DeskScreen, StatusLine
from runtime.app.screens.desk.home_cells import (
    class_cells,
    class_headings,
    greeting,
    set_cells,
    set_headings,
)
from runtime.app.widgets.tables import Table, fill_table
from runtime.app.widgets.top_line import TopLine
from runtime.errors import BadInputError
from runtime.records.store.classes import ClassWork
from runtime.records.store.rows import SchoolClass
from runtime.records.store.screens import SessionLine
from runtime.words import _

_MOST_SESSIONS = 100
_STACKED = "-stacked"
"""The app has a "-narrow" of its own, for windows that are narrower still."""
_FOLLOW_SECONDS = 2.0
"""How often what waits is counted anew while a set is being marked."""
_WIDE = 135
"""Columns from which on both lists stand beside each other with all they say."""
_WARM = ("doings", "taking_in", "marking", "table", "changes", "analysis", "learners")
"""Modules of the desk that are fetched in the background, so that no key has to wait for them."""


class HomeLists(DeskScreen):
    """Classes above (on the left, where it is wide), the sets of the chosen one under them."""

    DEFAULT_CSS = """
    HomeLists #lists { height: 1fr; }
    HomeLists .list { height: 1fr; }
    HomeLists #class-list { width: 62; }
    HomeLists .list > .heading { padding: 0 1; text-style: bold; }
    HomeLists DataTable { height: 1fr; }
    HomeLists.-stacked #lists { layout: vertical; }
    HomeLists.-stacked #class-list { width: 1fr; height: 40%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.school: list[SchoolClass] = []
        self.sessions: list[SessionLine] = []
        self._shown_id: int | None = None
        """The class whose sets are shown."""
        self._filled = False
        self._was_busy = False
        self._greeted = ""
        self._arrived: tuple[int, str] = (0, "")
        """The set that was taken in last, and what was said of it."""

    def compose(self) -> ComposeResult:
        """Yield two empty tables; ``fill`` brings what is in them."""
        yield TopLine(_("Teacher's desk"))
        with Horizontal(id="lists"):
            with Vertical(classes="list", id="class-list"):
                yield Static(_("Classes"), classes="heading")
                yield Table(id="classes", cursor_type="row")
            with Vertical(classes="list"):
                yield Static(_("Class sets"), classes="heading", id="sets-title")
                yield Table(id="sets", cursor_type="row")
        yield StatusLine()
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """List the classes and the sets of the chosen one."""
        self._lay_out()
        arrived = self.doings.arrived
        chosen = self.chosen_class()
        wanted = arrived.class_id if arrived else chosen.id if chosen else None
        self.school, work = await self.app.in_store(self._read)
        table = self.query_one("#classes", Table)
        rows = (class_cells(one, work.get(one.id)) for one in self.school)
        fill_table(table, class_headings(), rows)
        _to_row(table, self.school, wanted)
        await self._show_sets()
        if arrived:
            self._show_arrived(arrived.session_id, arrived.said)
        elif self.said == self._greeted or self._is_marked_now():
            self._greeted = "" if self.doings.busy else greeting(self.school, work.values())
            self.say(self._greeted)
        if not self._filled:
            self.set_interval(_FOLLOW_SECONDS, self._follow)
        self._filled = True
        await asyncio.to_thread(_warm)

    def _follow(self) -> None:
        """Count anew while a set is being marked, and once more when that has ended."""
        busy = self.doings.busy
        if self.is_current and (busy or self._was_busy):
            self.start(self.fill(), group="fill")
        self._was_busy = busy

    def _read(self) -> tuple[list[SchoolClass], dict[int, ClassWork]]:
        classes = self.app.store.classes
        return classes.all(), classes.work()

    def _is_marked_now(self) -> bool:
        """Return whether the line still asks to mark a set in which every answer has a mark."""
        session_id, said = self._arrived
        done = any(one.id == session_id and not one.pending for one in self.sessions)
        return done and self.said == said

    def _show_arrived(self, session_id: int, said: str) -> None:
        """Put the cursor on the set that was just taken in: the next key marks it."""
        self.doings.arrived, self._arrived = None, (session_id, said)
        table = self.query_one("#sets", Table)
        _to_row(table, self.sessions, session_id)
        table.focus()
        self.say(said)

    @on(events.Resize)
    def _lay_out(self) -> None:
        """Put the lists beside each other where there is room."""
        self.set_class(self.app.size.width < _WIDE, _STACKED)

    def on_screen_resume(self) -> None:
        """Show what other screens have changed."""
        if self._filled:
            self.start(self.fill(), group="fill", exclusive=True)

    @on(DataTable.RowHighlighted, "#classes")
    def _class_chosen(self) -> None:
        chosen = self.chosen_class()
        if chosen and chosen.id == self._shown_id:
            return
        self.start(self._show_sets(), group="sets", exclusive=True)

    @on(DataTable.RowSelected, "#classes")
    def _to_sets(self) -> None:
        self.query_one("#sets", Table).focus()

    async def _show_sets(self) -> None:
        chosen = self.chosen_class()
        sessions: list[SessionLine] = []
        if chosen:
            screens = self.app.store.screens
            sessions = await self.app.in_store(lambda: screens.sessions(chosen.id, _MOST_SESSIONS))
        self.sessions = sessions
        self._shown_id = chosen.id if chosen else None
        table = self.query_one("#sets", Table)
        fill_table(table, set_headings(), map(set_cells, sessions))
        title = _("Sets of {name}").format(name=chosen.name) if chosen else _("Class sets")
        self.query_one("#sets-title", Static).update(Content(one_line(title)))

    def chosen_class(self) -> SchoolClass | None:
        """Return the class the cursor is on."""
        at = self.query_one("#classes", Table).cursor_row
        return self.school[at] if 0 <= at < len(self.school) else None

    def need_class(self) -> SchoolClass:
        """Return the class the cursor is on. Raises ``BadInputError`` if there is none."""
        chosen = self.chosen_class()
        if chosen is None:
            raise BadInputError(
                _("There is no class yet."), _("Make one with N, or take a class set in with I.")
            )
        return chosen

    def need_session(self) -> SessionLine:
        """Return the set the cursor is on. Raises ``BadInputError`` if there is none."""
        at = self.query_one("#sets", Table).cursor_row
        if not 0 <= at < len(self.sessions):
            raise BadInputError(_("This class has no set yet."), _("Take a class set in with I."))
        return self.sessions[at]


def _to_row(table: Table, rows: Sequence[SchoolClass | SessionLine], wanted: int | None) -> None:
    places = [place for place, one in enumerate(rows) if one.id == wanted]
    if places:
        table.move_cursor(row=places[0])


def _warm() -> None:
    for name in _WARM:
        importlib.import_module(f"runtime.app.screens.desk.{name}")
