"""A session over the store: nothing lost, nothing twice, and it goes on where it was."""

from pathlib import Path
from typing import NoReturn

import pytest

from runtime.errors import BadInputError
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.records.store import Store, StoreFullError
from runtime.records.store.rows import Learner, QuestionSet
from runtime.study.hints import Rung
from runtime.study.overview import overview
from runtime.study.refusals import MOST_CHARS, MOST_LINES, NoAnswerError, TooLongError, too_much
from runtime.study.session import LENGTH, StudySession
from runtime.study.turn import Spot
from tests.runtime.study import classroom
from tests.runtime.study.classroom import RIGHT, WRONG, mark
from tests.runtime.study.conftest import SetClock


@pytest.fixture
def session(store: Store, mia: Learner, week: QuestionSet) -> StudySession:
    return StudySession.start(store, mia, week.id)


def answer(session: StudySession, text: str, given: object = RIGHT) -> None:
    kept = session.submit(text)
    session.marked(kept.answer_id, given)  # type: ignore[arg-type]


def test_an_answer_is_kept_before_it_is_marked(session: StudySession, store: Store) -> None:
    kept = session.submit("3/4 + 5/6 = 8/10")
    assert store.answers.get(kept.answer_id).text == "3/4 + 5/6 = 8/10"
    assert kept.item.answer == "3/4 + 5/6 = 8/10"
    assert kept.item.reference == "19/12"
    assert session.turn().waiting
    assert [one.answer_id for one in session.waiting()] == [kept.answer_id]


def test_a_mark_counts_once_however_often_it_comes(
    session: StudySession, store: Store, mia: Learner
) -> None:
    kept = session.submit("8/10")
    first = session.marked(kept.answer_id, WRONG)
    again = session.marked(kept.answer_id, WRONG)
    [skill] = store.progress.mastery(mia.id)
    assert first == again
    assert (skill.skill, skill.tries, skill.correct) == ("math:fractions", 1, 0)
    assert len(store.marks.history(kept.answer_id)) == 1


def test_another_models_mark_counts_in_the_place_of_the_first(
    session: StudySession, store: Store, mia: Learner
) -> None:
    kept = session.submit("8/10")
    session.marked(kept.answer_id, WRONG)
    session.marked(kept.answer_id, mark(Verdict.CORRECT, model="other"))
    [skill] = store.progress.mastery(mia.id)
    assert (skill.tries, skill.correct) == (1, 1)
    assert store.progress.schedule(mia.id) == []


