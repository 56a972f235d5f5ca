"""Going on from a question: to the next one, past this one, or to the end of the session.

class QuestionScreen(MovingScreen): ...     says what is ``unchecked``, and ``leave``s a question
"""

from textual import on
from textual.binding import Binding

from runtime.app.screens.study.farewell import FarewellScreen
from runtime.app.screens.study.reading import ReadingScreen
from runtime.app.widgets.study_foot import StudyFoot
from runtime.study.session import StudySession
from runtime.study.turn import Turn
from runtime.words import N_, _

MOVING = (
    Binding("f5", "next", N_("Next")),
    Binding("f5", "skip", N_("Skip")),
    Binding("f5", "finish", N_("Finish")),
)
"""Keys for a screen's ``BINDINGS``, at the place where they should stand."""


class MovingScreen(ReadingScreen):
    """A screen that asks the questions of ``session`` one after the other."""

    def __init__(self, session: StudySession) -> None:
        super().__init__(classes="-unknown")
        self._session = session
        self._turn: Turn | None = None
        self._moving = False
        self._warned = ""

    @property
    def turn(self) -> Turn | None:
        """The question that is asked, once it is known."""
        return self._turn

    @property
    def tried(self) -> bool:
        """Whether there is an answer to this question."""
        return self._turn is not None and self._turn.tries > 0

    @property
    def last(self) -> bool:
        """Whether this question is the last."""
        return self._turn is not None and self._turn.number == self._turn.total

    def unchecked(self) -> str:
        """Return what stands in the editor and was not checked."""
        raise NotImplementedError

    async def settle(self) -> None:
        """Keep what was not checked, before another question is asked."""
        raise NotImplementedError

    def leave(self) -> None:
        """Forget this question: another one is asked."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Say what is going on."""
        self.query_one(StudyFoot).say(words)

    def action_next(self) -> None:
        """Go on to the next question, or to the end; ask once if something was not checked."""
        text = self.unchecked()
        if text and self._warned != text:
            self._warned = text
            self.say(_("You have not checked this yet. To go on without, press again."))
        elif not self._moving:
            self._moving = True
            self.start(self._next())

    action_skip = action_finish = action_next
    """The same step, under the name it has for whoever takes it."""

    @on(StudyFoot.Next)
    def _pressed_next(self) -> None:
        self.action_next()

    async def _next(self) -> None:
        try:
            await self._move()
        finally:
            self._moving = False

    async def _move(self) -> None:
        await self.settle()
        if await self.app.in_store(self._session.next):
            self.leave()
            self.say("")
            await self.fill()
        else:
            farewell = await self.app.in_store(self._session.end)
            self.app.switch_screen(FarewellScreen(farewell))
