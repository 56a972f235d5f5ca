"""Adds a learner: a nickname, a picture, an age, a language, and a PIN for those who want one.

learner = await app.push_screen_wait(ProfileDialog())
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Footer, Input, Label, Select

from runtime.app.avatars import NAMES, picture
from runtime.app.screens.base import KindmarkDialog
from runtime.errors import KindmarkError
from runtime.records.store.rows import AVATARS, AgeBand, Learner
from runtime.words import LANGUAGES, N_, _

_NICKNAME_CHARS = 40
_PIN_CHARS = 12


class ProfileDialog(KindmarkDialog[Learner | None]):
    """Answers with the new learner, or ``None``."""

    HELP = N_("""\
# Add a learner

A **nickname** is enough, with a **picture**; two children may share a nickname if their pictures
differ. The **age** chooses how Kindmark speaks: in short words to younger children.

A **PIN** is four digits or more. It keeps classmates out; leave it empty to do without one.
""")
    DEFAULT_CSS = """
    ProfileDialog > .dialog { width: 72; }
    ProfileDialog .pair { height: auto; }
    ProfileDialog .field { width: 1fr; height: auto; padding: 0 1; }
    ProfileDialog .message { height: auto; color: $error; padding: 0 1; }
    ProfileDialog .buttons { height: auto; padding: 0 1; }
    ProfileDialog .buttons Button { margin-right: 2; }
    """

    def compose(self) -> ComposeResult:
        """Yield the fields, two in a row."""
        pictures = [(Content(f"{picture(one)}  {_(NAMES[one])}"), one) for one in AVATARS]
        ages = [(_("7 to 9 years"), "7-9"), (_("10 to 12 years"), "10-12"), (_("13 and up"), "13+")]
        languages = [(name, code) for code, name in LANGUAGES.items()]
        with VerticalScroll(classes="dialog", can_focus=False):
            with Horizontal(classes="pair"):
                with Vertical(classes="field"):
                    yield Label(_("Nickname"))
                    yield Input(id="nickname", max_length=_NICKNAME_CHARS)
                with Vertical(classes="field"):
                    yield Label(_("Picture"))
                    yield Select(pictures, value=AVATARS[0], allow_blank=False, id="avatar")
            with Horizontal(classes="pair"):
                with Vertical(classes="field"):
                    yield Label(_("Age"))
                    yield Select(ages, value="10-12", allow_blank=False, id="age")
                with Vertical(classes="field"):
                    yield Label(_("Language"))
                    spoken = self.app.settings.spoken()
                    yield Select(languages, value=spoken, allow_blank=False, id="language")
            with Vertical(classes="field"):
                yield Label(_("PIN (digits; may stay empty)"))
                yield Input(id="pin", password=True, type="text", max_length=_PIN_CHARS)
            yield Label("", classes="message")
            with Horizontal(classes="buttons"):
                yield Button(_("Add"), variant="primary", id="ok")
                yield Button(_("Back"), id="cancel")
        yield Footer(show_command_palette=False)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.action_back()

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _ok(self) -> None:
        self.start(self._add(), group="add", exclusive=True)

    async def _add(self) -> None:
        try:
            self.dismiss(await self.app.in_store(self._kept))
        except KindmarkError as error:
            self.query_one(".message", Label).update(Content(f"{error.message} {error.remedy}"))
            self.query_one("#nickname", Input).focus()

    def _kept(self) -> Learner:
        """Keep the learner and the PIN together, or neither."""
        store, pin = self.app.store, self.query_one("#pin", Input).value
        with store.database.write():
            learner = store.learners.add(
                self.query_one("#nickname", Input).value,
                str(self.query_one("#avatar", Select).value),
                AgeBand(str(self.query_one("#age", Select).value)),
                str(self.query_one("#language", Select).value),
            )
            if pin:
                store.pins.set(pin, learner.id)
            return store.learners.get(learner.id)
