"""Asks for a PIN. What a wrong try costs is the rule of ``records.store.pins``.

if await app.push_screen_wait(PinDialog(learner)): ...       None: the teacher's desk
"""

import math

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Footer, Input, Label

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkDialog
from runtime.app.widgets.profile_fields import pin_field
from runtime.errors import KindmarkError
from runtime.records.store.pins import PinCheck
from runtime.records.store.rows import Learner
from runtime.words import N_, _, ngettext


class DigitsDialog(KindmarkDialog[bool | None]):
    """One or two fields for digits, a line below them, and two buttons."""

    DEFAULT_CSS = """
    DigitsDialog > .dialog { width: 56; }
    DigitsDialog .message { width: 100%; height: auto; min-height: 2; padding: 0 1; }
    DigitsDialog .asked { padding: 0 1 1 1; text-style: bold; }
    DigitsDialog .buttons { height: auto; padding: 0 1; }
    DigitsDialog .buttons Button { margin-right: 2; }
    """

    def say(self, words: str) -> None:
        """Show a line below the fields."""
        self.query_one(".message", Label).update(Content(words))

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.action_back()


class PinDialog(DigitsDialog):
    """Answers ``True`` once the PIN was right; ``None`` if it was given up."""

    HELP = N_("""\
# The PIN

Type the digits and press Enter. After a few wrong tries there is a short wait, which grows; it is
never for long, and nothing is ever locked for good.

Forgotten? The person who looks after this machine can remove a PIN, a learner's or the desk's, with
`kindmark records forget-pin`.
""")

    def __init__(self, learner: Learner | None) -> None:
        super().__init__()
        self._learner = learner
        self._timer: Timer | None = None
        self._wait = 0.0

    def compose(self) -> ComposeResult:
        """Yield one field."""
        asked = _("The PIN of the teacher's desk")
        if self._learner:
            name = one_line(self._learner.nickname, 30)
            asked = _("The PIN of {name}").format(name=name)
        with Vertical(classes="dialog"):
            yield Label(Content(asked), classes="asked")
            yield pin_field("pin")
            yield Label("", classes="message")
            with Horizontal(classes="buttons"):
                yield Button(_("OK"), variant="primary", id="ok")
                yield Button(_("Back"), id="cancel")
        yield Footer(show_command_palette=False)

    async def fill(self) -> None:
        """Say at once if there is still a wait from earlier tries."""
        self._hold(await self.app.in_store(lambda: self.app.store.pins.wait(self._who)))

    @property
    def _who(self) -> int | None:
        return self._learner.id if self._learner else None

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _ok(self) -> None:
        self.start(self._try(), group="try")

    async def _try(self) -> None:
        field = self.query_one("#pin", Input)
        if field.disabled or not field.value:
            return
        pin, field.value = field.value, ""
        field.disabled = True
        try:
            check = await self.app.in_store(lambda: self.app.store.pins.check(pin, self._who))
        except KindmarkError as error:
            self._release()
            self.say(f"{error.message} {error.remedy}")
            return
        await self._tried(check)

    async def _tried(self, check: PinCheck) -> None:
        if check.right:
            self.dismiss(True)
            return
        wait = check.wait or await self.app.in_store(lambda: self.app.store.pins.wait(self._who))
        if wait > 0:
            self._hold(wait)
        else:
            self._release()
            self.say(_("That was not it. Try again."))

    def _hold(self, wait: float) -> None:
        """Take no more digits for ``wait`` seconds, and count them down."""
        if wait <= 0:
            return
        self._wait = wait
        self.query_one("#pin", Input).disabled = True
        self._show_wait()
        if self._timer is None:
            self._timer = self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        self._wait -= 1.0
        if self._wait > 0:
            self._show_wait()
            return
        if self._timer:
            self._timer.stop()
        self._timer = None
        self._release()
        self.say(_("Now you can try again."))

    def _release(self) -> None:
        field = self.query_one("#pin", Input)
        field.disabled = False
        field.focus()

    def _show_wait(self) -> None:
        seconds = math.ceil(self._wait)
        self.say(
            ngettext(
                "Please wait {seconds} second before the next try.",
                "Please wait {seconds} seconds before the next try.",
                seconds,
            ).format(seconds=seconds)
        )
