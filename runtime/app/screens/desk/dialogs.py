"""Small questions of the desk.

if await app.push_screen_wait(Ask(_("Erase Mia?"), facts, _("Erase"))): ...
words = await app.push_screen_wait(AskWords(_("Comment"), before))       None: given up
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Footer, Input, Label, Static

from runtime.app.plain import shown
from runtime.app.screens.base import KindmarkDialog, T
from runtime.app.widgets.path_input import PathInput
from runtime.errors import BadInputError
from runtime.words import N_, _

_MOST_NAME = 60
_MOST_DAYS = 5
_MOST_COMMENT = 1000


class DeskDialog(KindmarkDialog[T]):
    """A question with fields, a line for what is wrong with them, and two buttons."""

    DEFAULT_CSS = """
    DeskDialog > .dialog { width: 64; }
    DeskDialog .asked { text-style: bold; margin-bottom: 1; }
    DeskDialog .facts { height: auto; max-height: 10; }
    DeskDialog .message { height: auto; color: $error; }
    DeskDialog .buttons { height: auto; margin-top: 1; }
    DeskDialog .buttons Button { margin-right: 2; }
    """

    def framed(self, asked: str, fields: Sequence[Widget], yes: str) -> Iterator[Widget]:
        """Yield the question, its fields and the buttons; ``yes`` is what is done."""
        with Vertical(classes="dialog"):
            yield Label(Content(shown(asked)), classes="asked")
            yield from fields
            yield Label("", classes="message")
            with Horizontal(classes="buttons"):
                yield Button(yes, variant="primary", id="yes")
                yield Button(_("Back"), id="no")
        yield Footer(show_command_palette=False)

    def answer(self) -> T | None:
        """Return what was answered. Raises ``BadInputError`` for what makes no sense."""
        raise NotImplementedError

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _yes(self) -> None:
        try:
            self.dismiss(self.answer())
        except BadInputError as error:
            said = f"✗ {error.message} {error.remedy}"
            self.query_one(".message", Label).update(Content(shown(said)))

    @on(Button.Pressed, "#no")
    def _no(self) -> None:
        self.action_back()


class Ask(DeskDialog[bool | None]):
    """A question with its facts; the button that does nothing has the focus."""

    AUTO_FOCUS = "#no"
    HELP = N_("# A question\n\n**Tab** goes from one button to the other, **Enter** presses it.")

    def __init__(self, asked: str, facts: Sequence[str], yes: str) -> None:
        super().__init__()
        self._asked, self._facts, self._yes_words = asked, facts, yes

    def compose(self) -> ComposeResult:
        """Yield the question."""
        facts = VerticalScroll(*(Static(Content(shown(one))) for one in self._facts))
        facts.add_class("facts")
        yield from self.framed(self._asked, [facts], self._yes_words)

    def answer(self) -> bool:
        """Return yes."""
        return True


class AskWords(DeskDialog[str | None]):
    """Asks for a line of text."""

    HELP = N_("# A line of text\n\nType it and press **Enter**. **Escape** leaves it as it was.")

    def __init__(self, asked: str, before: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._asked, self._before, self._placeholder = asked, before, placeholder

    def compose(self) -> ComposeResult:
        """Yield a field."""
        field = Input(
            self._before, placeholder=self._placeholder, max_length=_MOST_COMMENT, id="words"
        )
        yield from self.framed(self._asked, [field], _("Keep"))

    def answer(self) -> str:
        """Return what was typed."""
        return self.query_one("#words", Input).value.strip()


class AskPlace(DeskDialog[str | None]):
    """Asks where to write a file."""

    HELP = N_(
        "# Where to write it\n\nType a name; the right arrow takes what is suggested. A file of"
        " that name is replaced only if you press **Write** twice."
    )

    def __init__(self, asked: str, before: str) -> None:
        super().__init__()
        self._asked, self._before = asked, before
        self._warned = ""

    def compose(self) -> ComposeResult:
        """Yield a field that completes names."""
        yield from self.framed(self._asked, [PathInput(self._before, id="place")], _("Write"))

    def answer(self) -> str:
        """Return the whole name."""
        field = self.query_one("#place", PathInput)
        if not field.value.strip():
            raise BadInputError(_("There is no name."), _("Type one."))
        name = str(field.path)
        if field.path.exists() and name != self._warned:
            self._warned = name
            raise BadInputError(
                _("There is a file of this name already."),
                _("Press Write again to replace it, or type another name."),
            )
        return name


class ClassChoice(NamedTuple):
    """A class's name, and for how many days its work is kept (0: for ever)."""

    name: str
    days: int


class AskClass(DeskDialog[ClassChoice | None]):
    """Asks for a class's name and how long its work is kept."""

    HELP = N_(
        "# A class\n\nWork older than the days you give is erased when you ask for it on the desk,"
        " from the records and from all backups. 0 keeps it for ever."
    )

    def __init__(self, asked: str, before: ClassChoice | None = None) -> None:
        super().__init__()
        self._asked, self._before = asked, before or ClassChoice("", 0)

    def compose(self) -> ComposeResult:
        """Yield two fields."""
        name = Input(self._before.name, max_length=_MOST_NAME, id="name")
        days = Input(str(self._before.days), type="integer", max_length=_MOST_DAYS, id="days")
        fields = [
            *(Label(_("Name of the class")), name),
            *(Label(_("Keep its work for so many days (0: for ever)")), days),
        ]
        yield from self.framed(self._asked, fields, _("Keep"))

    def answer(self) -> ClassChoice:
        """Return both."""
        days = self.query_one("#days", Input).value.strip() or "0"
        if not days.isdecimal():
            raise BadInputError(_("{days} is no number of days.").format(days=days), "")
        return ClassChoice(self.query_one("#name", Input).value.strip(), int(days))
