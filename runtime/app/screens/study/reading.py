"""The text a question is about: beside the answer where there is room, else in its place at F8.

class QuestionScreen(ReadingScreen):
    def compose(self): yield from self.tabs(); ...; yield from self.source()
    self.show_source(item.source)
"""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, Tab, Tabs

from runtime.app.plain import shown
from runtime.app.screens.base import KindmarkScreen
from runtime.words import N_, _

_WIDE = 104
"""Columns from which a source fits beside the answer."""

READING = Binding("f8", "source", N_("Text"))
"""The key for a screen's ``BINDINGS``, at the place where it should stand."""


class ReadingScreen(KindmarkScreen):
    """A screen with a ``#work`` side and a source that may stand beside it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    ReadingScreen #tabs { display: none; }
    ReadingScreen #tabs Tab { color: $foreground; }
    ReadingScreen #source { display: none; width: 1fr; padding: 0 1; margin: 1 1 0 1;
        border: round $secondary; }
    ReadingScreen.-with-source.-wide #source { display: block; }
    ReadingScreen.-with-source.-narrow #tabs { display: block; }
    ReadingScreen.-with-source.-narrow.-reading #source { display: block; }
    ReadingScreen.-with-source.-narrow.-reading #work { display: none; }
    """

    def tabs(self) -> Iterator[Widget]:
        """Yield the tabs between answer and text, shown where both do not fit."""
        yield Tabs(Tab(_("Your answer"), id="writing"), Tab(_("Text"), id="reading"), id="tabs")

    def source(self) -> ComposeResult:
        """Yield the place of the text."""
        with VerticalScroll(id="source"):
            yield Static(id="read")

    def show_source(self, text: str | None) -> None:
        """Show the text of a question, or that it has none."""
        self.query_one("#read", Static).update(Content(shown(text or "")))
        self.query_one("#source").scroll_home(animate=False)
        self.set_class(bool(text), "-with-source")

    def focus_work(self) -> None:
        """Put the focus where the child works; a screen says where that is."""
        raise NotImplementedError

    def turn_to_work(self) -> None:
        """Show the answer."""
        self.query_one(Tabs).active = "writing"

    def action_source(self) -> None:
        """Turn between the text and the answer."""
        tabs = self.query_one(Tabs)
        tabs.active = "writing" if tabs.active == "reading" else "reading"

    @on(Tabs.TabActivated, "#tabs")
    def _turned(self, event: Tabs.TabActivated) -> None:
        reads = event.tab.id == "reading"
        self.set_class(reads, "-reading")
        if reads:
            self.query_one("#source").focus()
        elif self.has_class("-with-source"):
            self.focus_work()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the text where it does not stand beside the answer anyway."""
        if action == "source":
            return self.has_class("-with-source") and self.has_class("-narrow")
        return super().check_action(action, parameters)
