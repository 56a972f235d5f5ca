"""What every screen has: help at F1, a way back, words in any language, and errors in words.

    class Home(KindmarkScreen):
        TITLE = N_("Your sets")
        HELP = N_("# Your sets ...")             Markdown, shown at F1

        def compose(self) -> ComposeResult:
            yield TopLine()
            yield Static(_("Choose a set."))
            yield Footer(show_command_palette=False)

        async def fill(self) -> None:            after it was composed, and again in a new language
            sets = await self.app.in_store(self.app.store.sets.all)

``self.start(coroutine)`` runs work beside the screen; a ``KindmarkError`` from it is told.
Descriptions of bindings are marked with ``N_`` and translated as they are shown.
"""

import dataclasses
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import ActiveBinding, Binding, BindingType
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker, WorkType

from runtime.app.screens.typed import typed_kept
from runtime.app.widgets.too_small import TooSmall, is_too_small
from runtime.errors import KindmarkError
from runtime.words import N_, _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

T = TypeVar("T")
_SMALL = "-too-small"


def kindmark(node: DOMNode) -> "KindmarkApp":
    """Return the app a widget is in, with its own type."""
    return node.app  # type: ignore[return-value]


class Place(Screen[T]):
    """What screens and dialogs share. ``HELP`` and ``TITLE`` are untranslated (``N_``)."""

    HELP: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", N_("Back")),
    ]

    _to_focus: Widget | None = None

    if TYPE_CHECKING:

        @property
        def app(self) -> "KindmarkApp":  # type: ignore[override]
            """The app, with its own type."""

    async def fill(self) -> None:
        """Fetch and show what the screen is about; called again after ``retell``."""

    def start(
        self, work: Coroutine[Any, Any, None], *, group: str = "default", exclusive: bool = False
    ) -> Worker[None]:
        """Run ``work`` beside the screen; ``exclusive`` ends earlier work of its ``group``.

        It ends with the screen. Errors meant for people are told to them.
        """
        told: WorkType[None] = partial(self._told, work)
        worker = self.run_worker(told, group=group, exclusive=exclusive)
        if worker._task:
            # Ended before it began: Python would warn that nobody has awaited it.
            worker._task.add_done_callback(lambda _task: work.close())
        return worker

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except KindmarkError as error:
            self.app.tell(error)

    async def _dispatch_message(self, message: Message) -> None:
        # Told here, where a screen lives on; what reaches Textual's own net ends it.
        await self._told(super()._dispatch_message(message))

    async def retell(self) -> None:
        """Say everything again, in the language or size in use now; what was typed stays."""
        with typed_kept(self):
            await self.recompose()
        self._fit()
        await self._told(self.fill())

    def action_back(self) -> None:
        """Leave for where one came from."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no way back from the first screen; and nothing is done unseen."""
        if self.is_too_small:
            return False
        if action == "back":
            return self.app.screen_stack[0] is not self
        return super().check_action(action, parameters)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that do something now, described in the language in use."""
        return {
            key: one._replace(binding=_translated(one.binding))
            for key, one in super().active_bindings.items()
        }

    async def on_mount(self) -> None:
        """Stand ready for small windows, and fill the screen."""
        await self.mount(TooSmall())
        self._fit()
        self.start(self.fill())

    def on_resize(self, _event: events.Resize) -> None:
        """Give way to a sentence in a window that is too small."""
        self._fit()

    def _fit(self) -> None:
        small = is_too_small(self.app.size)
        if small == self.has_class(_SMALL):
            return
        if small:
            self._to_focus = self.focused
            super().set_focus(None)
        self.set_class(small, _SMALL)
        if not small and self._to_focus is not None and self._to_focus.is_attached:
            self.set_focus(self._to_focus)

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Focus a widget; in a window that is too small, as soon as it is seen."""
        if self.is_too_small:
            self._to_focus = widget or self._to_focus
        else:
            super().set_focus(widget, scroll_visible, from_app_focus)

    @property
    def is_too_small(self) -> bool:
        """Whether nothing but a sentence is to be seen: no key acts unseen."""
        return self.has_class(_SMALL)


class KindmarkScreen(Place[None]):
    """A place one can be in."""


class KindmarkDialog(Place[T], ModalScreen[T]):
    """A question over a screen, asked in work that was ``start``ed.

    ``answer = await self.app.push_screen_wait(Dialog())``. ESC answers ``None``, so
    write ``KindmarkDialog[bool | None]``.
    """

    # Keys of the app do not reach it: what is behind a dialog has none.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", N_("Help")),
        Binding("ctrl+q", "app.quit", N_("Quit"), show=False),
    ]
    DEFAULT_CSS = """
    KindmarkDialog { align: center middle; }
    KindmarkDialog > .dialog { width: auto; max-width: 90%; height: auto; max-height: 90%;
        padding: 1 2; border: round $primary; background: $surface; }
    """


_OF_TEXTUAL = (
    N_("Focus Next"),
    N_("Focus Previous"),
    N_("Copy selected text"),
    N_("Previous tab"),
    N_("Next tab"),
    N_("Dismiss menu"),
)
"""What Textual calls keys that help shows."""


def _translated(binding: Binding) -> Binding:
    if not binding.description:
        return binding
    return dataclasses.replace(binding, description=_(binding.description))
