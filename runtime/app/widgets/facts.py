"""A name and what there is to say about it, side by side; long texts wrap beside the name.

yield Fact(_("Processor"), machine.cpu)
yield Fact(_("Internet sockets"), _("none"), tone="right")
"""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

SIGNS = {"right": "✓ ", "wrong": "✗ ", "unsure": "! ", "": ""}
"""What stands before a text of each tone: colour alone says nothing."""


class Fact(Horizontal):
    """Both texts are plain. ``tone`` is "right", "wrong", "unsure" or "": a sign and a colour."""

    DEFAULT_CSS = """
    Fact { height: auto; }
    Fact > .fact-name { width: 20; margin-right: 1; color: $text-muted; }
    Fact > .fact-text { width: 1fr; }
    """

    def __init__(self, name: str, text: str, tone: str = "") -> None:
        super().__init__()
        self._name_text, self._text, self._tone = name, text, tone

    def compose(self) -> ComposeResult:
        """Yield the two."""
        yield Static(Content(self._name_text), classes="fact-name")
        yield Static(Content(SIGNS[self._tone] + self._text), classes=f"fact-text {self._tone}")
