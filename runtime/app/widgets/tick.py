"""A box to tick that shows a tick only where it is ticked: Textual's own differs by colour alone.

yield Tick(_("to review"), compact=True, id="flagged")
"""

from textual.widgets import Checkbox

_TICK, _NO_TICK = "✓", " "


class Tick(Checkbox):
    """A checkbox."""

    BUTTON_INNER = _NO_TICK

    def watch_value(self) -> None:
        """Draw the tick, or none."""
        self.BUTTON_INNER = _TICK if self.value else _NO_TICK
        super().watch_value()
        self.refresh(layout=True)
