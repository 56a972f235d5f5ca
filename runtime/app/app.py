"""The program: one store, one marking process, and the screens over them.

    KindmarkApp(Store.open(folder), MarkingWorker()).run()

What screens use of it: ``store``, ``worker``, ``learner`` (who is here, ``None`` at the desk),
``settings``, ``await in_store(function)``, ``tell(error)``, ``did(words, undo)``, ``go(place)``,
``job_line`` (what goes on behind the screens). The first screen is painted before anything heavy
is imported; the model loads in the marking process meanwhile, and maths is marked without it.
"""

import asyncio
import gc
import importlib
import os
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

import msgspec
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import WorkerFailed

from runtime import words
from runtime.app import settings as app_settings
from runtime.app.colours import COLOURS
from runtime.app.screens.base import Place
from runtime.app.screens.welcome import Welcome
from runtime.app.settings import AppSettings
from runtime.app.themes import THEMES, theme_for
from runtime.errors import KindmarkError
from runtime.judge.worker.client import MarkingWorker
from runtime.offline import seal
from runtime.records.store import Store
from runtime.records.store.rows import Learner
from runtime.words import N_, _

T = TypeVar("T")
Undo = Callable[[], Awaitable[None]]

_PARENT_SECONDS = 2.0

PLACES = {
    "study": ("runtime.app.screens.study.home", "StudyHome"),
    "desk": ("runtime.app.screens.desk.home", "DeskHome"),
    "models": ("runtime.app.screens.models", "ModelsScreen"),
    "machine": ("runtime.app.screens.machine", "MachineScreen"),
    "settings": ("runtime.app.screens.settings", "SettingsScreen"),
}
"""Where one can go by name: imported when one goes there. Each is a screen without arguments."""


class Start(msgspec.Struct, frozen=True):
    """What is done behind the first screen: ``model`` is loaded, the process ``sealed``."""

    model: str = ""
    sealed: bool = True
    parent: int = 0
    """The process that serves this one to a browser; when it is gone, so is the browser."""


