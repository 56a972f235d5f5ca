"""The hints that were shown for a question, the latest in full, those before in one line each.

hints.hints = turn.hints

In a short window only the latest stands there: the child's own lines need the room.
"""

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runtime.app.plain import one_line, shown

_TALL = 32
"""Rows from which all hints fit above an answer."""


class HintLadder(Static):
    """Nothing at all while there is no hint."""

    DEFAULT_CSS = """
    HintLadder { height: auto; max-height: 10; display: none; padding: 0 1;
        border-left: thick $secondary; background: $surface; }
    """

    hints: reactive[tuple[str, ...]] = reactive((), layout=True)

    def watch_hints(self) -> None:
        """Appear with the first hint."""
        self.display = bool(self.hints)

    def render(self) -> Content:
        """Draw the rungs up to the latest."""
        *before, latest = self.hints or ("",)
        earlier = before if self.app.size.height >= _TALL else ()
        lines = [Content(f"{rung}. {one_line(one)}") for rung, one in enumerate(earlier, start=1)]
        said = shown(latest)
        return Content("\n").join(
            [*lines, Content.assemble((f"{len(self.hints)}. {said}", "bold"))]
        )
