"""Question sets, and class sets on the marking desk."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.class_set import ClassSet
from runtime.records.store import AgeBand, SessionKind, Store
from tests.runtime.records.store.making import questions, row

_CSV = """\
id,task,question,reference,answer,learner,grade_level,skill
1,math,1 + 1?,2,2,Mia,2,adding
2,math,1 + 1?,2,=3,Leo,2,adding
3,math,2 + 2?,4,,mia,,
4,poem,1 + 1?,2,2,Leo,,
5,math,2 + 2?,4,4,Zoe,,
"""


@pytest.fixture
def class_set(tmp_path: Path) -> Path:
    path = tmp_path / "class.csv"
    path.write_text(_CSV, "utf-8")
    return path


def test_questions_are_kept_without_answers_and_once(store: Store) -> None:
    first = store.sets.add("One", [row(1, answer="my secret", learner="Mia"), row(1), row(2)])
    second = store.sets.add("Two", [row(2), row(1)])
    items = store.sets.items(first.id)
    assert [one.item.question for one in items] == ["1 + 1?", "2 + 1?"]
    assert {one.item.answer for one in items} == {""}
    assert {one.item_id for one in items} == {one.item_id for one in store.sets.items(second.id)}
    assert [one.name for one in store.sets.all()] == ["Two", "One"]


def test_the_set_stays_when_its_file_is_gone(store: Store, class_set: Path) -> None:
    with ClassSet.open(str(class_set)) as rows:
        kept = store.sets.add("Sums", rows, origin=class_set.name)
    class_set.unlink()
    assert [one.skill for one in store.sets.items(kept.id)] == ["adding", ""]
    assert store.sets.get(kept.id).origin == "class.csv"


def test_a_worked_solution_is_kept_with_its_question(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "week.jsonl"
    one = {"id": "1", "task": "math", "question": "1 + 1?", "reference": "2", "answer": ""}
    path.write_bytes(msgspec.json.encode(one | {"solution": "1 + 1\n= 2"}))
    with ClassSet.open(str(path)) as rows:
        kept = store.sets.add("Week", rows)
    assert [found.item.solution for found in store.sets.items(kept.id)] == ["1 + 1\n= 2"]


def test_a_set_without_questions_is_refused_and_not_kept(store: Store) -> None:
    with pytest.raises(BadInputError, match="no question"):
        store.sets.add("Empty", [])
    assert store.sets.all() == []


def test_an_archived_set_keeps_its_questions(store: Store) -> None:
    kept = questions(store)
    store.sets.archive(kept.id)
    assert store.sets.all() == []
    assert len(store.sets.items(kept.id)) == 2
    store.sets.archive(kept.id, archived=False)
    assert store.sets.all() == [kept]


def test_the_desk_takes_a_class_set(store: Store, class_set: Path) -> None:
    class_ = store.classes.add("4b")
    with ClassSet.open(str(class_set)) as rows:
        taken = store.desk.take(rows, "Test 1", class_.id, "class.csv")
    assert taken.session.kind is SessionKind.DESK
    assert (taken.answers, taken.questions.items) == (4, 2)
    assert [(one.line, one.id) for one in taken.problems] == [(5, "4")]
    assert {one.nickname: one.age_band for one in taken.new_learners} == {
        "Mia": AgeBand.YOUNG,
        "Leo": AgeBand.YOUNG,
        "Zoe": AgeBand.MIDDLE,
    }
    waiting = [one.row for one in store.answers.pending(taken.session.id)]
    assert [(one.id, one.item.answer if one.item else None) for one in waiting] == [
        *(("1", "2"), ("2", "=3"), ("3", ""), ("5", "4")),
    ]
    assert store.classes.named("4b").learners == 3


def test_a_second_class_set_finds_the_learners(store: Store, class_set: Path) -> None:
    class_ = store.classes.add("4b")
    for name in ("Test 1", "Test 2"):
        with ClassSet.open(str(class_set)) as rows:
            taken = store.desk.take(rows, name, class_.id)
    assert taken.new_learners == ()
    assert len(store.learners.all()) == 3
    with ClassSet.open(str(class_set)) as rows:
        other = store.desk.take(rows, "Test 1", store.classes.add("5a").id)
    assert {one.nickname for one in other.new_learners} == {"Mia", "Leo", "Zoe"}
    assert len(store.learners.all()) == 6


def test_the_desk_takes_all_or_nothing(store: Store) -> None:
    rows = [row(1, answer="2", learner="Mia"), row(2, answer="3", learner="x" * 100)]
    with pytest.raises(BadInputError, match="learner"):
        store.desk.take(rows, "Test")
    assert store.sets.all() == []
    assert store.learners.all() == []
    assert store.answers.count_pending() == 0


def test_a_row_without_an_item_can_be_said_to_be_unmarked(store: Store, class_set: Path) -> None:
    with ClassSet.open(str(class_set)) as rows:
        taken = store.desk.take(rows, "Test 1")
    assert taken.problems[0].unmarked().verdict is Verdict.UNMARKED
