"""The hints that were shown for a question, the latest in full, those before in one line each.

hints.hints = turn.hints
"""

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runtime.app.plain import one_line, shown


class HintLadder(Static):
    """Nothing at all while there is no hint."""

    DEFAULT_CSS = """
    HintLadder { height: auto; max-height: 8; display: none; padding: 0 1;
        border-left: thick $secondary; background: $surface; }
    """

    hints: reactive[tuple[str, ...]] = reactive((), layout=True)

    def watch_hints(self) -> None:
        """Appear with the first hint."""
        self.display = bool(self.hints)

    def render(self) -> Content:
        """Draw the rungs from the first to the latest."""
        *before, latest = self.hints or ("",)
        lines = [Content(f"{rung}. {one_line(one)}") for rung, one in enumerate(before, start=1)]
        said = shown(latest)
        return Content("\n").join(
            [*lines, Content.assemble((f"{len(self.hints)}. {said}", "bold"))]
        )
