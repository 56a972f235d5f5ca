"""A study session over the store: one question after the other, nothing lost, nothing twice.

    session = StudySession.start(store, learner, set_id)      or resume(store, learner)
    turn = session.turn()                      the question, with all that happened to it
    session.keep_draft(turn.item_id, "3/4 + ") while it is written: no kill loses it
    kept = session.submit("3/4 + 5/6 = 8/10")  the answer is on the disk when this returns
    card = session.marked(kept.answer_id, mark)
    session.hint()
    session.next()
    session.end()

All state lies in the store, so that a session that was killed goes on where it was. Every call may
wait for the disk: make them in the store's thread. ``StudySession`` holds no answer and no mark.
"""

from collections.abc import Iterable
from typing import Self

from runtime.errors import BadInputError
from runtime.marking.ages import Band
from runtime.marking.mark import Mark
from runtime.records.store import SessionKind, Store
from runtime.records.store.answers import Pending
from runtime.records.store.rows import Learner, Session, SetItem
from runtime.study.card import Card, card_of
from runtime.study.farewell import Farewell, farewell
from runtime.study.hints import Hint
from runtime.study.knowledge import refresh
from runtime.study.questions import due_questions, next_question, set_questions
from runtime.study.refusals import NoAnswerError, TooLongError, check_answer
from runtime.study.standing import Standing, trail_of
from runtime.study.turn import Kept, Turn
from runtime.words import _

__all__ = ["LENGTH", "NoAnswerError", "StudySession", "TooLongError"]

LENGTH = 10
"""Questions in a session: a quarter of an hour for most children; more is another session."""

_LOOKED_AT = 20
"""Sessions that are searched for answers a killed program left unmarked."""


