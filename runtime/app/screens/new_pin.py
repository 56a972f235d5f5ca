"""Sets the PIN of the teacher's desk, typed twice.

if await app.push_screen_wait(NewPinDialog()): ...
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Footer, Input, Label

from runtime.app.screens.pin import DigitsDialog
from runtime.app.widgets.profile_fields import PIN_LEAST, pin_field
from runtime.errors import KindmarkError
from runtime.words import N_, _


class NewPinDialog(DigitsDialog):
    """Sets the PIN of the teacher's desk; answers ``True`` once there is one."""

    HELP = N_("""\
# A PIN for the teacher's desk

Four digits or more, typed twice. It keeps children off the marking desk; whoever can open the files
of this machine does not need it.
""")

    def compose(self) -> ComposeResult:
        """Yield two fields that must agree."""
        with Vertical(classes="dialog"):
            yield Label(_("Choose a PIN for the teacher's desk"), classes="asked")
            for name, placeholder in (
                ("pin", _("4 digits or more")),
                ("again", _("The same again")),
            ):
                yield pin_field(name, placeholder)
            yield Label("", classes="message")
            with Horizontal(classes="buttons"):
                yield Button(_("OK"), variant="primary", id="ok")
                yield Button(_("Back"), id="cancel")
        yield Footer(show_command_palette=False)

    @on(Input.Submitted, "#pin")
    def _next(self) -> None:
        """Go on to the second field; nobody types it for a PIN that is too short."""
        if len(self.query_one("#pin", Input).value) < PIN_LEAST:
            self.say(_("Too short: a PIN has 4 digits or more."))
            return
        self.say("")
        self.query_one("#again", Input).focus()

    @on(Input.Submitted, "#again")
    @on(Button.Pressed, "#ok")
    def _ok(self) -> None:
        self.start(self._set(), group="set", exclusive=True)

    async def _set(self) -> None:
        pin, again = (self.query_one(name, Input) for name in ("#pin", "#again"))
        if pin.value != again.value:
            self.say(_("The two are not the same. Type both once more."))
            pin.value = again.value = ""
            pin.focus()
            return
        chosen = pin.value
        try:
            await self.app.in_store(lambda: self.app.store.pins.set(chosen))
        except KindmarkError as error:
            self.say(f"{error.message} {error.remedy}")
            return
        self.dismiss(True)
