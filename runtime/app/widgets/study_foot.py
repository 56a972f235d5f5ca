"""What can be done with an answer: check it, try again, go on; and one line of what is going on.

    foot.show(card, tried=True, last=False)
    foot.say("Your answer is kept.")

It posts ``StudyFoot.Check``, ``Again`` and ``Next``.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from runtime.app.plain import one_line
from runtime.marking.mark import Verdict
from runtime.study.card import Card
from runtime.words import _

_GO_ON = {Verdict.CORRECT, Verdict.UNMARKED}
"""After these the next question is offered first; after others, another try."""


class StudyFoot(Horizontal):
    """Buttons below a question, far from the hint."""

    DEFAULT_CSS = """
    StudyFoot { height: auto; padding: 0 1; }
    StudyFoot Button { margin-right: 2; }
    StudyFoot Static { width: 1fr; min-height: 3; height: auto; max-height: 5;
        content-align: left middle; }
    StudyFoot.-low Static { min-height: 1; max-height: 2; }
    """

    class Check(Message):
        """The answer is to be checked."""

    class Again(Message):
        """The child wants to write again."""

    class Next(Message):
        """The child wants to go on."""

    def compose(self) -> ComposeResult:
        """Yield the buttons and the line."""
        yield Button(_("Check"), id="check", variant="primary")
        yield Button(_("Try again"), id="again")
        yield Button(_("Next"), id="next")
        yield Static(id="status")

    def show(self, card: Card | None, *, tried: bool, last: bool) -> None:
        """Show what can be done: with an answer that is being written, or with its ``card``.

        A question that was not ``tried`` is skipped; on the ``last`` one the session can be ended.
        """
        right = card is not None and card.verdict in _GO_ON
        check, again, go_on = (self.query_one(f"#{name}", Button) for name in _NAMES)
        check.display = card is None
        again.display = card is not None
        again.variant = "default" if right else "primary"
        go_on.variant = "primary" if right else "default"
        # The width of a button follows its label only when it is laid out anew.
        go_on.refresh(layout=True)
        go_on.label = _("Finish") if last else _("Next") if card or tried else _("Skip")

    def set_low(self, low: bool) -> None:
        """Take one row instead of three."""
        self.set_class(low, "-low")
        for button in self.query(Button):
            button.compact = low

    def offer(self, card: Card) -> None:
        """Put the focus on what is best done after ``card``."""
        self.query_one("#next" if card.verdict in _GO_ON else "#again", Button).focus()

    def say(self, words: str) -> None:
        """Say what is going on, or why something was not done."""
        self.query_one("#status", Static).update(Content(one_line(words, 300)))

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way, so that no second check can begin."""
        return self.query_one("#check", Button).disabled

    @busy.setter
    def busy(self, busy: bool) -> None:
        self.query_one("#check", Button).disabled = busy

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        kinds = {"check": self.Check, "again": self.Again, "next": self.Next}
        self.post_message(kinds[event.button.id or ""]())


_NAMES = ("check", "again", "next")
