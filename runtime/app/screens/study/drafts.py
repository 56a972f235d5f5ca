"""What a child has written and not checked: in the records a moment after it was typed.

    drafts = DraftKeeper(screen, session)
    text = drafts.ask(turn)              another question is asked: what stands in the editor of it
    drafts.note(screen.unchecked())      after each key: kept within two seconds, in one write
    await drafts.settle()                the question is left: kept now

Where it cannot be kept, a quiet line says so once, and it stays in memory as long as the app runs.
"""

from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from textual.app import App
from textual.timer import Timer

from runtime.errors import KindmarkError
from runtime.study.session import StudySession
from runtime.study.turn import Turn
from runtime.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.app.app import KindmarkApp

KEEP_SECONDS = 2.0
"""Between two writes of what is being typed: what a power cut can take."""

_UNKEPT: WeakKeyDictionary[App[object], dict[tuple[int, int], str]] = WeakKeyDictionary()
"""By app, session and question: what could not be written."""


class Writing(Protocol):
    """The screen a child writes on."""

    @property
    def app(self) -> "KindmarkApp":
        """The app, with the store."""

    @property
    def is_attached(self) -> bool:
        """Whether it can still say anything."""

    def set_timer(self, delay: float, callback: "Callable[[], object]") -> Timer:
        """Call back after a delay, while the screen is there."""

    def say(self, words: str) -> None:
        """Say what is going on."""


class DraftKeeper:
    """Keeps what is written on one screen."""

    def __init__(self, screen: Writing, session: StudySession) -> None:
        self._screen, self._session = screen, session
        self._item_id = 0
        self._noted = self._kept = ""
        self._timer: Timer | None = None
        self._said = False

    def ask(self, turn: Turn) -> str:
        """Turn to another question, and return what was written to it and not checked."""
        self._item_id = turn.item_id
        unkept = self._unkept.pop((self._session.id, turn.item_id), None)
        self._kept = turn.unsent
        self._noted = turn.unsent if unkept is None else unkept
        return self._noted

    def note(self, text: str) -> None:
        """Have ``text`` kept soon; "" where all is handed in."""
        self._noted = text
        if self._item_id and text != self._kept and self._timer is None:
            self._timer = self._screen.set_timer(KEEP_SECONDS, self.settle)

    async def settle(self) -> None:
        """Keep what was noted last. No error: what is written stays where it is."""
        if self._timer:
            self._timer.stop()
            self._timer = None
        item_id, text, before = self._item_id, self._noted, self._kept
        if not item_id or text == before:
            return
        self._kept = text
        try:
            await self._screen.app.in_store(lambda: self._session.keep_draft(item_id, text))
        except KindmarkError as error:
            self._kept = before
            self._unkept[self._session.id, item_id] = text
            self._tell(error)
        else:
            self._unkept.pop((self._session.id, item_id), None)
            self._said = False

    @property
    def _unkept(self) -> dict[tuple[int, int], str]:
        return _UNKEPT.setdefault(self._screen.app, {})

    def _tell(self, error: KindmarkError) -> None:
        if not self._said and self._screen.is_attached:
            self._screen.say(
                _("What you write cannot be kept before you check it: {why}").format(
                    why=error.message
                )
            )
        self._said = True
