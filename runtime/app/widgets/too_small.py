"""What a screen shows in a window that no question fits in: one sentence, and nothing else acts.

await screen.mount(TooSmall())
is_too_small(app.size)
"""

from textual.geometry import Size
from textual.widgets import Static

from runtime.words import _

LEAST_WIDTH, LEAST_HEIGHT = 60, 18
"""In characters."""


def is_too_small(size: Size) -> bool:
    """Whether no question fits."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmall(Static):
    """Stands for everything else while the terminal is too small for it."""

    DEFAULT_CSS = """
    TooSmall { display: none; width: 100%; height: 100%; content-align: center middle;
        text-align: center; padding: 0 1; background: $background; }
    """

    def __init__(self) -> None:
        # What Textual calls a system widget outlives the recomposing of its screen.
        super().__init__(classes="-textual-system")

    def render(self) -> str:
        """Say what is needed and what there is."""
        size = self.app.size
        return _(
            "This window is too small: {width} by {height} characters. "
            "Please make it at least {least_width} by {least_height}."
        ).format(
            width=size.width,
            height=size.height,
            least_width=LEAST_WIDTH,
            least_height=LEAST_HEIGHT,
        )
