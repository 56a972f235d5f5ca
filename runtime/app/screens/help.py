"""What F1 shows: the help of a screen, and the keys that do something there.

app.push_screen(HelpScreen(screen))
"""

from typing import Any

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Footer, Markdown

from runtime.app.screens.base import KindmarkDialog, Place
from runtime.words import _


class HelpScreen(KindmarkDialog[None]):
    """The help of ``about``; ESC or F1 goes back."""

    DEFAULT_CSS = """
    HelpScreen > .dialog { width: 76; }
    HelpScreen .keys { margin-top: 1; }
    """
    BINDINGS = [("f1", "back", "")]  # noqa: RUF012

    def __init__(self, about: Place[Any]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """Yield the text of the screen and its keys."""
        with VerticalScroll(classes="dialog"):
            yield Markdown(_(self._about.HELP), open_links=False)
            yield Markdown(_keys(self._about), classes="keys")
        yield Footer(show_command_palette=False)


def _keys(about: Place[Any]) -> str:
    """Return a table of the keys of the screen; how one moves within a field is left out."""
    rows = [
        f"| {about.app.get_key_display(one.binding)} | {one.binding.description} |"
        for one in about.active_bindings.values()
        if one.binding.description and (one.binding.show or isinstance(one.node, Place | App))
    ]
    key, does = _("Key"), _("What it does")
    return "\n".join([f"| {key} | {does} |", "| --- | --- |", *dict.fromkeys(rows)])
