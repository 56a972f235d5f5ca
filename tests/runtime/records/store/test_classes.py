"""Classes: dissolved and brought back, and how much of their work waits."""

from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.records.class_set import ClassSet
from runtime.records.store import Store
from runtime.records.store.desk import Taken
from tests.runtime.desk.fakes import marked
from tests.runtime.desk.making import short, written


def taken(store: Store, folder: Path, class_id: int, texts: list[str]) -> Taken:
    rows = [short(text, number) for number, text in enumerate(texts)]
    with ClassSet.open(written(folder, rows)) as found:
        return store.desk.take(found, "Ice", class_id)


def mark(store: Store, session_id: int) -> None:
    for answer in store.answers.of_session(session_id):
        store.marks.add(answer.id, marked([store.answers.item(answer.id)])[0])


class TestDissolving:
    def test_a_class_comes_back_with_its_learners_and_its_work(
        self, store: Store, tmp_path: Path
    ) -> None:
        old = store.classes.add("4b", retention_days=30)
        taken(store, tmp_path, old.id, ["1 a", "2 b"])
        gone = store.classes.remove(old.id)
        assert not store.classes.all()
        back = store.classes.restore(gone)
        assert (back.uid, back.name, back.retention_days) == (old.uid, "4b", 30)
        assert (back.created, back.learners) == (old.created, 2)
        assert len(store.screens.sessions(back.id)) == 1

    def test_who_was_erased_meanwhile_stays_away(self, store: Store, tmp_path: Path) -> None:
        old = store.classes.add("4b")
        first, second = taken(store, tmp_path, old.id, ["1 a", "2 b"]).new_learners
        gone = store.classes.remove(old.id)
        with store.database.write() as connection:
            connection.execute("DELETE FROM learners WHERE id = ?", (first.id,))
        back = store.classes.restore(gone)
        assert [one.id for one in store.learners.all(back.id)] == [second.id]

    def test_not_beside_another_of_its_name(self, store: Store) -> None:
        gone = store.classes.remove(store.classes.add("4b").id)
        store.classes.add("4b")
        with pytest.raises(BadInputError):
            store.classes.restore(gone)


def test_a_class_is_not_given_the_name_of_another(store: Store) -> None:
    store.classes.add("4a")
    second = store.classes.add("4b")
    with pytest.raises(BadInputError):
        store.classes.change(second.id, name=" 4a ")
    assert store.classes.change(second.id, name="4b", retention_days=5).retention_days == 5


def test_work_is_counted_over_all_sets_of_a_class(store: Store, tmp_path: Path) -> None:
    first, second, idle = (store.classes.add(name) for name in ("4a", "4b", "4c"))
    mark(store, taken(store, tmp_path, first.id, ["50 a", "99 b"]).session.id)
    taken(store, tmp_path, first.id, ["1 c"])
    taken(store, tmp_path, second.id, ["1 d"])
    work = store.classes.work()
    counted = {key: (one.sets, one.pending, one.to_review) for key, one in work.items()}
    assert counted == {first.id: (2, 1, 1), second.id: (1, 1, 0)}
    assert idle.id not in work
