"""Where one is in a session: a sign for each question, told apart by shape as well as by colour."""

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runtime.study.turn import Spot
from runtime.words import _

_SIGNS = {
    Spot.RIGHT: ("✓", "$success"),
    Spot.PARTLY: ("◐", "$warning"),
    Spot.AGAIN: ("↻", "$warning"),
    Spot.KEPT: ("…", "$primary"),
    Spot.OPEN: ("○", "$foreground"),
    Spot.AHEAD: ("·", "$text-muted"),
}


class StudyTrail(Static):
    """The signs of ``trail``, the question ``number`` in brackets, and its place in words."""

    DEFAULT_CSS = """
    StudyTrail { width: 1fr; height: 1; }
    """

    trail: reactive[tuple[Spot, ...]] = reactive(())
    number: reactive[int] = reactive(1)

    def render(self) -> Content:
        """Draw the signs behind the words."""
        said = _("Question {number} of {total}").format(number=self.number, total=len(self.trail))
        signs = [self._sign(place, spot) for place, spot in enumerate(self.trail, start=1)]
        return Content.assemble(f"{said}  ", *signs)

    def _sign(self, place: int, spot: Spot) -> tuple[str, str]:
        sign, colour = _SIGNS[spot]
        here = place == self.number
        return (f"[{sign}]" if here else f" {sign} ", f"bold {colour}" if here else colour)
