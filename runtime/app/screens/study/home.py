"""A learner's own page: go on, practise again, choose a set; how far each set is.

What reads maths and texts takes a moment to import, so that is done in the store's thread while the
page is there already; hence the imports inside functions.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Footer, OptionList, Static
from textual.widgets.option_list import Option

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.widgets.bars import bar
from runtime.app.widgets.top_line import TopLine
from runtime.records.store import Store
from runtime.records.store.rows import Learner
from runtime.study.overview import Overview, SetLine, overview
from runtime.words import N_, _, ngettext

if TYPE_CHECKING:
    from runtime.study.session import StudySession

Make = Callable[["type[StudySession]"], "StudySession | None"]

_BAR = 16
_NAME = 36
_BESIDE_NAME = 36
"""Columns of a line that the bar, the count and the frame take."""


class StudyHome(KindmarkScreen):
    """What ``app.learner`` can do now."""

    HELP = N_("""\
# Your page

- **Go on** takes you back to where you stopped. Nothing was lost.
- **Practise again** asks what was hard some days ago, and comes back less often each time.
- A **set** is a list of questions. The bar shows how many of them were right so far.

A session has at most ten questions. You can stop at any time with Esc; everything is kept.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "how", N_("How questions are chosen")),
    ]
    DEFAULT_CSS = """
    StudyHome #days { padding: 1 2 0 2; }
    StudyHome .ways { height: auto; padding: 1 1 0 1; }
    StudyHome .ways Button { margin-right: 2; }
    StudyHome #choose { padding: 1 2 0 2; text-style: bold; }
    StudyHome #sets { height: auto; max-height: 1fr; margin: 0 1 0 1; }
    StudyHome #none { padding: 1 2; }
    StudyHome .unknown { display: none; }
    """

    def compose(self) -> ComposeResult:
        """Yield the page, empty; ``fill`` brings what is known of the learner."""
        yield TopLine(_("Your page"))
        yield Static(id="days")
        with Horizontal(classes="ways"):
            yield Button(_("Go on"), id="resume", variant="primary", classes="unknown")
            yield Button(id="review", classes="unknown")
        yield Static(_("Choose a set"), id="choose")
        yield OptionList(id="sets", markup=False)
        yield Static(
            _("There is no set yet. A teacher can bring one in at the desk."),
            id="none",
            classes="unknown",
        )
        yield Footer(show_command_palette=False)

    @property
    def learner(self) -> Learner:
        """Who is here; the first screen lets nobody in without a name."""
        learner = self.app.learner
        if learner is None:
            raise RuntimeError("StudyHome needs app.learner")
        return learner

    _away = False
    """Whether a session is over this screen, or about to be."""

    async def fill(self) -> None:
        """Show the learner's sets; quietly mark what waits and see what a teacher has changed."""
        await self._look()
        store, learner = self.app.store, self.learner
        changed = await self.app.in_store(lambda: _refreshed(store, learner))
        from runtime.app.screens.study.marking import mark_what_waits  # noqa: PLC0415

        if await mark_what_waits(self.app, self.learner) or changed:
            await self._look()

    async def _look(self) -> None:
        learner, store = self.learner, self.app.store
        self._show(await self.app.in_store(lambda: overview(store, learner)))

    def on_screen_resume(self) -> None:
        """Look again after a session."""
        if self._away:
            self._away = False
            # What can go on is known once the page is filled again; until then nothing is promised.
            for name in ("#resume", "#review"):
                self.query_one(name).display = False
            self.query_one("#sets").focus()
            self.start(self.fill())

    def _show(self, found: Overview) -> None:
        self.query_one("#days", Static).update(Content(_days(found.days)))
        resume, review = self.query_one("#resume", Button), self.query_one("#review", Button)
        newly = found.unfinished is not None and not resume.display
        resume.display = found.unfinished is not None
        review.display = found.due > 0
        review.label = Content(
            ngettext(
                "Practise {count} question again", "Practise {count} questions again", found.due
            ).format(count=found.due)
        )
        sets = self.query_one("#sets", OptionList)
        chosen = sets.highlighted
        sets.clear_options()
        wide = min(_NAME, self.app.size.width - _BESIDE_NAME)
        sets.add_options([Option(_line(one, wide), id=str(one.id)) for one in found.sets])
        sets.highlighted = min(chosen or 0, len(found.sets) - 1) if found.sets else None
        sets.display = bool(found.sets)
        self.query_one("#none").display = not found.sets
        if newly or self.focused is None or not self.focused.display:
            (resume if resume.display else sets).focus()

    @on(OptionList.OptionSelected, "#sets")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            set_id = int(event.option_id)
            self._begin(lambda kind: kind.start(self.app.store, self.learner, set_id))

    @on(Button.Pressed, "#resume")
    def _go_on(self) -> None:
        self._begin(lambda kind: kind.resume(self.app.store, self.learner))

    @on(Button.Pressed, "#review")
    def _again(self) -> None:
        self._begin(lambda kind: kind.review(self.app.store, self.learner))

    def _begin(self, make: Make) -> None:
        """Begin one session, also if Enter is pressed twice."""
        if not self._away:
            self.app.store.need_to_write()
            self._away = True
            self.start(self._ask(make))

    async def _ask(self, make: Make) -> None:
        session = None
        try:
            session = await self.app.in_store(lambda: _made(make))
        finally:
            self._away = session is not None
        if session:
            from runtime.app.screens.study.question import QuestionScreen  # noqa: PLC0415

            self.app.push_screen(QuestionScreen(session))
        else:
            await self._look()

    def action_how(self) -> None:
        """Show how questions are chosen, with the numbers."""
        self.start(self._how())

    async def _how(self) -> None:
        await self.app.in_store(_import_all)
        from runtime.app.screens.study.choosing import HowChosen  # noqa: PLC0415

        self.app.push_screen(HowChosen())


def _import_all() -> None:
    """Import what the next screens need."""
    for name in ("marking", "question", "choosing"):
        import_module(f"runtime.app.screens.study.{name}")


def _refreshed(store: Store, learner: Learner) -> bool:
    """Return whether something shows more, or less, than it did when the learner was last here."""
    _import_all()
    from runtime.study.knowledge import refresh  # noqa: PLC0415

    return refresh(store, learner.id)


def _made(make: Make) -> "StudySession | None":
    _import_all()
    from runtime.study.session import StudySession  # noqa: PLC0415

    return make(StudySession)


def _days(days: int) -> str:
    if not days:
        return _("Nice that you are here.")
    said = ngettext(
        "You have practised on {count} day this month.",
        "You have practised on {count} days this month.",
        days,
    )
    return said.format(count=days)


def _line(one: SetLine, wide: int) -> Content:
    """Return a set with its bar; its name has ``wide`` columns."""
    done = _("{right} of {items}").format(right=one.right, items=one.items)
    share = one.right / one.items if one.items else 0.0
    name = one_line(one.name, wide).ljust(wide)
    return Content(f"{name} {bar(share, _BAR).replace(' ', '░')} {done}")
