"""What is known and what comes back follows from the answers as they count now."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.marking.mark import Verdict
from runtime.records.store import Store, retention
from runtime.records.store.rows import Learner, Mastery, QuestionSet, Review
from runtime.study.knowledge import refresh
from runtime.study.mastery import PARAMETERS, after, credit
from runtime.study.schedule import next_review
from runtime.study.session import StudySession
from runtime.study.turn import Spot
from tests.runtime.study import classroom
from tests.runtime.study.classroom import RIGHT, WRONG, mark
from tests.runtime.study.conftest import SetClock

State = tuple[list[Mastery], list[Review]]
Doing = tuple[str, Verdict, float]
"""What a learner does, and what the marker says if it is an answer."""

DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "hint", "next", "another day"]),
        st.sampled_from(Verdict),
        st.sampled_from([0.3, 0.7, 0.99]),
    ),
    min_size=3,
    max_size=25,
)


def state(store: Store, learner: Learner) -> State:
    return store.progress.mastery(learner.id), store.progress.schedule(learner.id)


class Adding:
    """Adds up what each answer shows the moment it is marked: the other way to the same end."""

    def __init__(self, skills: dict[int, str], clock: SetClock) -> None:
        self._skills, self._clock = skills, clock
        self.known: dict[str, tuple[float, int, int]] = {}
        self.reviews: dict[int, Review] = {}

    def add(self, item_id: int, doing: Doing, hints: int, attempt: int) -> None:
        skill, (_, verdict, confidence) = self._skills[item_id], doing
        if verdict is Verdict.UNMARKED:
            return
        known, tries, correct = self.known.get(skill, (PARAMETERS.start, 0, 0))
        new = after(known, credit(verdict, confidence, hints, attempt))
        right = verdict is Verdict.CORRECT
        self.known[skill] = (new if attempt == 1 else max(known, new), tries + 1, correct + right)
        if attempt == 1 and ((right and not hints) or confidence >= 0.5):
            due = next_review(
                self.reviews.get(item_id), right=right and not hints, now=self._clock.now
            )
            self.reviews.pop(item_id, None)
            if due:
                self.reviews[item_id] = Review(item_id=item_id, **due._asdict())


def study(
    store: Store, learner: Learner, set_id: int, doings: Sequence[Doing], clock: SetClock
) -> Adding:
    """Let a learner study, and add up beside it."""
    added = Adding({one.item_id: one.skill for one in store.sets.items(set_id)}, clock)
    session = StudySession.start(store, learner, set_id)
    for doing in doings:
        clock.turn(days=1 / 24)
        if doing[0] == "answer":
            hints, attempt = len(session.turn().hints), session.turn().tries + 1
            kept = session.submit("an answer")
            session.marked(kept.answer_id, mark(doing[1], confidence=doing[2]))
            added.add(kept.item_id, doing, hints, attempt)
        elif doing[0] == "hint":
            session.hint()
        elif doing[0] == "another day" or not session.next():
            clock.turn(days=1)
            session = StudySession.start(store, learner, set_id)
    return added


@settings(max_examples=15, deadline=None)
@given(doings=DOINGS)
def test_going_through_all_answers_comes_to_the_same_as_adding_them_up(doings: list[Doing]) -> None:
    clock = SetClock()
    with TemporaryDirectory() as folder, Store.open(Path(folder), clock=clock) as store:
        mia = store.learners.add("Mia", "owl")
        week = store.sets.add("Week 1", classroom.rows(*classroom.ALL, skill="all of it"))
        added = study(store, mia, week.id, doings, clock)
        skills, reviews = state(store, mia)
        assert {one.skill: (one.known, one.tries, one.correct) for one in skills} == added.known
        assert {one.item_id: one for one in reviews} == added.reviews


@settings(max_examples=15, deadline=None)
@given(
    doings=DOINGS,
    given_=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(Verdict)), min_size=1),
)
def test_overrides_and_their_undoing_come_to_the_same_as_before(
    doings: list[Doing], given_: list[tuple[int, Verdict]]
) -> None:
    clock = SetClock()
    with TemporaryDirectory() as folder, Store.open(Path(folder), clock=clock) as store:
        mia = store.learners.add("Mia", "owl")
        week = store.sets.add("Week 1", classroom.rows(*classroom.ALL, skill="all of it"))
        study(store, mia, week.id, doings, clock)
        before = state(store, mia)
        answers = [one.answer_id for one in store.progress.tries(mia.id)]
        chosen = [(answers[at % len(answers)], verdict) for at, verdict in given_ if answers]
        for answer_id, verdict in chosen:
            store.overrides.change(answer_id, verdict, None, who="desk")
        refresh(store, mia.id)
        for answer_id, _ in chosen:
            store.overrides.undo(answer_id)
        refresh(store, mia.id)
        assert state(store, mia) == before


@pytest.fixture
def session(store: Store, mia: Learner, week: QuestionSet) -> StudySession:
    return StudySession.start(store, mia, week.id)


def answer(session: StudySession, text: str, given: object = RIGHT) -> int:
    kept = session.submit(text)
    session.marked(kept.answer_id, given)  # type: ignore[arg-type]
    return kept.answer_id


def test_what_a_teacher_calls_right_is_known_and_does_not_come_back(
    session: StudySession, store: Store, mia: Learner, week: QuestionSet
) -> None:
    answer_id = answer(session, "8/10", WRONG)
    low = store.progress.mastery(mia.id)[0].known
    store.overrides.change(answer_id, Verdict.CORRECT, 1.0, who="desk")
    StudySession.resume(store, mia)
    [skill], reviews = state(store, mia)
    assert skill.known > low
    assert skill.correct == 1
    assert reviews == []
    assert session.turn().trail[0] is Spot.RIGHT
    card = session.turn().card
    assert card is not None
    assert card.note == "Your teacher has looked at your answer."
    assert card.verdict is Verdict.CORRECT
    assert session.end().again == ()


def test_what_a_teacher_calls_wrong_comes_back(
    session: StudySession, store: Store, mia: Learner, clock: SetClock
) -> None:
    answer_id = answer(session, "8/10", mark(Verdict.UNMARKED, confidence=0.0))
    assert state(store, mia) == ([], [])
    store.overrides.change(answer_id, Verdict.INCORRECT, 0.0, who="desk", comment="Look again.")
    session.end()
    clock.turn(days=2)
    review = StudySession.review(store, mia)
    assert review.turn().item.question == classroom.FRACTIONS.question


def test_an_override_of_another_day_counts_from_the_day_of_the_answer(
    session: StudySession, store: Store, mia: Learner, clock: SetClock
) -> None:
    answer_id = answer(session, "19/12", RIGHT)
    answered_at = clock.now
    clock.turn(days=5)
    store.overrides.change(answer_id, Verdict.INCORRECT, 0.0, who="desk")
    assert refresh(store, mia.id)
    [review] = store.progress.schedule(mia.id)
    assert review.due == answered_at + timedelta(days=1)


def test_nothing_is_written_where_nothing_has_changed(
    session: StudySession, store: Store, mia: Learner
) -> None:
    answer(session, "8/10", WRONG)
    assert not refresh(store, mia.id)


def test_a_hint_taken_after_an_answer_takes_nothing_from_it(
    session: StudySession, store: Store, mia: Learner
) -> None:
    answer(session, "19/12", RIGHT)
    before = state(store, mia)
    session.hint()
    refresh(store, mia.id)
    assert state(store, mia) == before


def test_the_period_of_a_class_reaches_what_its_learners_study(
    store: Store, mia: Learner, week: QuestionSet, clock: SetClock
) -> None:
    class_ = store.classes.add("4b", retention_days=30)
    store.classes.join(class_.id, mia.id)
    session = StudySession.start(store, mia, week.id)
    answer(session, "8/10", mark(Verdict.INCORRECT, confidence=0.6))
    assert store.sessions.get(session.id).class_id == class_.id
    assert store.screens.items(class_id=class_.id)[0].to_review == 1
    # Another class, joined later, does not keep what was done in this one.
    store.classes.join(store.classes.add("5a").id, mia.id)
    clock.turn(days=31)
    assert retention.purge(store).rows["answers"] == 1
    refresh(store, mia.id)
    assert state(store, mia) == ([], [])
