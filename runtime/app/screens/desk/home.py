"""The desk: the classes, and what each has been given to do.

app.go("desk")           the app asks for the PIN first
"""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from runtime.app.screens.desk.class_steps import change, dissolve, make
from runtime.app.screens.desk.home_cells import set_name
from runtime.app.screens.desk.home_lists import HomeLists
from runtime.errors import BadInputError
from runtime.records.store.screens import SessionLine
from runtime.words import N_, _


class DeskHome(HomeLists):
    """Where one comes in, and from where one goes on."""

    TITLE = N_("Teacher's desk")
    HELP = N_("""\
# Teacher's desk

Choose a class, then **Tab** to its sets and **Enter** to look at the answers of one. What needs
review comes first there; **!** counts it, for a class and for each of its sets.

**I** takes a class set in (JSONL or CSV), **K** marks what has no mark yet, **R** shows which
questions were hard and writes reports, **L** shows the learners of a class.

**S** changes a class, **N** makes a new one, **D** dissolves one; the work of its learners stays.
What is not erased can be taken back with **U**.
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

    @on(DataTable.RowSelected, "#sets")
    def _open(self) -> None:
        from runtime.app.screens.desk.table import ReviewTable  # noqa: PLC0415
        from runtime.desk.scope import Scope  # noqa: PLC0415

        one = self.need_session()
        self.app.push_screen(ReviewTable(Scope(session_id=one.id), set_name(one)))

    @property
    def _among_sets(self) -> bool:
        return bool(self.focused and self.focused.id == "sets" and self.sessions)

    def action_take_in(self) -> None:
        """Take a class set in."""
        from runtime.app.screens.desk.taking_in import TakingIn  # noqa: PLC0415

        self.app.push_screen(TakingIn(self.chosen_class()))

    def action_mark(self) -> None:
        """Mark what has no mark yet in the chosen set, or watch what is being marked."""
        self.start(self._mark())

    async def _mark(self) -> None:
        from runtime.app.screens.desk.marking import MarkingScreen  # noqa: PLC0415

        if not self.doings.busy:
            one = self._to_mark()
            self.app.store.need_to_write()
            self.doings.mark(one.id, set_name(one))
        self.app.push_screen(MarkingScreen())

    def _to_mark(self) -> SessionLine:
        """Return the set to mark: the one with the cursor; from the classes, one that waits."""
        one = self.need_session()
        waiting = [] if self._among_sets else [one for one in self.sessions if one.pending]
        if not one.pending and not waiting:
            raise BadInputError(
                _("Every answer of this set has a mark."), _("Look at them with Enter.")
            )
        return one if one.pending else waiting[0]

    def action_analyse(self) -> None:
        """Show which questions were hard, and write reports."""
        self.start(self._analyse())

    async def _analyse(self) -> None:
        from runtime.app.screens.desk.analysis import AnalysisScreen  # noqa: PLC0415
        from runtime.desk.scope import Scope  # noqa: PLC0415

        chosen = self.need_class()
        if self._among_sets:
            one = self.need_session()
            self.app.push_screen(AnalysisScreen(Scope(session_id=one.id), set_name(one)))
        else:
            self.app.push_screen(AnalysisScreen(Scope(class_id=chosen.id), chosen.name))

    def action_learners(self) -> None:
        """Show the learners of the class."""
        self.start(self._learners())

    async def _learners(self) -> None:
        from runtime.app.screens.desk.learners import LearnersScreen  # noqa: PLC0415

        self.app.push_screen(LearnersScreen(self.need_class()))

    def action_new_class(self) -> None:
        """Make a class."""
        self.start(make(self))

    def action_settings(self) -> None:
        """Change the class."""
        self.start(self._settings())

    async def _settings(self) -> None:
        await change(self, self.need_class())

    def action_dissolve(self) -> None:
        """Dissolve the class."""
        self.start(self._dissolve())

    async def _dissolve(self) -> None:
        await dissolve(self, self.need_class())
