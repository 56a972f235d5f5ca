"""Sessions, answers, marks, overrides, hints and progress."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.marking.item import MAX_ANSWER_CHARS
from runtime.marking.mark import Verdict
from runtime.records.rows import item_digest
from runtime.records.store import SessionKind, Store
from runtime.records.store.rows import Answer
from tests.runtime.records.store.conftest import SetClock
from tests.runtime.records.store.making import answered, mark, questions


@pytest.fixture
def answer(store: Store) -> Answer:
    return answered(store, store.learners.add("Mia", "owl"), "7")


@given(text=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_what_was_written_is_kept_exactly(store: Store, text: str) -> None:
    item_id = store.sets.items((store.sets.all() or [questions(store)])[0].id)[0].item_id
    session = store.sessions.start()
    kept = store.answers.add(session.id, item_id, text, steps=[text, ""])
    found = store.answers.get(kept.id)
    assert (found.text, found.steps) == (text, (text, ""))


@pytest.mark.parametrize(
    "text", ["\x1b[31mred\x1b[0m", "\u202eabc\u202c", "a\0b", "a\r\nb", "x" * 1_000_000]
)
def test_no_paste_is_changed(store: Store, text: str) -> None:
    kept = answered(store, store.learners.add("Mia", "owl"), text)
    assert store.answers.get(kept.id).text == text


@pytest.mark.parametrize("text", ["\ud800", "x" * 5_000_001])
def test_what_is_no_text_is_refused_in_words(store: Store, text: str) -> None:
    mia = store.learners.add("Mia", "owl")
    with pytest.raises(BadInputError, match="answer"):
        answered(store, mia, text)
    assert store.answers.count_pending() == 0


def test_attempts_count_up(store: Store, answer: Answer) -> None:
    again = store.answers.add(answer.session_id, answer.item_id, "8", learner_id=answer.learner_id)
    assert (answer.attempt, again.attempt) == (1, 2)
    assert store.answers.of_session(answer.session_id) == [answer, again]


def test_a_clock_set_back_does_not_reorder(store: Store, clock: SetClock, answer: Answer) -> None:
    clock.turn(days=-400)
    again = store.answers.add(answer.session_id, answer.item_id, "8")
    assert again.at < answer.at
    assert [one.id for one in store.answers.of_session(answer.session_id)] == [answer.id, again.id]


def test_what_waits_for_a_mark_is_a_whole_item(store: Store, answer: Answer) -> None:
    (waiting,) = store.answers.pending()
    item = waiting.row.item
    assert item is not None
    assert (item.id, item.answer, item.question) == (answer.row_id, "7", "0 + 1?")
    assert waiting.row.digest == item_digest(item)
    assert item == store.answers.item(answer.id)


def test_an_answer_far_too_long_waits_with_the_reason(store: Store) -> None:
    answered(store, store.learners.add("Mia", "owl"), "x" * (MAX_ANSWER_CHARS + 1))
    (waiting,) = store.answers.pending()
    assert waiting.row.item is None
    assert "100,001" in waiting.row.unmarked().reasons[0]


def test_pending_goes_on_behind_an_answer(store: Store, answer: Answer) -> None:
    later = answered(store, store.learners.add("Leo", "fox"), "8")
    assert [one.answer_id for one in store.answers.pending(limit=1)] == [answer.id]
    assert [one.answer_id for one in store.answers.pending(after=answer.id)] == [later.id]
    assert [one.answer_id for one in store.answers.pending(later.session_id)] == [later.id]
    assert store.answers.count_pending() == 2
    assert store.answers.count_pending(later.session_id) == 1


def test_a_mark_is_given_once(store: Store, answer: Answer) -> None:
    assert store.marks.add(answer.id, mark())
    assert not store.marks.add(answer.id, mark())
    assert store.answers.count_pending() == 0
    (kept,) = store.marks.history(answer.id)
    assert kept.mark == mark()
    assert store.marks.current(answer.id) == kept


def test_another_provenance_gives_another_mark(store: Store, answer: Answer) -> None:
    store.marks.add(answer.id, mark())
    assert store.marks.add(answer.id, mark(Verdict.CORRECT, made_by="recalibrated"))
    current = store.marks.current(answer.id)
    assert current is not None
    assert current.mark.verdict is Verdict.CORRECT
    assert len(store.marks.history(answer.id)) == 2
    assert [one.id for one in store.marks.of_session(answer.session_id)] == [current.id]


def test_an_earlier_mark_given_again_counts_again(store: Store, answer: Answer) -> None:
    store.marks.add(answer.id, mark())
    store.marks.add(answer.id, mark(Verdict.CORRECT, made_by="other"))
    assert not store.marks.add(answer.id, mark())
    current = store.marks.current(answer.id)
    assert current is not None
    assert current.mark.verdict is Verdict.INCORRECT


def test_marks_come_all_or_none(store: Store, answer: Answer) -> None:
    broken = mark(made_by="\ud800")
    with pytest.raises(UnicodeEncodeError):
        store.marks.add_many([(answer.id, mark()), (answer.id, broken)])
    assert store.marks.history(answer.id) == []


def test_a_mark_for_an_answer_that_is_gone_is_passed_over(store: Store, answer: Answer) -> None:
    assert store.marks.add_many([(answer.id + 1, mark()), (answer.id, mark())]) == 1


def test_the_teachers_word_counts_until_it_is_taken_back(store: Store, answer: Answer) -> None:
    store.marks.add(answer.id, mark(needs_review=True))
    store.overrides.change(answer.id, Verdict.PARTIAL, 0.5, who="desk", comment="Unit?")
    store.overrides.change(answer.id, Verdict.CORRECT, 1.0, who="desk")
    verdicts = []
    for _ in range(3):
        (line,) = store.screens.results()
        verdicts.append((line.verdict, line.score, line.needs_review, line.overridden))
        store.overrides.undo(answer.id)
    assert verdicts == [
        (Verdict.CORRECT, 1.0, False, True),
        (Verdict.PARTIAL, 0.5, False, True),
        (Verdict.INCORRECT, 0.0, True, False),
    ]
    assert store.overrides.undo(answer.id) is None
    assert [one.undone is not None for one in store.overrides.history(answer.id)] == [True, True]


def test_accepting_confirms_the_mark(store: Store, answer: Answer) -> None:
    with pytest.raises(BadInputError, match="no mark"):
        store.overrides.accept(answer.id, who="desk")
    store.marks.add(answer.id, mark(needs_review=True))
    accepted = store.overrides.accept(answer.id, who="desk")
    assert (accepted.verdict, accepted.score) == (Verdict.INCORRECT, 0.0)
    assert store.overrides.current(answer.id) == accepted
    assert not store.screens.results()[0].needs_review


def test_a_session_begins_and_ends(store: Store, clock: SetClock) -> None:
    mia = store.learners.add("Mia", "owl")
    session = store.sessions.start(learner_id=mia.id, item_order=[3, 1])
    assert store.sessions.unfinished(mia.id) == session
    store.sessions.reorder(session.id, [1, 3])
    clock.turn(minutes=5)
    for _ in range(2):
        store.sessions.end(session.id)
        clock.turn(minutes=5)
    ended = store.sessions.get(session.id)
    assert ended.item_order == (1, 3)
    assert ended.ended == session.started + timedelta(minutes=5)
    assert store.sessions.unfinished(mia.id) is None
    assert store.sessions.of_learner(mia.id) == [ended]


def test_hints_are_noted(store: Store, answer: Answer) -> None:
    for rung, text in enumerate(("Look again.", "Look at line 1.")):
        store.sessions.use_hint(answer.session_id, answer.item_id, rung, text)
    assert [one.rung for one in store.sessions.hints(answer.session_id)] == [0, 1]
    assert store.sessions.hints(answer.session_id, answer.item_id + 1) == []


def test_a_hint_knows_after_how_many_tries_it_was_shown(
    store: Store, answer: Answer, clock: SetClock
) -> None:
    progress, learner_id = store.progress, answer.learner_id or 0
    store.sessions.use_hint(answer.session_id, answer.item_id, 0, "Look again.")
    # A clock that is set back does not turn the order round.
    clock.turn(minutes=-5)
    again = store.answers.add(answer.session_id, answer.item_id, "8", learner_id=learner_id)
    store.marks.add(answer.id, mark())
    store.marks.add(again.id, mark())
    assert [one.hints for one in progress.tries(learner_id)] == [0, 1]


def test_what_counts_of_a_try_is_the_teachers_word(store: Store, answer: Answer) -> None:
    learner_id = answer.learner_id or 0
    assert store.progress.tries(learner_id) == []
    store.marks.add(answer.id, mark())
    (before,) = store.progress.tries(learner_id)
    store.overrides.change(answer.id, Verdict.CORRECT, 1.0, who="desk")
    (after,) = store.progress.tries(learner_id)
    assert (before.verdict, after.verdict) == (Verdict.INCORRECT, Verdict.CORRECT)
    assert after.confidence == 1.0
    assert store.progress.right_items(learner_id) == {answer.item_id}
    store.overrides.undo(answer.id)
    assert store.progress.tries(learner_id) == [before]
    assert store.sessions.verdicts(answer.session_id) == {answer.id: Verdict.INCORRECT}


def test_one_studies_in_the_one_class_one_is_in(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    assert store.sessions.class_for(mia.id, 1) is None
    one, other = store.classes.add("4a"), store.classes.add("4b")
    store.classes.join(one.id, mia.id)
    assert store.sessions.class_for(mia.id, None) == one.id
    store.classes.join(other.id, mia.id)
    assert store.sessions.class_for(mia.id, None) is None


def test_of_several_classes_it_is_the_one_that_was_given_the_set(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    one, other, strange = (store.classes.add(name) for name in ("4a", "4b", "5c"))
    for class_ in (one, other):
        store.classes.join(class_.id, mia.id)
    week = questions(store)
    for class_ in (other, strange):
        store.sessions.start(kind=SessionKind.DESK, class_id=class_.id, set_id=week.id)
    assert store.sessions.class_for(mia.id, week.id) == other.id
    assert store.sessions.class_for(mia.id, week.id + 1) is None


def test_mastery_keeps_the_last_numbers(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    for known, tries in ((0.4, 1), (0.62, 2)):
        store.progress.learned(mia.id, "fractions", known=known, tries=tries, correct=1)
    (found,) = store.progress.mastery(mia.id)
    assert (found.known, found.tries, found.correct) == (0.62, 2, 1)


def test_reviews_come_when_they_are_due(store: Store, clock: SetClock, answer: Answer) -> None:
    mia = answer.learner_id or 0
    tomorrow = clock.now + timedelta(days=1)
    store.progress.review(mia, answer.item_id, due=tomorrow, days=1.0, lapses=1)
    assert store.progress.due(mia) == []
    clock.turn(days=1)
    (due,) = store.progress.due(mia)
    assert (due.item_id, due.due, due.lapses) == (answer.item_id, tomorrow, 1)
    assert store.progress.schedule(mia) == [due]
    store.progress.keep(mia, [], [])
    assert store.progress.schedule(mia) == []
