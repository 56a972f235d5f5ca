"""What every screen of the desk has: the desk, a line that says what was done, and undo.

    class Home(DeskScreen):
        async def _archive(self) -> None:
            ...
            self.did(_("The class was dissolved."), undo)

``did`` says it in the screen's ``StatusLine``, for U and Ctrl+Z to take it back; then ``refilled``.
"""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from runtime.app.plain import one_line
from runtime.app.screens.base import KindmarkScreen
from runtime.app.undo import Undo
from runtime.words import N_, _

if TYPE_CHECKING:
    from runtime.app.screens.desk.doings import Doings


class StatusLine(Static):
    """One quiet line above the footer."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; }
    """


class DeskScreen(KindmarkScreen):
    """A screen behind the PIN."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo_step", N_("Undo")),
        Binding("ctrl+z", "undo_step", N_("Undo"), show=False),
    ]

    said = ""
    """What the status line says."""

    @property
    def doings(self) -> "Doings":
        """What goes on at the desk."""
        # Heavy parts come with it: they are not needed to paint.
        from runtime.app.screens.desk.doings import doings_of  # noqa: PLC0415

        return doings_of(self.app)

    def say(self, words: str) -> None:
        """Say something in the status line; words of files in it are made harmless."""
        self.said = words
        for line in self.query(StatusLine):
            line.update(Content(one_line(words, 200)))

    def did(self, said: str, undo: Undo | None = None, back: str = "") -> None:
        """Say what was done; without ``undo``, it was a step of the desk's own.

        ``back`` says what is so again once it is taken back.
        """
        doings = self.doings
        doings.did(said, undo or doings.desk_step, back)
        self.say(_("{done} U takes it back.").format(done=said))

    def action_undo_step(self) -> None:
        """Take the last step at the desk back."""
        self.start(self._undo_step(), group="undo")

    async def _undo_step(self) -> None:
        said = await self.doings.undo()
        if said is None:
            self.say(_("There is nothing to take back."))
            return
        await self.refilled()
        self.say(said)

    async def refilled(self) -> None:
        """Show everything as it is now; a screen that needs not start from nothing does less."""
        await self.fill()
