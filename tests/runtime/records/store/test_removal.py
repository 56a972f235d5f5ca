"""Erasing and purging: what goes, what stays, and that nothing is left of it in any file."""

import threading
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store import Store, StoreError, StoreFullError, removal, retention
from runtime.records.store.backups import backups
from runtime.records.store.rows import Learner
from runtime.records.store.traces import search
from tests.runtime.records.store.conftest import SetClock
from tests.runtime.records.store.making import answered, mark

NICKNAME = "Wilhelmina"
LONG = "I counted the pieces one by one, then I took three of them away. Ünü! " * 200
SECRETS = (NICKNAME, "3 1/7 cm", 'my "quoted"\nanswer', LONG, "hers alone, said the teacher")


@pytest.fixture
def learner(store: Store, clock: SetClock) -> Learner:
    """Return a learner with work in the store and in two backups, beside one who stays."""
    mina, leo = store.learners.add(NICKNAME, "owl"), store.learners.add("Leo", "fox")
    answered(store, leo, "I think it is because of the sun.")
    for text in SECRETS[1:4]:
        answer = answered(store, mina, text)
        store.marks.add(answer.id, mark(Verdict.CORRECT))
        store.overrides.accept(answer.id, who="desk", comment=SECRETS[4])
    store.pins.set("4711", mina.id)
    store.progress.learned(mina.id, "adding", known=0.5, tries=1, correct=1)
    store.back_up()
    clock.turn(days=1)
    store.learners.change(mina.id, nickname=f"{NICKNAME} the Great")
    store.back_up()
    return store.learners.get(mina.id)


def found_in(folder: Path) -> set[str]:
    """Return which of the secrets any file holds, in any spelling; of the long one each part."""
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    parts = {secret: [secret[at : at + 40] for at in range(0, 400, 40)] for secret in SECRETS}
    return {
        secret
        for secret, pieces in parts.items()
        for piece in filter(None, pieces)
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
        if piece.encode(coding) in data
    }


def test_erasing_leaves_no_trace(store: Store, folder: Path, learner: Learner) -> None:
    assert found_in(folder) == set(SECRETS)
    removed = removal.erase(store, learner)
    assert found_in(folder) == set()
    assert removed.proof.clean
    assert removed.proof.searched_bytes > 0
    assert set(removed.proof.files) == {path for path in folder.rglob("*") if path.is_file()}
    assert removed.rows["learners"] == 1
    assert removed.rows["answers"] == removed.rows["overrides"] == 3
    assert len(removed.cleaned) == 2


def test_others_keep_their_work(store: Store, learner: Learner) -> None:
    removal.erase(store, learner)
    assert [one.nickname for one in store.learners.all()] == ["Leo"]
    assert [one.text for one in store.screens.results()] == ["I think it is because of the sun."]
    for backup in backups(store.places):
        store.restore(backup.path)
        assert [one.nickname for one in store.learners.all()] == ["Leo"]


def test_a_plan_changes_nothing(store: Store, learner: Learner) -> None:
    plan = removal.plan_erasure(store, learner)
    assert store.learners.get(learner.id) == learner
    assert plan == removal.erase(store, learner).rows


def test_words_that_another_child_wrote_too_are_no_trace(store: Store, learner: Learner) -> None:
    answered(store, store.learners.named("Leo"), "3 1/7 cm")
    removed = removal.erase(store, learner)
    assert removed.proof.clean
    assert "answers.text" in removed.proof.shared


def test_a_name_that_stands_elsewhere_is_told(store: Store, learner: Learner) -> None:
    store.classes.add(f"{NICKNAME}'s class")
    assert "classes.name" in removal.erase(store, learner).proof.shared


def test_a_damaged_backup_is_deleted(store: Store, learner: Learner, folder: Path) -> None:
    oldest = backups(store.places)[-1].path
    oldest.write_bytes(oldest.read_bytes()[:-5000])
    removed = removal.erase(store, learner)
    assert removed.deleted == (oldest,)
    assert found_in(folder) == set()


