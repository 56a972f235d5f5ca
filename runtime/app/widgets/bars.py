"""Bars drawn with text: a name, a bar, and its number, so that no colour and no shape is needed.

yield Bars([Bar("correct", 0.7, "70 %"), Bar("partial", 0.3, "30 %")], most=1.0)
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST_BAR, _MOST_BAR = 8, 40


class Bar(NamedTuple):
    """``name`` and ``words`` are plain text; ``strong`` marks the one that was chosen."""

    name: str
    value: float
    words: str
    strong: bool = False


def bar(share: float, width: int) -> str:
    """Return a bar of ``share`` (0..1) in ``width`` cells, filled up with blanks."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


class Bars(Static):
    """One bar a line, as wide as there is room; the longest is ``most``, or the greatest value."""

    DEFAULT_CSS = """
    Bars { height: auto; }
    """

    bars: reactive[tuple[Bar, ...]] = reactive(())

    def __init__(self, bars: Sequence[Bar] = (), most: float | None = None) -> None:
        super().__init__()
        self._most = most
        self.set_reactive(Bars.bars, tuple(bars))

    def watch_bars(self) -> None:
        """Draw others."""
        self.refresh(layout=True)

    def render(self) -> Content:
        """Draw them."""
        most = self._most or max((one.value for one in self.bars), default=0.0) or 1.0
        names = min(max((cell_len(one.name) for one in self.bars), default=0), self.size.width // 3)
        words = max((cell_len(one.words) for one in self.bars), default=0)
        width = min(_MOST_BAR, max(_LEAST_BAR, self.size.width - names - words - 5))
        return Content("\n").join(
            Content.assemble(
                ("› " if one.strong else "  ") + set_cell_size(one.name, names) + " ",
                (bar(one.value / most, width), "$primary" if one.strong else "$secondary"),
                f" {one.words}",
            )
            for one in self.bars
        )

    def get_content_height(self, *_given: object) -> int:
        """Return a line a bar."""
        return max(1, len(self.bars))
