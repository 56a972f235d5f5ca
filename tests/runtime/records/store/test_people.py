"""Learners and classes."""

import pytest

from runtime.errors import BadInputError
from runtime.records.store import AVATARS, AgeBand, Store


def test_a_learner_is_kept_as_given(store: Store) -> None:
    mia = store.learners.add("Mia", "owl", AgeBand.YOUNG, "it")
    found = store.learners.get(mia.id)
    assert (found.nickname, found.avatar, found.age_band, found.language, found.has_pin) == (
        *("Mia", "owl", AgeBand.YOUNG, "it"),
        False,
    )
    assert found.created == store.database.clock()


@pytest.mark.parametrize("nickname", ["", "  ", "x" * 81, "\ud800"])
def test_bad_nicknames_are_refused_in_words(store: Store, nickname: str) -> None:
    with pytest.raises(BadInputError, match="nickname") as caught:
        store.learners.add(nickname, "owl")
    assert caught.value.remedy
    assert store.learners.all() == []


def test_avatars_come_from_a_list(store: Store) -> None:
    with pytest.raises(BadInputError, match="no avatar"):
        store.learners.add("Mia", "photo.png")
    assert len(set(AVATARS)) == len(AVATARS)


def test_two_of_one_name_are_told_apart_by_avatar(store: Store) -> None:
    first = store.learners.add("Mia", "owl")
    second = store.learners.add("Mia", "fox")
    with pytest.raises(BadInputError, match="already"):
        store.learners.add("Mia", "fox")
    with pytest.raises(BadInputError, match="2 learners") as caught:
        store.learners.named("mia")
    assert second.uid in caught.value.remedy
    assert store.learners.named(first.uid) == first


def test_a_change_changes_what_is_given(store: Store) -> None:
    mia = store.learners.add("Mia", "owl", AgeBand.YOUNG)
    changed = store.learners.change(mia.id, avatar="fox")
    assert (changed.nickname, changed.avatar, changed.age_band) == ("Mia", "fox", AgeBand.YOUNG)
    assert store.learners.change(mia.id, avatar="fox") == changed


def test_an_archived_learner_comes_back(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    store.learners.archive(mia.id)
    assert store.learners.all() == []
    assert store.learners.named("Mia").archived is not None
    store.learners.archive(mia.id, archived=False)
    assert store.learners.all() == [mia]


def test_nobody_is_said_in_words(store: Store) -> None:
    for search in (lambda: store.learners.named("Leo"), lambda: store.classes.named("9z")):
        with pytest.raises(BadInputError, match="There is no"):
            search()


def test_classes_and_who_is_in_them(store: Store) -> None:
    class_ = store.classes.add("4b", retention_days=365)
    mia, leo = store.learners.add("Mia", "owl"), store.learners.add("Leo", "fox")
    for _ in range(2):
        store.classes.join(class_.id, mia.id)
    assert store.classes.named("4b").learners == 1
    assert store.learners.all(class_.id) == [mia]
    assert [one.name for one in store.classes.of_learner(mia.id)] == ["4b"]
    assert store.classes.of_learner(leo.id) == []
    store.classes.leave(class_.id, mia.id)
    assert store.learners.all(class_.id) == []


def test_a_dissolved_class_keeps_its_learners(store: Store) -> None:
    class_ = store.classes.add("4b")
    mia = store.learners.add("Mia", "owl")
    store.classes.join(class_.id, mia.id)
    store.classes.remove(class_.id)
    assert store.learners.all() == [mia]
    assert store.classes.all() == []


def test_bad_classes_are_refused(store: Store) -> None:
    store.classes.add("4b")
    with pytest.raises(BadInputError, match="already"):
        store.classes.add("4b")
    with pytest.raises(BadInputError, match="-1"):
        store.classes.add("5a", retention_days=-1)
    changed = store.classes.change(store.classes.named("4b").id, retention_days=30)
    assert (changed.name, changed.retention_days) == ("4b", 30)
