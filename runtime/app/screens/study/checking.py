"""An answer from the editor to its card: kept first, then marked, then shown if it is still asked.

    checking = Checking(session)
    await checking.check(screen, text)

What goes wrong is said on the screen, with what has become of the answer.
"""

from typing import TYPE_CHECKING, Protocol

from runtime.app.screens.study.marking import marked
from runtime.errors import KindmarkError
from runtime.marking.decision import uses_judge
from runtime.study.card import Card
from runtime.study.refusals import NoAnswerError, TooLongError
from runtime.study.session import StudySession
from runtime.study.turn import Kept, Turn
from runtime.words import _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp


class Asking(Protocol):
    """The screen that asks the question."""

    @property
    def app(self) -> "KindmarkApp":
        """The app, with the store and the marking process."""

    @property
    def turn(self) -> Turn | None:
        """The question that is asked now."""

    def show_turn(self, turn: Turn) -> None:
        """Show how far the session is."""

    def show_card(self, card: Card) -> None:
        """Show what is said of the answer."""

    def set_busy(self, busy: bool) -> None:
        """Have no second check begin, or one again."""

    def say(self, words: str) -> None:
        """Say what is going on."""


class Checking:
    """Answers of one session on their way; ``kept`` is one that is in the records, unmarked."""

    def __init__(self, session: StudySession) -> None:
        self._session = session
        self.kept: Kept | None = None

    def leave(self) -> None:
        """Leave the question; what is on its way is marked all the same."""
        self.kept = None

    async def check(self, screen: Asking, text: str) -> None:
        """Keep an answer, and show how it is marked."""
        screen.set_busy(True)
        try:
            kept = self.kept
            if kept is None or kept.item.text != text:
                kept = await screen.app.in_store(lambda: self._session.submit(text))
            await self._mark(screen, kept)
        except (NoAnswerError, TooLongError) as error:
            screen.say(f"{error.message} {error.remedy}")
            screen.set_busy(False)
        except KindmarkError as error:
            screen.say(
                _("Your answer could not be kept. It is still here: {why}").format(
                    why=f"{error.message} {error.remedy}"
                )
            )
            screen.set_busy(False)

    async def mark_again(self, screen: Asking) -> None:
        """Mark what was waiting when the session was left."""
        for pending in await screen.app.in_store(self._session.waiting):
            if pending.row.item and screen.turn:
                answers = screen.app.store.answers
                answer = await screen.app.in_store(
                    lambda: answers.get(pending.answer_id)  # noqa: B023
                )
                await self._mark(screen, Kept(pending.answer_id, answer.item_id, pending.row.item))

    async def _mark(self, screen: Asking, kept: Kept) -> None:
        """Show how the answer is marked while its question is the one that is asked."""
        self.kept = kept
        screen.say(_kept_words(screen, kept))
        try:
            async for card, whole in marked(screen.app, self._session, kept):
                if _is_asked(screen, kept):
                    screen.set_busy(False)
                    screen.show_card(card)
                if whole:
                    await self._follow(screen, kept)
        except KindmarkError as error:
            if _is_asked(screen, kept):
                screen.set_busy(False)
                screen.say(
                    _("Your answer is kept. It could not be looked at yet: {why}").format(
                        why=f"{error.message} {error.remedy}"
                    )
                )

    async def _follow(self, screen: Asking, kept: Kept) -> None:
        """Show in the trail what has become of an answer."""
        turn = await screen.app.in_store(self._session.turn)
        if screen.turn and turn.item_id == screen.turn.item_id:
            screen.show_turn(turn)
        if self.kept is kept:
            self.kept = None


def _kept_words(screen: Asking, kept: Kept) -> str:
    if screen.app.model_line and uses_judge(kept.item):
        return _(
            "Your answer is kept. I am still getting ready to read texts; you can go on "
            "with the next question."
        )
    return _("Your answer is kept. I am looking at it.")


def _is_asked(screen: Asking, kept: Kept) -> bool:
    return screen.turn is not None and screen.turn.item_id == kept.item_id
