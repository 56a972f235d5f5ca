"""A study session over the store: one question after the other, nothing lost, nothing twice.

    session = StudySession.start(store, learner, set_id)      or resume(store, learner)
    turn = session.turn()                      the question, with all that happened to it
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
from runtime.marking.item import MAX_ANSWER_CHARS, Item
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import SessionKind, Store
from runtime.records.store.answers import Pending
from runtime.records.store.rows import Answer, Learner, Session, SetItem
from runtime.study.card import Card, card_of
from runtime.study.choosing import Question, choose
from runtime.study.farewell import Farewell, farewell
from runtime.study.hints import Hint, Rung, ladder
from runtime.study.progress import keep_progress, known_skills, right_items
from runtime.study.questions import due_questions, set_questions
from runtime.study.schedule import due_first
from runtime.study.turn import Kept, Spot, Turn, spot_of
from runtime.words import _

LENGTH = 10
"""Questions in a session: a quarter of an hour for most children; more is another session."""

_LOOKED_AT = 20
"""Sessions that are searched for answers a killed program left unmarked."""


class NoAnswerError(BadInputError):
    """Nothing was written."""

    title = "Nothing to check yet"


class TooLongError(BadInputError):
    """More was written, or pasted, than can be marked."""

    title = "That is too much text"


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
        return cls._begun(store, learner, set_questions(store, set_id), set_id)

    @classmethod
    def review(cls, store: Store, learner: Learner) -> Self:
        """Begin with what is due for review, from whatever set.

        Raises ``BadInputError`` if nothing is.
        """
        questions = due_questions(store, learner.id)
        if not questions:
            raise BadInputError(
                _("Nothing is waiting to be practised again today."), _("Choose a set.")
            )
        return cls._begun(store, learner, questions, None)

    @classmethod
    def resume(cls, store: Store, learner: Learner) -> Self | None:
        """Go on with the session that was not ended; ``None`` if there is none."""
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
            session = store.sessions.start(learner_id=learner.id, set_id=set_id)
            found = cls(store, learner, session, questions)
            found.next()
        return found

    @property
    def total(self) -> int:
        """How many questions there will be."""
        return min(LENGTH, len(self._questions))

    def turn(self) -> Turn:
        """Return the question that is asked now, with its answers, hints and mark so far."""
        item_id = self._asked[-1]
        question = self._questions[item_id]
        answers = self._store.answers.of_session(self.id)
        mine = [one for one in answers if one.item_id == item_id]
        latest = mine[-1] if mine else None
        return Turn(
            number=len(self._asked),
            total=self.total,
            item_id=item_id,
            item=question.item,
            tries=len(mine),
            draft=latest.text if latest else "",
            waiting=latest is not None and latest.mark_id is None,
            card=self._card(latest) if latest and latest.mark_id else None,
            hints=tuple(one.text for one in self._store.sessions.hints(self.id, item_id)),
            more_hints=max(0, len(self._ladder(item_id)) - self._rungs(item_id)),
            trail=self._trail(answers),
        )

    def submit(self, text: str) -> Kept:
        """Keep an answer to the question that is asked now; it is on the disk afterwards.

        Raises ``NoAnswerError``, ``TooLongError``, and ``StoreError`` (a full disk): nothing is
        kept then.
        """
        check_answer(text)
        answer = self._store.answers.add(
            self.id, self._asked[-1], text, learner_id=self._learner.id
        )
        return Kept(answer.id, answer.item_id, self._store.answers.item(answer.id))

    def waiting(self) -> list[Pending]:
        """Return answers of this session that have no mark: those that a killed program left."""
        return self._store.answers.pending(self.id)

    def marked(self, answer_id: int, mark: Mark) -> Card:
        """Keep a mark, and what it shows of the learner; the same mark again changes nothing."""
        answer = self._store.answers.get(answer_id)
        with self._store.database.write():
            first = self._store.marks.current(answer_id) is None
            if self._store.marks.add(answer_id, mark) and first:
                question = self._questions[answer.item_id]
                hints = self._rungs(answer.item_id)
                keep_progress(self._store, question, answer, mark, hints=hints)
        return card_of(self._store.answers.item(answer_id), mark, self.band)

    def hint(self) -> Hint | None:
        """Note the next hint for this question, and return it; ``None`` at the end of the ladder.

        The solution comes after a try, not instead of one.
        """
        item_id = self._asked[-1]
        rung = self._rungs(item_id)
        hints = self._ladder(item_id)
        if rung >= len(hints):
            return None
        self._store.sessions.use_hint(self.id, item_id, rung, hints[rung].whole)
        return hints[rung]

    def next(self) -> bool:
        """Go to the next question; false if this was the last."""
        if len(self._asked) >= self.total:
            return False
        asked, done = set(self._asked), right_items(self._store, self._learner.id)
        questions = [
            Question(one.item_id, one.skill, one.item_id in done)
            for one in self._questions.values()
            if one.item_id not in asked
        ]
        due = due_first(
            self._store.progress.schedule(self._learner.id), self._store.database.clock()
        )
        last = self._questions[self._asked[-1]].skill if self._asked else ""
        known = known_skills(self._store, self._learner.id)
        chosen = choose(questions, known, due, last)
        if chosen is None:
            return False
        self._asked.append(chosen.item_id)
        self._store.sessions.reorder(self.id, self._asked)
        return True

    def end(self) -> Farewell:
        """End the session and return what was practised; ending it again changes nothing."""
        self._store.sessions.end(self.id)
        return farewell(
            self._store, self._learner.id, [self._questions[one] for one in self._asked], self.id
        )

    def _card(self, answer: Answer) -> Card | None:
        found = self._store.marks.current(answer.id)
        item = self._store.answers.item(answer.id)
        return card_of(item, found.mark, self.band) if found else None

    def _ladder(self, item_id: int) -> tuple[Hint, ...]:
        item, mark = self._last(item_id)
        hints = ladder(item, mark, self.band)
        return hints if mark else tuple(one for one in hints if one.rung < Rung.SOLUTION)

    def _last(self, item_id: int) -> tuple[Item, Mark | None]:
        """Return the question with its latest marked answer, and that mark."""
        answers = self._store.answers.of_session(self.id)
        mine = [one for one in answers if one.item_id == item_id and one.mark_id]
        if not mine:
            return self._questions[item_id].item, None
        found = self._store.marks.current(mine[-1].id)
        return self._store.answers.item(mine[-1].id), found.mark if found else None

    def _rungs(self, item_id: int) -> int:
        hints = self._store.sessions.hints(self.id, item_id)
        return max((one.rung + 1 for one in hints), default=int(Rung.NUDGE))

    def _trail(self, answers: list[Answer]) -> tuple[Spot, ...]:
        marks = {one.answer_id: one.mark for one in self._store.marks.of_session(self.id)}
        latest = {one.item_id: one for one in answers}
        spots = [
            spot_of(latest.get(item_id), _verdict(marks, latest.get(item_id)))
            for item_id in self._asked
        ]
        return (*spots, *([Spot.AHEAD] * (self.total - len(spots))))


def check_answer(text: str) -> None:
    """Raise ``NoAnswerError`` or ``TooLongError`` if a text cannot be taken as an answer."""
    if not text.strip():
        raise NoAnswerError(
            _("There is nothing to check yet."), _("Write something first; a guess is fine.")
        )
    if len(text) > MAX_ANSWER_CHARS:
        raise TooLongError(
            _("This is longer than I can read: {count} characters.").format(count=f"{len(text):,}"),
            _("It is still here. Keep what belongs to your answer and take out the rest."),
        )


def _verdict(marks: dict[int, Mark], answer: Answer | None) -> Verdict | None:
    mark = marks.get(answer.id) if answer else None
    return mark.verdict if mark else None
