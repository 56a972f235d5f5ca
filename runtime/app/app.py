"""The program: one store, one marking process, and the screens over them.

    KindmarkApp(Store.open(folder), MarkingWorker()).run()

What screens use of it: ``store``, ``worker``, ``learner`` (who is here, ``None`` at the desk),
``settings``, ``await in_store(function)``, ``tell(error)``, ``did(words, undo)``, ``go(place)``,
``job_line`` (what goes on behind the screens). The first screen is painted before anything heavy
is imported; the model loads in the marking process meanwhile, and maths is marked without it.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from runtime import words
from runtime.app import chosen
from runtime.app.admission import admitted, study_as, went_to
from runtime.app.background import NOTHING_HEARD, Heard
from runtime.app.behind import Behind, Start
from runtime.app.commands import commands
from runtime.app.driver import driver_for
from runtime.app.only_looking import only_looking
from runtime.app.own_profile import change_own, may_change
from runtime.app.places import PLACES, place_of
from runtime.app.screens.base import Place
from runtime.app.screens.welcome import Welcome
from runtime.app.settings import AppSettings
from runtime.app.telling import TellingApp
from runtime.app.themes import THEMES
from runtime.app.undo import Undo, Undos
from runtime.judge.worker.client import MarkingWorker
from runtime.records.store import Store
from runtime.records.store.rows import Learner
from runtime.words import N_, _

__all__ = ["PLACES", "KindmarkApp", "Start", "place_of"]

T = TypeVar("T")

_NOTICE_SECONDS = 10
_RECOVERY_SECONDS = 60
"""How long it stands what was lost of damaged records: nobody is to miss that."""


class KindmarkApp(TellingApp):
    """Holds what all screens share."""

    TITLE = "Kindmark"
    CSS_PATH: ClassVar = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    # Large text takes more room where there is some; buttons stand closer where there is little.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "profile", N_("Profile")),
        Binding("f1", "help", N_("Help")),
        Binding("f2", "go('settings')", N_("Settings"), show=False),
        Binding("ctrl+z", "undo", N_("Undo"), show=False),
        Binding("ctrl+q", "quit", N_("Quit"), show=False, priority=True),
    ]

    learner: reactive[Learner | None] = reactive(None)
    """Who studies here now."""
    job_line: reactive[str] = reactive("")
    """A quiet line about work that goes on behind the screens; "" when there is none."""
    store_line: reactive[str] = reactive("")
    """Why nothing can be changed here; "" if it can."""
    model_line: reactive[str] = reactive("")
    """A quiet line about the model while it is loading, or why there is none."""

    def __init__(
        self,
        store: Store,
        worker: MarkingWorker,
        settings: AppSettings | None = None,
        start: Start | None = None,
        terminal: Heard = NOTHING_HEARD,
    ) -> None:
        """Use an open store and a worker; both are closed by whoever opened them.

        ``start`` says what is done once the first screen stands; without it, nothing is.
        ``terminal`` is what came from the terminal when it was asked for its background.
        """
        super().__init__(driver_class=driver_for(terminal))
        self.store = store
        self.worker = worker
        self.settings = settings or AppSettings()
        self.dark_terminal = terminal.dark
        self.undos = Undos()
        self.heard_at = time.monotonic()
        """When a key or the mouse was heard last."""
        self._store_thread = ThreadPoolExecutor(1, "store")
        self._behind = Behind(self, start) if start else None
        for theme in THEMES:
            self.register_theme(theme)
        words.use(self.settings.spoken())
        chosen.use(self)

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        return Welcome()

    def on_mount(self) -> None:
        """Tell what is to be known of the records; the rest waits for the first picture."""
        if self.store.recovery:
            said = self.store.recovery.words()
            self.notify(said, severity="warning", timeout=_RECOVERY_SECONDS, markup=False)
        if self.store.read_only:
            self.store_line = _("Only to look at")
            self.notify(only_looking(self.store), timeout=_NOTICE_SECONDS, markup=False)
        if self._behind:
            self._behind.hear_signals()
            self.call_after_refresh(self._behind.begin)

    async def in_store(self, function: Callable[[], T]) -> T:
        """Return what ``function`` returns, run on the one thread for the store; raises as it."""
        return await asyncio.get_running_loop().run_in_executor(self._store_thread, function)

    def did(self, said: str, undo: Undo) -> None:
        """Say what was done, which Ctrl+Z takes back by ``undo``."""
        self.undos.add(said, undo)
        self.notify(_("{done} Ctrl+Z takes it back.").format(done=said), markup=False)

    async def action_undo(self) -> None:
        """Take back what was done last."""
        said = await self.undos.take_back()
        if said is None:
            self.notify(_("There is nothing to take back."))
        else:
            self.notify(_("Taken back: “{done}”").format(done=said), markup=False)

    def go(self, place: str) -> None:
        """Show one of ``PLACES`` over what is shown now; the desk asks for its PIN first."""
        self.run_worker(went_to(self, place), group="going", exclusive=True)

    def action_go(self, place: str) -> None:
        """Show one of ``PLACES``."""
        self.go(place)

    async def admit(self, learner: Learner | None) -> bool:
        """Ask for the PIN of a learner, or of the desk (whose first visitor sets it)."""
        return await admitted(self, learner)

    async def study_as(self, learner: Learner) -> None:
        """Let a learner study, in the learner's language, until they leave."""
        await study_as(self, learner)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A profile is changed on its owner's page alone; and nothing is done unseen."""
        top = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(top, Place) and top.is_too_small and action != "quit":
            return False
        if action == "profile":
            return may_change(self)
        return super().check_action(action, parameters)

    def action_profile(self) -> None:
        """Have who studies change their profile."""
        self.run_worker(change_own(self), group="profile", exclusive=True)

    async def choose(self, settings: AppSettings) -> None:
        """Use other settings at once, and keep them."""
        await chosen.choose(self, settings)

    async def action_help(self) -> None:
        """Explain the screen one is on."""
        if isinstance(self.screen, Place) and self.screen.HELP:
            from runtime.app.screens.help import HelpScreen  # noqa: PLC0415

            self.push_screen(HelpScreen(self.screen))

    def action_help_quit(self) -> None:
        """Say how one leaves, to who presses Ctrl+C: it copies, and ends nothing."""
        self.notify(_("Ctrl+Q closes Kindmark; everything is kept."), markup=False)

    def action_command_palette(self) -> None:
        """Show all there is to do, to be searched."""
        from runtime.app.screens.palette import Palette  # noqa: PLC0415

        if not Palette.is_open(self):
            self.push_screen(Palette(placeholder=_("What would you like to do?")))

    async def on_event(self, event: events.Event) -> None:
        """Note when somebody did something."""
        if isinstance(event, events.InputEvent):
            self.heard_at = time.monotonic()
        await super().on_event(event)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield what the command palette offers over a screen."""
        yield from commands(self, screen)
