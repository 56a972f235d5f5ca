"""The end of a session: what was practised and what comes back. Calm, and without a score."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Footer, Static

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.widgets.top_line import TopLine
from runtime.study.farewell import Farewell
from runtime.study.skills import skill_name
from runtime.words import N_, _, ngettext

_MOST_AGAIN = 5


class FarewellScreen(KindmarkScreen):
    """Looks back on a session."""

    HELP = N_("""\
# The end of a session

Here is what you have practised. What was not right yet comes back on another day, so there is
nothing to do about it now.
""")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", N_("Done"), show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]
    AUTO_FOCUS = "#done"
    DEFAULT_CSS = """
    FarewellScreen VerticalScroll { padding: 1 3; align-horizontal: left; }
    FarewellScreen Static { max-width: 76; height: auto; }
    FarewellScreen .part { margin-top: 1; text-style: bold; }
    FarewellScreen .ways { height: auto; padding: 0 3; }
    """

    def __init__(self, farewell: Farewell) -> None:
        super().__init__()
        self._farewell = farewell

    def compose(self) -> ComposeResult:
        """Yield what was practised, what comes back, and the way out."""
        yield TopLine(_("That was it for now"))
        with VerticalScroll(can_focus=False):
            yield from self._parts()
        with Horizontal(classes="ways"):
            yield Button(_("Done"), id="done", variant="primary")
        yield Footer(show_command_palette=False)

    def _parts(self) -> ComposeResult:
        found = self._farewell
        yield Static(Content(_opening(found)))
        if found.helped:
            yield Static(Content(_helped(found.helped)))
        if found.practised:
            yield Static(_("You have practised"), classes="part")
        for one in found.practised:
            name = one_line(skill_name(one.skill), 40)
            said = _("{skill}: you know this well now") if one.known else "{skill}"
            yield Static(Content(f"• {said.format(skill=name)}"))
        if found.again:
            yield Static(_("This comes back another day"), classes="part")
        for question in found.again[:_MOST_AGAIN]:
            yield Static(Content(f"• {one_line(question, 68)}"))
        if len(found.again) > _MOST_AGAIN:
            yield Static(Content(_more(len(found.again) - _MOST_AGAIN)))
        if found.waiting:
            yield Static(Content(_waiting(found.waiting)), classes="part")

    def action_move(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    @on(Button.Pressed, "#done")
    def _done(self) -> None:
        self.action_back()


def _opening(found: Farewell) -> str:
    if not found.answered:
        return _("You had a look around. Come back whenever you like.")
    said = ngettext(
        "You have worked on {count} question. That is enough for now.",
        "You have worked on {count} questions. That is enough for now.",
        found.answered,
    )
    return said.format(count=found.answered)


def _helped(count: int) -> str:
    said = ngettext(
        "You stayed with {count} question until it was right.",
        "You stayed with {count} questions until they were right.",
        count,
    )
    return said.format(count=count)


def _more(count: int) -> str:
    said = ngettext("… and {count} more question", "… and {count} more questions", count)
    return said.format(count=count)


def _waiting(count: int) -> str:
    said = ngettext(
        "{count} answer is kept and will be looked at later.",
        "{count} answers are kept and will be looked at later.",
        count,
    )
    return said.format(count=count)