class KindmarkApp(App[object]):
    """Holds what all screens share."""

    TITLE = "Kindmark"
    CSS_PATH: ClassVar = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
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
    ) -> None:
        """Use an open store and a worker; both are closed by whoever opened them.

        ``start`` says what is done once the first screen stands; without it, nothing is.
        """
        super().__init__()
        self.store = store
        self.worker = worker
        self.settings = settings or AppSettings()
        self._store_thread = ThreadPoolExecutor(1, "store")
        self._start = start
        self._undos: list[tuple[str, Undo]] = []
        for theme in THEMES:
            self.register_theme(theme)
        self._use_settings()

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        return Welcome()

    def on_mount(self) -> None:
        """Tell what is to be known of the records; the rest waits for the first picture."""
        if self.store.recovery:
            self.notify(self.store.recovery.words(), severity="warning", timeout=60, markup=False)
        if self.store.read_only:
            self.store_line = _("Only to look at")
            said = _("{holder} Here you can look, and nothing can be changed.")
            self.notify(said.format(holder=self.store.in_use()), timeout=20, markup=False)
        if self._start:
            self.call_after_refresh(self._begin, self._start)

    def _begin(self, start: Start) -> None:
        # What was imported stays for good: looking through it again and again costs tens of
        # milliseconds a time.
        gc.freeze()
        if start.sealed:
            # The loop has made its own pair of sockets by now; nothing else is to make any.
            seal()
        if start.parent:
            self.set_interval(_PARENT_SECONDS, lambda: self._look_for(start.parent))
        self.run_worker(self._open_model(start.model), group="model")
        if not self.store.read_only:
            self.run_worker(self._back_up(), group="backup")

    async def _open_model(self, model: str) -> None:
        self.model_line = _("The model is loading; maths works already")
        try:
            future = await asyncio.to_thread(self.worker.open, model)
            await asyncio.wrap_future(future)
        except KindmarkError as error:
            self.model_line = _("No model: maths is marked, other answers wait")
            self.tell(error)
        else:
            self.model_line = ""

    def _look_for(self, parent: int) -> None:
        if os.getppid() != parent:
            self.exit()

    async def _back_up(self) -> None:
        if await self.in_store(self.store.backup_due):
            await self.in_store(self.store.back_up)

    async def in_store(self, function: Callable[[], T]) -> T:
        """Return what ``function`` returns, run on the one thread for the store; raises as it."""
        return await asyncio.get_running_loop().run_in_executor(self._store_thread, function)

    def tell(self, error: KindmarkError) -> None:
        """Say what went wrong and what to do about it."""
        self.notify(
            f"{error.message} {error.remedy}".strip(),
            title=_(error.title),
            severity="error",
            timeout=15,
            markup=False,
        )

    def did(self, said: str, undo: Undo) -> None:
        """Say what was done, which Ctrl+Z takes back by ``undo``."""
        self._undos.append((said, undo))
        self.notify(_("{done} Ctrl+Z takes it back.").format(done=said), markup=False)

    async def action_undo(self) -> None:
        """Take back what was done last."""
        if not self._undos:
            self.notify(_("There is nothing to take back."))
            return
        said, undo = self._undos.pop()
        await undo()
        self.notify(_("Taken back: {done}").format(done=said), markup=False)

    def go(self, place: str) -> None:
        """Show one of ``PLACES`` over what is shown now; the desk asks for its PIN first."""
        self.run_worker(self._go(place), group="going", exclusive=True)

    async def _go(self, place: str) -> None:
        kind = place_of(place)
        if any(isinstance(screen, kind) for screen in self.screen_stack):
            while not isinstance(self.screen, kind):
                await self.pop_screen()
        elif place != "desk" or await self.admit(None):
            await self.push_screen(kind())

    async def admit(self, learner: Learner | None) -> bool:
        """Ask for the PIN of a learner, or of the desk (whose first visitor sets it)."""
        from runtime.app.screens.pin import NewPinDialog, PinDialog  # noqa: PLC0415

        right: bool | None = True
        if learner is None and not await self.in_store(self.store.pins.is_set):
            right = await self.push_screen_wait(NewPinDialog())
        elif learner is None or learner.has_pin:
            right = await self.push_screen_wait(PinDialog(learner))
        return bool(right)

    async def study_as(self, learner: Learner) -> None:
        """Let a learner study, in the learner's language, until they leave."""
        self.learner = learner
        words.use(learner.language)
        try:
            await self.push_screen_wait(place_of("study")())
        finally:
            self.learner = None
            words.use(self.settings.spoken())

    def action_go(self, place: str) -> None:
        """Show one of ``PLACES``."""
        self.go(place)

    async def action_help(self) -> None:
        """Explain the screen one is on."""
        if isinstance(self.screen, Place) and self.screen.HELP:
            from runtime.app.screens.help import HelpScreen  # noqa: PLC0415

            self.push_screen(HelpScreen(self.screen))

    async def choose(self, chosen: AppSettings) -> None:
        """Use other settings at once, and keep them."""
        before, self.settings = self.settings, chosen
        self._use_settings()
        try:
            await asyncio.to_thread(app_settings.keep, chosen)
        except KindmarkError as error:
            self.tell(error)
        if (before.spoken(), before.large_text) != (chosen.spoken(), chosen.large_text):
            for screen in self.screen_stack:
                if isinstance(screen, Place):
                    await screen.retell()

    def _use_settings(self) -> None:
        words.use(self.settings.spoken())
        self.theme = theme_for(self.settings.colours).name
        self.set_class(self.settings.large_text, "-large-text")
        self.animation_level = "none" if self.settings.reduced_motion else "full"

    def action_command_palette(self) -> None:
        """Show all there is to do, to be searched."""
        from textual.command import CommandPalette  # noqa: PLC0415

        if not CommandPalette.is_open(self):
            search = CommandPalette(placeholder=_("What would you like to do?"))
            self.push_screen(search)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield what the command palette offers everywhere."""
        del screen
        for title, about, place in _GOING:
            yield SystemCommand(_(title), _(about), lambda place=place: self.go(place))
        for code, name in words.LANGUAGES.items():
            to_language = msgspec.structs.replace(self.settings, language=code)
            yield self._choosing(name, _("Speak this language"), to_language)
        for colours, title in COLOURS.items():
            to_colours = msgspec.structs.replace(self.settings, colours=colours)
            yield self._choosing(_(title), _("Use these colours"), to_colours)
        yield SystemCommand(_("Help"), _("Explain this screen"), self.action_help)
        yield SystemCommand(_("Quit"), _("Close Kindmark; everything is kept"), self.action_quit)

    def _choosing(self, title: str, about: str, chosen: AppSettings) -> SystemCommand:
        return SystemCommand(title, about, lambda: self.run_worker(self.choose(chosen)))

    async def _dispatch_message(self, message: Message) -> None:
        # What is meant for people is told to them, whichever key or timer it came of.
        try:
            await super()._dispatch_message(message)
        except KindmarkError as error:
            self.tell(error)

    def _handle_exception(self, error: Exception) -> None:
        # The same for what escapes from workers, as ``WorkerFailed``.
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, KindmarkError):
            self.tell(cause)
        else:
            super()._handle_exception(error)


def place_of(place: str) -> type[Screen[None]]:
    """Return the screen of one of ``PLACES``, imported now."""
    module, name = PLACES[place]
    kind: type[Screen[None]] = getattr(importlib.import_module(module), name)
    return kind


_GOING = (
    (N_("Settings"), N_("Language, colours, large text, movement"), "settings"),
    (N_("Teacher's desk"), N_("Mark a class set, look at marks, reports"), "desk"),
    (N_("Models"), N_("What is installed, which one marks"), "models"),
    (N_("About this machine"), N_("Proof of being offline, where the data lie"), "machine"),
)