def test_a_mark_and_what_it_changes_are_kept_together_or_not_at_all(
    session: StudySession, store: Store, mia: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object, **_named: object) -> NoReturn:
        raise KeyboardInterrupt

    kept = session.submit("8/10")
    monkeypatch.setattr(store.progress, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        session.marked(kept.answer_id, WRONG)
    monkeypatch.undo()
    assert store.marks.current(kept.answer_id) is None
    assert store.progress.mastery(mia.id) == []
    session.marked(kept.answer_id, WRONG)
    assert len(store.progress.schedule(mia.id)) == 1


def test_hints_are_recorded_and_the_solution_comes_after_a_try(
    session: StudySession, store: Store
) -> None:
    before = [session.hint() for _ in range(4)]
    assert [one.rung if one else None for one in before] == [0, 1, 2, None]
    answer(session, "8/10", WRONG)
    last = session.hint()
    assert last is not None
    assert last.rung is Rung.SOLUTION
    assert session.hint() is None
    assert [one.rung for one in store.sessions.hints(session.id)] == [0, 1, 2, 3]
    assert session.turn().hints[-1] == last.whole
    assert session.turn().more_hints == 0


def test_trying_again_is_another_attempt_and_never_lowers_what_is_known(
    session: StudySession, store: Store, mia: Learner
) -> None:
    answer(session, "8/10", WRONG)
    [after_one] = store.progress.mastery(mia.id)
    answer(session, "9/10", WRONG)
    [after_two] = store.progress.mastery(mia.id)
    answer(session, "19/12", RIGHT)
    [after_three] = store.progress.mastery(mia.id)
    assert after_two.known >= after_one.known
    assert after_three.known > after_two.known
    assert session.turn().tries == 3


def test_what_was_missed_comes_back_and_what_was_right_does_not(
    session: StudySession, store: Store, mia: Learner, clock: SetClock
) -> None:
    answer(session, "8/10", WRONG)
    answer(session, "19/12", RIGHT)
    session.next()
    answer(session, "x = 5", RIGHT)
    [review] = store.progress.schedule(mia.id)
    assert store.progress.due(mia.id) == []
    clock.turn(days=1)
    assert [one.item_id for one in store.progress.due(mia.id)] == [review.item_id]


def test_a_right_answer_after_hints_comes_back_too(
    session: StudySession, store: Store, mia: Learner
) -> None:
    session.hint()
    answer(session, "19/12", RIGHT)
    assert len(store.progress.schedule(mia.id)) == 1


def test_a_mark_that_nobody_is_sure_of_schedules_nothing(
    session: StudySession, store: Store, mia: Learner
) -> None:
    answer(session, "who knows", mark(Verdict.INCORRECT, confidence=0.4))
    assert store.progress.schedule(mia.id) == []


def test_what_is_left_to_the_teacher_changes_nothing(
    session: StudySession, store: Store, mia: Learner
) -> None:
    answer(session, "who knows", mark(Verdict.UNMARKED, confidence=0.0))
    assert store.progress.mastery(mia.id) == []
    assert session.turn().trail[0] is Spot.KEPT


def test_a_review_asks_what_is_due_also_from_a_set_that_is_gone(
    session: StudySession, store: Store, mia: Learner, week: QuestionSet, clock: SetClock
) -> None:
    answer(session, "8/10", WRONG)
    session.end()
    store.sets.archive(week.id)
    clock.turn(days=2)
    review = StudySession.review(store, mia)
    assert review.turn().item.question == classroom.FRACTIONS.question
    answer(review, "19/12", RIGHT)
    [waits] = store.progress.schedule(mia.id)
    assert waits.days == 2


def test_a_clock_that_was_set_back_keeps_the_order_of_answers(
    session: StudySession, store: Store, mia: Learner, clock: SetClock
) -> None:
    answer(session, "8/10", WRONG)
    clock.turn(days=-400)
    answer(session, "19/12", RIGHT)
    assert session.turn().draft == "19/12"
    assert session.turn().trail[0] is Spot.RIGHT
    session.end()
    assert overview(store, mia).due == 1


def test_without_anything_due_there_is_no_review(
    store: Store, mia: Learner, week: QuestionSet
) -> None:
    with pytest.raises(BadInputError, match="Nothing is waiting"):
        StudySession.review(store, mia)


def test_a_killed_session_goes_on_where_it_was(tmp_path: Path, store: Store, mia: Learner) -> None:
    week = store.sets.add("Week 1", classroom.rows(*classroom.ALL))
    first = StudySession.start(store, mia, week.id)
    answer(first, "19/12")
    first.next()
    kept = first.submit("x = 6")
    second = StudySession.resume(store, mia)
    assert second is not None
    turn = second.turn()
    assert (turn.number, turn.draft, turn.waiting) == (2, "x = 6", True)
    assert turn.trail[:2] == (Spot.RIGHT, Spot.KEPT)
    [pending] = second.waiting()
    second.marked(pending.answer_id, WRONG)
    assert pending.answer_id == kept.answer_id
    assert second.turn().trail[1] is Spot.AGAIN


def test_answers_that_wait_in_an_ended_session_are_found(
    session: StudySession, store: Store, mia: Learner
) -> None:
    session.submit("8/10")
    session.end()
    [found] = StudySession.with_unmarked(store, mia)
    found.marked(found.waiting()[0].answer_id, WRONG)
    assert StudySession.with_unmarked(store, mia) == []
    assert StudySession.resume(store, mia) is None


def test_starting_anew_ends_what_was_open(
    session: StudySession, store: Store, mia: Learner, week: QuestionSet
) -> None:
    StudySession.start(store, mia, week.id)
    assert store.sessions.get(session.id).ended is not None


def test_every_question_is_asked_once_and_then_it_ends(session: StudySession) -> None:
    asked = [session.turn().item.question]
    while session.next():
        asked.append(session.turn().item.question)
    assert sorted(asked) == sorted(one.question for one in classroom.ALL)
    assert session.turn().number == session.total == len(classroom.ALL)


def test_a_long_set_is_asked_in_parts_and_the_next_part_is_new(store: Store, mia: Learner) -> None:
    sums = [
        Item(
            id=str(at),
            task=Task.MATH,
            question=f"What is {at} + 1?",
            reference=str(at + 1),
        )
        for at in range(15)
    ]
    long_set = store.sets.add("Sums", classroom.rows(*sums, skill="adding"))
    seen: list[str] = []
    for _ in range(2):
        session = StudySession.start(store, mia, long_set.id)
        assert session.total == LENGTH
        more = True
        while more:
            seen.append(session.turn().item.question)
            answer(session, "right", RIGHT)
            more = session.next()
        session.end()
    assert len(set(seen)) == 15
    assert seen.index("What is 10 + 1?") == LENGTH


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_nothing_is_no_answer(session: StudySession, text: str) -> None:
    with pytest.raises(NoAnswerError):
        session.submit(text)
    assert session.turn().tries == 0


def test_a_book_is_refused_and_nothing_of_it_is_kept(session: StudySession) -> None:
    with pytest.raises(TooLongError, match="20,001"):
        session.submit("a" * (MOST_CHARS + 1))
    with pytest.raises(TooLongError, match="lines than I can read: 1,001"):
        session.submit("a" + "\n" * MOST_LINES)
    assert session.turn().tries == 0


def test_a_full_disk_is_said_and_keeps_nothing(
    session: StudySession, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> NoReturn:
        raise StoreFullError("The disk is full.", "Make room.")

    monkeypatch.setattr(store.database, "write", full)
    with pytest.raises(StoreFullError):
        session.submit("19/12")
    monkeypatch.undo()
    assert session.turn().tries == 0


def test_the_end_says_what_was_practised_and_what_comes_back(session: StudySession) -> None:
    answer(session, "8/10", WRONG)
    answer(session, "19/12", RIGHT)
    session.next()
    answer(session, "x = 6", WRONG)
    session.next()
    session.submit("70")
    found = session.end()
    assert (found.answered, found.helped, found.waiting) == (3, 1, 1)
    assert found.again == (classroom.FRACTIONS.question, classroom.EQUATION.question)
    assert [one.skill for one in found.practised] == [
        "math:fractions",
        "math:equations",
        "math:percent",
    ]
    assert session.end() == found


def test_the_own_page_shows_sets_days_and_what_is_due(
    session: StudySession, store: Store, mia: Learner, clock: SetClock
) -> None:
    answer(session, "19/12", RIGHT)
    clock.turn(days=1)
    session.next()
    answer(session, "x = 6", WRONG)
    clock.turn(days=3)
    found = overview(store, mia)
    [week] = found.sets
    assert (week.name, week.items, week.right) == ("Week 1", 5, 1)
    assert (found.days, found.due, found.unfinished) == (2, 1, "Week 1")
    assert {one.skill for one in found.skills} == {"math:fractions", "math:equations"}
    session.end()
    assert overview(store, mia).unfinished is None
    clock.turn(days=40)
    assert overview(store, mia).days == 0


@pytest.mark.parametrize("text", ["\u5b66" * 10_001, "a\t" * 4_001])
def test_what_is_wide_counts_as_much_as_it_takes_to_draw(text: str) -> None:
    assert too_much(text)
    assert not too_much(text[:-10])