def test_a_full_disk_deletes_no_backup(
    store: Store, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backups(store.places)

    def full(*_: object) -> set[str]:
        raise StoreFullError("The disk is full.")

    monkeypatch.setattr(removal, "_clean_backup", full)
    with pytest.raises(StoreFullError):
        removal.erase(store, learner)
    assert backups(store.places) == before
    assert store.learners.get(learner.id) == learner


def test_damaged_stores_that_were_kept_aside_go(
    store: Store, learner: Learner, folder: Path
) -> None:
    aside = folder / "damaged" / "records-20260101T000000Z.sqlite3"
    aside.parent.mkdir()
    aside.write_bytes(backups(store.places)[0].path.read_bytes())
    assert aside in removal.erase(store, learner).deleted
    assert found_in(folder) == set()


def test_nothing_goes_while_somebody_reads(
    store: Store, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, done = threading.Event(), threading.Event()

    def look() -> None:
        with store.database.read() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM learners").fetchone()
            ready.set()
            done.wait()
            connection.execute("ROLLBACK")

    reader = threading.Thread(target=look)
    reader.start()
    ready.wait()
    store.learners.add("Zoe", "owl")
    with store.database.exclusive() as connection:
        connection.execute("PRAGMA busy_timeout = 1")
    try:
        with pytest.raises(StoreError, match="being read"):
            removal.erase(store, learner)
    finally:
        done.set()
        reader.join()
    assert store.learners.get(learner.id) == learner
    assert removal.erase(store, learner).proof.clean


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    for data, secret in (
        (NICKNAME.encode("utf-16-le"), NICKNAME),
        (NICKNAME.encode("utf-16-be"), NICKNAME),
        (b'{"a": "my \\"quoted\\"\\nanswer"}', SECRETS[2]),
        # A page break in the middle of a long text.
        (b"x" * 7 + LONG.encode()[100:131] + b"\0" * 40, LONG),
    ):
        plain.write_bytes(data)
        assert search(tmp_path, [secret]).traces == (plain,)
    plain.write_bytes(b"nothing of the kind")
    assert search(tmp_path, SECRETS).clean
    assert search(tmp_path, ["a", "ab"]).unsearchable == 2


def test_a_database_that_holds_the_words_rightly_is_clean(store: Store, learner: Learner) -> None:
    proof = search(store.places.folder / "backups", [learner.nickname, LONG])
    assert proof.clean
    assert set(proof.shared) >= {"answers.text", "learners.nickname"}


def test_purging_removes_what_is_too_old(store: Store, clock: SetClock, folder: Path) -> None:
    class_ = store.classes.add("4b", retention_days=30)
    mia, leo = store.learners.add("Mia", "owl"), store.learners.add("Leonidas", "fox")
    for one in (mia, leo):
        store.classes.join(class_.id, one.id)
    answered(store, mia, "an old answer", class_.id)
    answered(store, leo, "another old answer")
    store.back_up()
    clock.turn(days=20)
    answered(store, mia, "a new answer", class_.id)
    clock.turn(days=11)
    plan = retention.plan_purge(store)
    removed = retention.purge(store)
    assert plan == removed.rows
    assert removed.rows["answers"] == 2
    assert removed.proof.clean
    assert [one.text for one in store.screens.results()] == ["a new answer"]
    # Who did nothing since then goes as well.
    assert [one.nickname for one in store.learners.all()] == ["Mia"]
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"old answer" not in data
    assert b"Leonidas" not in data


def test_an_old_backup_keeps_who_is_active(store: Store, clock: SetClock) -> None:
    class_ = store.classes.add("4b", retention_days=30)
    mia = store.learners.add("Mia", "owl")
    store.classes.join(class_.id, mia.id)
    answered(store, mia, "an old answer", class_.id)
    old = store.back_up()
    clock.turn(days=31)
    answered(store, mia, "a new answer", class_.id)
    retention.purge(store)
    store.restore(old.path)
    assert store.learners.all() == [mia]
    assert store.screens.results() == []


def test_the_longest_period_of_a_learner_counts(store: Store, clock: SetClock) -> None:
    short, keeps = store.classes.add("4b", retention_days=30), store.classes.add("5a")
    mia = store.learners.add("Mia", "owl")
    for class_ in (short, keeps):
        store.classes.join(class_.id, mia.id)
    answered(store, mia, "studied alone")
    answered(store, mia, "in 4b", short.id)
    answered(store, mia, "in 5a", keeps.id)
    clock.turn(days=31)
    retention.purge(store)
    assert {one.text for one in store.screens.results()} == {"studied alone", "in 5a"}
    assert store.learners.all() == [mia]


def test_what_was_worked_out_from_work_that_goes_goes_too(store: Store, clock: SetClock) -> None:
    class_ = store.classes.add("4b", retention_days=30)
    mia, leo = store.learners.add("Mia", "owl"), store.learners.add("Leo", "fox")
    for one in (mia, leo):
        store.classes.join(class_.id, one.id)
        old = answered(store, one, "old", class_.id)
        store.progress.learned(one.id, "adding", known=0.5, tries=1, correct=0)
        store.progress.review(one.id, old.item_id, due=clock.now, days=1.0, lapses=1)
    clock.turn(days=31)
    answered(store, leo, "new", class_.id)
    retention.purge(store)
    assert not store.progress.mastery(mia.id)
    assert not store.progress.schedule(mia.id)
    assert len(store.progress.mastery(leo.id)) == len(store.progress.schedule(leo.id)) == 1


def test_without_a_period_nothing_is_too_old(store: Store, clock: SetClock) -> None:
    class_ = store.classes.add("4b")
    mia = store.learners.add("Mia", "owl")
    store.classes.join(class_.id, mia.id)
    answered(store, mia, "7", class_.id)
    clock.turn(days=5000)
    assert set(retention.plan_purge(store).values()) == {0}


def test_a_clock_set_back_purges_nothing(store: Store, clock: SetClock) -> None:
    class_ = store.classes.add("4b", retention_days=30)
    mia = store.learners.add("Mia", "owl")
    store.classes.join(class_.id, mia.id)
    answered(store, mia, "7", class_.id)
    clock.turn(days=-4000)
    assert set(retention.plan_purge(store).values()) == {0}


def test_a_period_of_ages_is_refused_in_words(store: Store) -> None:
    store.classes.add("4b", retention_days=10**6)
    with pytest.raises(BadInputError, match="year 1"):
        retention.plan_purge(store)
