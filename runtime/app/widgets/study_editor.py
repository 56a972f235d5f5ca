"""Where a child writes: lines with numbers for maths, plain lines for texts.

    yield WorkingEditor(numbered=True, id="answer")

What is pasted stays exactly as it is; control characters are drawn as pictures, so that none of
them reaches the terminal.
"""

import unicodedata
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from runtime.study.refusals import too_much

_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
"""Unicode categories of what must not be drawn as it is: controls, bidi marks, halves of pairs."""


class WorkingEditor(TextArea):
    """A multi-line editor; Tab leaves it."""

    DEFAULT_CSS = """
    WorkingEditor { height: 1fr; min-height: 4; border: round $primary; background: $surface;
        padding: 0 1; }
    WorkingEditor:focus { border: round $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # Ctrl+Z takes back typing here; outside it is the app's.
        Binding("ctrl+z", "undo", show=False),
        Binding("ctrl+y", "redo", show=False),
    ]

    class Refused(Message):
        """Something was pasted that makes too much; the text is as it was before."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, *, numbered: bool = False, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", theme="css")
        self.numbered = numbered
        self._typed = ""

    @property
    def numbered(self) -> bool:
        """Whether lines have numbers, as the card counts them."""
        return self.show_line_numbers

    @numbered.setter
    def numbered(self, numbered: bool) -> None:
        self.show_line_numbers = numbered

    async def _on_key(self, event: events.Key) -> None:
        """Insert keys that came together as one: each insertion wraps and draws a paragraph anew.

        A terminal that does not say what is pasted sends thousands of keys at once.
        """
        typed = "\n" if event.key == "enter" else event.character if event.is_printable else None
        if typed is None or self.read_only:
            self._insert_typed()
            return
        event.stop()
        event.prevent_default()
        if not self._typed:
            self.call_later(self._insert_typed)
        self._typed += typed

    def _insert_typed(self) -> None:
        typed, self._typed = self._typed, ""
        if typed:
            self._restart_blink()
            self._replace_via_keyboard(typed, *self.selection)
        if len(typed) > 1:
            # How far one can scroll is known when it has been laid out.
            self.call_after_refresh(self.scroll_cursor_visible)

    async def _on_paste(self, event: events.Paste) -> None:
        """Take what is pasted, unless it is a book: that would hold up the screen for seconds."""
        self._insert_typed()
        start, end = sorted(self.selection)
        kept = self.get_text_range((0, 0), start), self.get_text_range(end, self.document.end)
        why = too_much(event.text.join(kept))
        if why:
            event.stop()
            event.prevent_default()
            self.post_message(self.Refused(why))

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: as long as the line itself, and harmless."""
        return Text(drawn(self.document.get_line(line_index)), end="", no_wrap=True)


def drawn(line: str) -> str:
    """Return a line with each control character replaced by one that can be seen."""
    return "".join(map(_drawn, line)) if not line.isprintable() else line


def _drawn(character: str) -> str:
    code = ord(character)
    if code < 0x20 and character != "\t":
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    hidden = unicodedata.category(character) in _UNSEEN and character != "\t"
    return "\N{REPLACEMENT CHARACTER}" if hidden else character
