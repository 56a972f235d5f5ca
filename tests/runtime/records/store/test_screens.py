"""What screens show, from a class of three with one question."""

import pytest

from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.rows import SessionKind
from tests.runtime.records.store.conftest import SetClock
from tests.runtime.records.store.making import answered, mark, questions


@pytest.fixture
def filled(store: Store) -> Store:
    class_ = store.classes.add("4b")
    given = (
        ("Mia", "1", mark(Verdict.CORRECT, confidence=0.99)),
        ("Leo", "2", mark(confidence=0.6, needs_review=True, misconception="counts-on")),
        ("Zoe", "3", mark(confidence=0.4, needs_review=True, misconception="counts-on")),
    )
    for nickname, text, given_mark in given:
        learner = store.learners.add(nickname, "owl")
        store.classes.join(class_.id, learner.id)
        store.marks.add(answered(store, learner, text, class_.id).id, given_mark)
    answered(store, store.learners.named("Zoe"), "waits", class_.id)
    return store


def test_learners_with_their_counts(filled: Store) -> None:
    filled.learners.add("Ann", "fox")
    lines = {
        one.nickname: (one.answers, one.correct, one.to_review) for one in filled.screens.learners()
    }
    assert list(lines) == ["Ann", "Leo", "Mia", "Zoe"]
    assert lines == {"Ann": (0, 0, 0), "Leo": (1, 0, 1), "Mia": (1, 1, 0), "Zoe": (2, 0, 1)}
    assert {one.nickname for one in filled.screens.learners(class_id=1)} == {"Leo", "Mia", "Zoe"}


def test_what_needs_review_comes_first(filled: Store) -> None:
    lines = filled.screens.results(class_id=1)
    assert [(one.nickname, one.text) for one in lines] == [
        *(("Zoe", "3"), ("Leo", "2"), ("Zoe", "waits"), ("Mia", "1")),
    ]
    assert [one.verdict for one in lines][2] is None
    assert filled.screens.results(class_id=1, limit=1, offset=1) == lines[1:2]
    assert filled.screens.results(class_id=2) == []


def test_results_can_be_narrowed(filled: Store) -> None:
    zoe = filled.learners.named("Zoe")
    found = filled.screens.results(learner_id=zoe.id, class_id=1)
    assert {one.text for one in found} == {"3", "waits"}
    session = filled.sessions.of_learner(zoe.id)[0]
    assert [one.text for one in filled.screens.results(session_id=session.id)] == ["waits"]


def test_item_analysis_counts_the_teachers_word(filled: Store) -> None:
    leo = filled.screens.results(learner_id=filled.learners.named("Leo").id)[0]
    filled.overrides.change(leo.answer_id, Verdict.PARTIAL, 0.5, who="desk")
    (line,) = filled.screens.items(class_id=1)
    counts = (line.answers, line.correct, line.partial, line.incorrect, line.unmarked)
    assert counts == (4, 1, 1, 1, 1)
    assert (line.to_review, line.mean_share) == (1, 0.5)


def test_misconceptions_are_counted_by_learners(filled: Store) -> None:
    (line,) = filled.screens.misconceptions(class_id=1)
    assert (line.misconception, line.answers, line.learners) == ("counts-on", 2, 2)
    assert filled.screens.misconceptions(class_id=2) == []


def test_sessions_say_how_far_their_marking_is(filled: Store) -> None:
    set_id = filled.sets.all()[0].id
    given = filled.sessions.start(kind=SessionKind.DESK, class_id=1, set_id=set_id)
    (item, *_rest) = filled.sets.items(set_id)
    for text in ("1", "2"):
        answer = filled.answers.add(given.id, item.item_id, text)
    filled.marks.add(answer.id, mark(needs_review=True))
    (found,) = filled.screens.sessions(1)
    assert (found.id, found.set_name) == (given.id, "Sums")
    assert (found.answers, found.pending, found.to_review) == (2, 1, 1)


def test_what_learners_study_counts_for_the_class_and_is_no_set_it_was_given(
    filled: Store,
) -> None:
    assert filled.screens.sessions(1) == []
    work = filled.classes.work()[1]
    assert (work.sets, work.pending, work.to_review) == (0, 0, 2)
    assert len(filled.screens.results(class_id=1)) == 4


def test_days_count_up_for_streaks(store: Store, clock: SetClock) -> None:
    questions(store)
    mia = store.learners.add("Mia", "owl")
    for days in (0, 1, 2):
        clock.turn(days=days)
        kept = answered(store, mia, "1")
    store.marks.add(kept.id, mark(Verdict.CORRECT))
    lines = store.screens.days(mia.id)
    assert [(one.answers, one.correct) for one in lines] == [(1, 1), (1, 0), (1, 0)]
    assert sorted((one.day for one in lines), reverse=True) == [one.day for one in lines]