class StudySession:
    """One sitting of one learner; ``id`` is that of the records."""

    def __init__(
        self, store: Store, learner: Learner, session: Session, questions: Iterable[SetItem]
    ) -> None:
        """Go on with ``session``; ``start``, ``review`` and ``resume`` are the ways in."""
        self._store, self._learner = store, learner
        self.id = session.id
        self.set_id = session.set_id
        self.band = Band(learner.age_band.value)
        self._questions = {one.item_id: one for one in questions}
        self._asked = [one for one in session.item_order if one in self._questions]

    @classmethod
    def start(cls, store: Store, learner: Learner, set_id: int) -> Self:
        """Begin with a set; an unfinished session of the learner ends.

        Raises ``BadInputError`` if there is no such set.
        """
        refresh(store, learner.id)
        return cls._begun(store, learner, set_questions(store, set_id), set_id)

    @classmethod
    def review(cls, store: Store, learner: Learner) -> Self:
        """Begin with what is due for review, from whatever set.

        Raises ``BadInputError`` if nothing is.
        """
        refresh(store, learner.id)
        questions = due_questions(store, learner.id)
        if not questions:
            raise BadInputError(
                _("Nothing is waiting to be practised again today."), _("Choose a set.")
            )
        return cls._begun(store, learner, questions, None)

    @classmethod
    def resume(cls, store: Store, learner: Learner) -> Self | None:
        """Go on with the session that was not ended; ``None`` if there is none."""
        refresh(store, learner.id)
        session = store.sessions.unfinished(learner.id)
        found = cls._again(store, learner, session) if session else None
        return found if found and found._asked else None

    @classmethod
    def with_unmarked(cls, store: Store, learner: Learner) -> list[Self]:
        """Return the latest sessions of a learner in which answers wait to be marked."""
        latest = store.sessions.of_learner(learner.id, limit=_LOOKED_AT)
        waiting = [one for one in latest if store.answers.count_pending(one.id)]
        found = (cls._again(store, learner, one) for one in waiting)
        return [one for one in found if one]

    @classmethod
    def _again(cls, store: Store, learner: Learner, session: Session) -> Self | None:
        if session.kind is not SessionKind.STUDY:
            return None
        questions = (
            set_questions(store, session.set_id)
            if session.set_id
            else due_questions(store, learner.id, besides=session.item_order)
        )
        return cls(store, learner, session, questions)

    @classmethod
    def _begun(
        cls, store: Store, learner: Learner, questions: list[SetItem], set_id: int | None
    ) -> Self:
        with store.database.write():
            while open_one := store.sessions.unfinished(learner.id):
                store.sessions.end(open_one.id)
            session = store.sessions.start(
                learner_id=learner.id,
                class_id=store.sessions.class_for(learner.id, set_id),
                set_id=set_id,
            )
            found = cls(store, learner, session, questions)
            found.next()
        return found

    @property
    def total(self) -> int:
        """How many questions there will be."""
        return min(LENGTH, len(self._questions))

    def turn(self) -> Turn:
        """Return the question that is asked now, with its answers, hints and mark so far."""
        standing = self._standing()
        answers = standing.answers()
        latest = answers[-1] if answers else None
        return Turn(
            number=len(self._asked),
            total=self.total,
            item_id=standing.question.item_id,
            item=standing.question.item,
            tries=len(answers),
            draft=latest.text if latest else "",
            unsent=self._store.drafts.get(self._learner.id, standing.question.item_id),
            waiting=latest is not None and latest.mark_id is None,
            card=standing.card(latest) if latest else None,
            hints=standing.hints_taken(),
            more_hints=max(0, len(standing.ladder()) - standing.next_rung()),
            trail=trail_of(self._store, self.id, self._asked, self.total),
        )

    def submit(self, text: str) -> Kept:
        """Keep an answer to the question that is asked now; it is on the disk afterwards.

        Raises ``NoAnswerError``, ``TooLongError``, and ``StoreError`` (a full disk): nothing is
        kept then.
        """
        check_answer(text)
        learner_id, item_id = self._learner.id, self._asked[-1]
        with self._store.database.write():
            answer = self._store.answers.add(self.id, item_id, text, learner_id=learner_id)
            self._store.drafts.remove(learner_id, item_id)
        return Kept(answer.id, answer.item_id, self._store.answers.item(answer.id))

    def keep_draft(self, item_id: int, text: str) -> None:
        """Keep what is written to a question and not handed in; "" and what was are no drafts.

        Raises ``StoreError`` (a full disk): the draft before is still kept then.
        """
        self._store.drafts.keep(self.id, self._learner.id, item_id, text)

    def waiting(self) -> list[Pending]:
        """Return answers of this session that have no mark: those that a killed program left."""
        return self._store.answers.pending(self.id)

    def marked(self, answer_id: int, mark: Mark) -> Card:
        """Keep a mark, and what it shows of the learner; the same mark again changes nothing."""
        with self._store.database.write():
            if self._store.marks.add(answer_id, mark):
                refresh(self._store, self._learner.id)
        return card_of(self._store.answers.item(answer_id), mark, self.band)

    def hint(self) -> Hint | None:
        """Note the next hint for this question, and return it; ``None`` at the end of the ladder.

        The solution comes after a try, not instead of one.
        """
        standing = self._standing()
        rung, hints = standing.next_rung(), standing.ladder()
        if rung >= len(hints):
            return None
        self._store.sessions.use_hint(self.id, standing.question.item_id, rung, hints[rung].whole)
        return hints[rung]

    def next(self) -> bool:
        """Go to the next question; false if this was the last."""
        chosen = next_question(self._store, self._learner.id, self._questions, self._asked)
        if len(self._asked) >= self.total or chosen is None:
            return False
        self._asked.append(chosen)
        self._store.sessions.reorder(self.id, self._asked)
        return True

    def end(self) -> Farewell:
        """End the session and return what was practised; ending it again changes nothing."""
        self._store.sessions.end(self.id)
        return farewell(
            self._store, self._learner.id, [self._questions[one] for one in self._asked], self.id
        )

    def _standing(self) -> Standing:
        return Standing(self._store, self.id, self._questions[self._asked[-1]], self.band)
