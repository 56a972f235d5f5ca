"""The line above a question: how far the session is, and the hint, far from the check.

head.show(turn)

It posts ``StudyHead.Hint``.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from runtime.app.widgets.study_trail import StudyTrail
from runtime.study.turn import Turn
from runtime.words import _


class StudyHead(Horizontal):
    """The trail on the left, the hint on the right."""

    DEFAULT_CSS = """
    StudyHead { height: 1; padding: 0 1; margin-top: 1; }
    StudyHead #hint { height: 1; min-width: 12; border: none; padding: 0 1; }
    """

    class Hint(Message):
        """A hint is wanted."""

    def compose(self) -> ComposeResult:
        """Yield the trail and the button."""
        yield StudyTrail()
        yield Button(_("Hint"), id="hint", compact=True)

    def show(self, turn: Turn) -> None:
        """Show how far the session is, and how many hints are left."""
        trail = self.query_one(StudyTrail)
        trail.number, trail.trail = turn.number, turn.trail
        hint = self.query_one("#hint", Button)
        hint.disabled = not turn.more_hints
        hint.label = Content(_("Hint ({left})").format(left=turn.more_hints))

    @on(Button.Pressed, "#hint")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Hint())
