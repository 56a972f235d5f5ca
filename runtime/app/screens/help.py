"""What F1 shows: the help of a screen, and the keys that do something there.

app.push_screen(HelpScreen(screen))
"""

from typing import Any

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Footer, Markdown

from runtime.app.keys import key_words
from runtime.app.screens.base import KindmarkDialog, Place
from runtime.words import N_, _


class HelpScreen(KindmarkDialog[None]):
    """The help of ``about``; ESC or F1 goes back."""

    DEFAULT_CSS = """
    HelpScreen > .dialog { width: 76; }
    HelpScreen Markdown { padding: 0 2 0 0; }
    HelpScreen .keys { margin-top: 1; }
    /* A row a key, so that text and keys fit in 24 lines. */
    HelpScreen MarkdownH1 { margin: 0 0 1 0; content-align: left middle; }
    HelpScreen MarkdownTableContent { keyline: none; grid-gutter: 0 2; }
    HelpScreen MarkdownTable { margin: 0; }
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
    keys: dict[str, list[str]] = {}
    for one in about.active_bindings.values():
        if one.binding.action in _LEFT_OUT or not one.binding.description:
            continue
        if one.binding.show or isinstance(one.node, Place | App):
            does = _(_IN_OUR_WORDS.get(one.binding.action, one.binding.description))
            keys.setdefault(does, []).append(key_words(about.app.get_key_display(one.binding)))
    rows = [f"| {', '.join(dict.fromkeys(names))} | {does} |" for does, names in keys.items()]
    key, does = _("Key"), _("What it does")
    return "\n".join([f"| {key} | {does} |", "| --- | --- |", *rows])


_LEFT_OUT = {"screen.copy_text"}
_IN_OUR_WORDS = {
    "app.focus_next": N_("To the next field or button"),
    "app.focus_previous": N_("To the field or button before"),
    "command_palette": N_("Find everything there is to do"),
    "dismiss": N_("Back"),
}
"""What Textual says of its keys is for programmers."""
