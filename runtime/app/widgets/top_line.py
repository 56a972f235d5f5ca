"""The line above every screen: where one is, who is here, and what goes on behind it.

    yield TopLine(_("Your sets"))

On the right stands ``app.job_line`` (a class being marked), else ``app.store_line`` (records that
another program has), else ``app.model_line`` (a model that is loading): plain text.
"""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runtime.app.plain import one_line
from runtime.app.screens.base import kindmark

_NICKNAME_CHARS = 24


class TopLine(Horizontal):
    """``title`` is translated already, and plain."""

    DEFAULT_CSS = """
    TopLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    TopLine > .top-title { width: auto; max-width: 60%; text-style: bold; }
    TopLine > .top-quiet { width: 1fr; text-align: right; color: $foreground; }
    """

    title: reactive[str] = reactive("")

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.set_reactive(TopLine.title, title)

    def compose(self) -> ComposeResult:
        """Yield the two ends of the line."""
        yield Static(classes="top-title")
        yield Static(classes="top-quiet")

    def on_mount(self) -> None:
        """Follow the app."""
        app = kindmark(self)
        for name in ("job_line", "model_line", "store_line", "learner"):
            self.watch(app, name, self._show, init=False)
        self._show()

    def watch_title(self) -> None:
        """Show a new title."""
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        app = kindmark(self)
        names = [self.title or app.TITLE]
        if app.learner:
            names.append(one_line(app.learner.nickname, _NICKNAME_CHARS))
        quiet = app.job_line or app.store_line or app.model_line
        # A screen that is left at once has no such children, or none any more.
        for title in self.query(".top-title").results(Static):
            title.update(Content(" · ".join(names)))
        for line in self.query(".top-quiet").results(Static):
            line.update(Content(quiet))
