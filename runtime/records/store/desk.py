"""The marking desk takes a class set in: its questions, its learners and what they wrote.

    with ClassSet.open("class.csv") as rows:
        taken = store.desk.take(rows, "Fractions, test 2", class_id)
    for waiting in store.answers.pending(taken.session.id): ...

Every row gives an answer or a problem; all answers are on the disk before the first is marked.
"""

from collections.abc import Iterable, Sequence

import msgspec

from runtime.marking.item import Item
from runtime.records.rows import Row
from runtime.records.store.answers import Answers
from runtime.records.store.classes import Classes
from runtime.records.store.database import Database
from runtime.records.store.learners import Learners
from runtime.records.store.question_sets import QuestionSets, keep_item
from runtime.records.store.rows import (
    AVATARS,
    AgeBand,
    Learner,
    QuestionSet,
    Session,
    SessionKind,
)
from runtime.records.store.sessions import Sessions
from runtime.records.store.texts import short_name

# School years 1 to 4 are taught to children of 6 to 9, 5 to 7 to those of 10 to 12.
_YOUNG_UNTIL, _MIDDLE_UNTIL = 4, 7


class Taken(msgspec.Struct, frozen=True):
    """What a class set came to; ``problems`` are its rows that are no items."""

    session: Session
    questions: QuestionSet
    answers: int
    new_learners: tuple[Learner, ...]
    problems: tuple[Row, ...]


class Desk:
    """Class sets on their way into the store."""

    def __init__(self, database: Database) -> None:
        """Keep them in ``database``."""
        self._database = database
        self._learners, self._classes = Learners(database), Classes(database)

    def take(
        self, rows: Iterable[Row], name: str, class_id: int | None = None, origin: str = ""
    ) -> Taken:
        """Keep a whole class set, or nothing of it.

        A learner is found by nickname in the class, else added to it. Raises ``BadInputError`` if
        no row can be used.
        """
        every = list(rows)
        with self._database.write():
            questions = QuestionSets(self._database).add(name, every, origin)
            session = Sessions(self._database).start(
                kind=SessionKind.DESK, class_id=class_id, set_id=questions.id
            )
            new: list[Learner] = []
            known = {one.nickname.casefold(): one for one in self._known(class_id)}
            items = [(row.item, row.id) for row in every if row.item]
            for item, row_id in items:
                learner = self._learner(item, class_id, known, new)
                self._answer(session, item, row_id, learner)
            problems = tuple(row for row in every if not row.item)
            return Taken(session, questions, len(items), tuple(new), problems)

    def _known(self, class_id: int | None) -> Sequence[Learner]:
        return self._learners.all(class_id) if class_id is not None else []

    def _learner(
        self, item: Item, class_id: int | None, known: dict[str, Learner], new: list[Learner]
    ) -> Learner | None:
        if not (item.learner or "").strip():
            return None
        nickname = short_name(item.learner or "", "name of the learner")
        found = known.get(nickname.casefold())
        if found is None:
            found = self._learners.add(nickname, self._avatar(nickname), _band(item), item.language)
            known[nickname.casefold()] = found
            new.append(found)
            if class_id is not None:
                self._classes.join(class_id, found.id)
        return found

    def _avatar(self, nickname: str) -> str:
        """Return an avatar no learner of this nickname has."""
        taken = {
            one.avatar for one in self._learners.all(archived=True) if one.nickname == nickname
        }
        start = sum(nickname.encode()) % len(AVATARS)
        order = AVATARS[start:] + AVATARS[:start]
        return next((avatar for avatar in order if avatar not in taken), AVATARS[start])

    def _answer(self, session: Session, item: Item, row_id: str, learner: Learner | None) -> None:
        with self._database.write() as connection:
            item_id = keep_item(connection, item)
        Answers(self._database).add(
            session.id,
            item_id,
            item.answer,
            steps=item.steps,
            learner_id=learner.id if learner else None,
            row_id=row_id,
        )


def _band(item: Item) -> AgeBand:
    if item.grade_level is None:
        return AgeBand.MIDDLE
    if item.grade_level <= _YOUNG_UNTIL:
        return AgeBand.YOUNG
    return AgeBand.MIDDLE if item.grade_level <= _MIDDLE_UNTIL else AgeBand.OLDER
