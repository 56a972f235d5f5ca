"""The first screen: who are you?

Up to ``CARDS`` learners are cards to click on; more of them are a list that can be searched.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, ItemGrid, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from runtime.app import demo
from runtime.app.avatars import picture
from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.widgets.top_line import TopLine
from runtime.records.store.rows import Learner
from runtime.words import N_, _

CARDS = 24
"""A class on cards fills a screen; a school does not fit."""
_NAME_CHARS = 22


class Welcome(KindmarkScreen):
    """Learners to choose from, and the ways to everything else."""

    HELP = N_("""\
# Who are you?

Choose yourself with the arrow keys or Tab, and press Enter; or click on your name.

- **Add a learner** makes a new name with a picture. No real name is needed.
- **Teacher's desk** is for marking a class set. It asks for a PIN.
- **Try the demo class** brings invented learners with answers, so that there is something to see.
  It goes away again with one press.
- Your name, picture or PIN are changed on your own page (**P**). Only the teacher's desk can take a
  learner away.

Everything stays on this machine. Nothing is ever sent.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        # Where a name is being typed, letters are part of it; the footer then shows the other key.
        Binding("n", "add", N_("Add a learner")),
        Binding("f3", "add", N_("Add a learner")),
        Binding("t", "app.go('desk')", N_("Teacher's desk")),
        Binding("f4", "app.go('desk')", N_("Teacher's desk")),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("f2", "app.go('settings')", N_("Settings")),
        Binding("f6", "demo", N_("Demo class: try it, or remove it"), show=False),
    ]
    DEFAULT_CSS = """
    Welcome #who { padding: 1 2 0 2; text-style: bold; color: $primary; }
    Welcome #learners { height: 1fr; padding: 0 1; }
    Welcome ItemGrid { height: auto; grid-gutter: 0 1; grid-rows: 3; }
    Welcome #none { padding: 1 2; max-width: 80; }
    Welcome .ways { height: auto; padding: 0 1; }
    Welcome .ways Button { margin: 0 1 0 0; }
    Welcome LearnerCard { width: 1fr; max-width: 48; content-align: left middle; text-align: left; }
    """

    def compose(self) -> ComposeResult:
        """Yield an empty place for the learners, which ``fill`` brings."""
        yield TopLine()
        yield Static(_("Who are you?"), id="who")
        yield Vertical(id="learners")
        with Horizontal(classes="ways"):
            yield Button(_("Add a learner"), id="add")
            yield Button(_("Teacher's desk"), id="desk")
            yield Button(_("Try the demo class"), id="demo")
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Show who studies here."""
        store = self.app.store
        learners = await self.app.in_store(store.learners.all)
        has_demo = await self.app.in_store(lambda: demo.is_loaded(store))
        self._learners = {one.id: one for one in learners}
        place = self.query_one("#learners", Vertical)
        async with self.batch():
            await place.remove_children()
            await place.mount_all(_shown(learners))
        label = _("Remove the demo class") if has_demo else _("Try the demo class")
        switch = self.query_one("#demo", Button)
        switch.label = label
        # Another label alone is drawn in the width of the one before.
        switch.refresh(layout=True)
        for name in ("#add", "#demo"):
            self.query_one(name, Button).disabled = store.read_only
        first = place.query("LearnerCard, #search")
        (first.first(Widget) if first else self.query_one("#demo")).focus()

    @on(Button.Pressed, "LearnerCard")
    def _card(self, event: Button.Pressed) -> None:
        if isinstance(event.button, LearnerCard):
            self.start(self._study(event.button.learner))

    @on(OptionList.OptionSelected)
    def _option(self, event: OptionList.OptionSelected) -> None:
        self.start(self._study(self._learners[int(event.option_id or 0)]))

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        wanted = event.value.strip().casefold()
        found = [one for one in self._learners.values() if wanted in one.nickname.casefold()]
        options = self.query_one(OptionList)
        options.clear_options()
        nobody = Option(_("Nobody here has that name."), disabled=True)
        options.add_options(map(_option, found) if found else [nobody])
        # Who the Enter key takes is seen before it is pressed.
        options.highlighted = 0 if found else None

    @on(Input.Submitted, "#search")
    def _first_found(self) -> None:
        options = self.query_one(OptionList)
        if options.option_count:
            options.action_select()

    @on(Button.Pressed, "#add")
    def action_add(self) -> None:
        """Add a learner."""
        self.start(self._add())

    @on(Button.Pressed, "#desk")
    def _desk(self) -> None:
        self.app.go("desk")

    @on(Button.Pressed, "#demo")
    def action_demo(self) -> None:
        """Bring the demo class, or take it away."""
        self.start(self._switch_demo(), group="demo", exclusive=True)

    async def _study(self, learner: Learner) -> None:
        if await self.app.admit(learner):
            await self.app.study_as(learner)
            await self.fill()

    async def _add(self) -> None:
        from runtime.app.screens.profile import ProfileDialog  # noqa: PLC0415

        self.app.store.need_to_write()
        added = await self.app.push_screen_wait(ProfileDialog())
        if added:
            await self.fill()
            self._focus_on(added)

    def _focus_on(self, learner: Learner) -> None:
        """Put whoever has just come under the Enter key, not the first of all."""
        for card in self.query(LearnerCard):
            if card.learner.id == learner.id:
                card.focus()
        for options in self.query(OptionList):
            options.highlighted = options.get_option_index(str(learner.id))
            options.focus()

    async def _switch_demo(self) -> None:
        store = self.app.store
        if await self.app.in_store(lambda: demo.is_loaded(store)):
            await self.app.in_store(lambda: demo.remove(store))
            self.notify(_("The demo class is gone. Try it again whenever you like."))
        else:
            await self.app.in_store(lambda: demo.load(store))
            self.notify(_("The demo class is here: choose a name, or open the teacher's desk."))
        await self.fill()


class LearnerCard(Button):
    """A learner to click on."""

    def __init__(self, learner: Learner) -> None:
        super().__init__(_line(learner))
        self.learner = learner


def _shown(learners: list[Learner]) -> list[Widget]:
    if not learners:
        words = _("Nobody is here yet. Add a learner, or try the demo class.")
        return [Static(words, id="none")]
    if len(learners) <= CARDS:
        grid = ItemGrid(*map(LearnerCard, learners), min_column_width=24)
        return [VerticalScroll(grid, can_focus=False)]
    options = OptionList(*map(_option, learners))
    options.highlighted = 0
    return [Input(placeholder=_("Type a name"), id="search"), options]


def _option(learner: Learner) -> Option:
    return Option(_line(learner), id=str(learner.id))


def _line(learner: Learner) -> Content:
    """Return picture and name; a lock says in words that a PIN is asked for."""
    locked = _(" (PIN)") if learner.has_pin else ""
    name = one_line(learner.nickname, _NAME_CHARS)
    return Content(f"{picture(learner.avatar)}  {name}{locked}")
