"""Backups, restoring them, and stores that are damaged."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.records.store import Store, StoreError, StoreFullError
from runtime.records.store import backups as module
from runtime.records.store.backups import DAYS, WEEKS, backups, check_database, copy_to
from runtime.records.store.places import Places
from tests.runtime.records.store.conftest import SetClock
from tests.runtime.records.store.making import answered, mark


def names(store: Store) -> list[str]:
    return [one.nickname for one in store.learners.all()]


def test_a_backup_is_one_whole_file(store: Store) -> None:
    store.learners.add("Mia", "owl")
    made = store.back_up()
    check_database(made.path)
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]
    assert backups(store.places) == [made]


def test_closing_backs_up_what_was_changed(folder: Path) -> None:
    with Store.open(folder):
        pass
    assert backups(Places(folder)) == []
    with Store.open(folder) as store:
        store.learners.add("Mia", "owl")
    assert len(backups(Places(folder))) == 1
    with Store.open(folder) as store:
        store.learners.all()
    assert len(backups(Places(folder))) == 1


def test_the_newest_of_a_day_stays(store: Store, clock: SetClock) -> None:
    store.back_up()
    clock.turn(hours=2)
    newest = store.back_up()
    assert backups(store.places) == [newest]


def test_a_backup_is_due_once_a_day(store: Store, clock: SetClock) -> None:
    assert not store.backup_due()
    answered(store, store.learners.add("Mia", "owl"), "7")
    assert store.backup_due()
    store.back_up()
    assert not store.backup_due()
    clock.turn(days=1)
    assert store.backup_due()


@given(steps=st.lists(st.integers(min_value=-40, max_value=40), max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_whatever_the_clock_does_the_newest_stays_and_few_are_kept(
    store: Store, steps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "copy_to", lambda _, path: path.write_bytes(b""))
    for days in steps:
        store.database.clock.turn(days=days)  # type: ignore[attr-defined]
        made = store.back_up()
        found = backups(store.places)
        assert found[0] == made
        assert len(found) <= DAYS + WEEKS


def test_a_week_of_days_and_a_month_of_weeks_are_kept(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "copy_to", lambda _, path: path.write_bytes(b""))
    for _ in range(60):
        clock.turn(days=1)
        store.back_up()
    ages = [(clock.now.date() - one.made.date()).days for one in backups(store.places)]
    assert ages[:DAYS] == list(range(DAYS))
    # The newest of a week may have been its last day.
    assert max(ages) > 7 * (WEEKS - 2)
    assert len(ages) <= DAYS + WEEKS


def test_a_copy_that_fails_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        copy_to(store.database, tmp_path / "nowhere" / "copy.sqlite3")
    assert not (tmp_path / "nowhere").exists()


def test_restoring_brings_everything_back_and_can_be_taken_back(
    store: Store, clock: SetClock
) -> None:
    store.learners.add("Mia", "owl")
    first = store.back_up()
    clock.turn(days=1)
    store.learners.add("Leo", "fox")
    before = store.restore(first.path)
    assert names(store) == ["Mia"]
    store.learners.add("Zoe", "fox")
    assert names(store) == ["Mia", "Zoe"]
    store.restore(before.path)
    assert names(store) == ["Leo", "Mia"]


def test_only_whole_stores_are_restored(store: Store, tmp_path: Path) -> None:
    store.learners.add("Mia", "owl")
    damaged, other, tampered = (tmp_path / name for name in ("damaged", "other", "tampered"))
    damaged.write_bytes(store.back_up().path.read_bytes()[:6000])
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (cake TEXT)")
    copy_to(store.database, tampered)
    with closing(sqlite3.connect(tampered)) as connection:
        connection.execute(
            "CREATE TRIGGER evil AFTER INSERT ON answers BEGIN DELETE FROM marks; END"
        )
    for path in (damaged, other, tampered, store.places.file):
        with pytest.raises(StoreError):
            store.restore(path)
    assert names(store) == ["Mia"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def overwrite(path: Path) -> None:
    path.write_bytes(b"This is no database at all." * 400)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, scribble, overwrite, empty, Path.unlink])
def test_a_damaged_store_is_replaced_and_kept(
    folder: Path, clock: SetClock, damage: Callable[[Path], None]
) -> None:
    with Store.open(folder, clock=clock) as store:
        store.learners.add("Mia", "owl")
    file = folder / "records.sqlite3"
    damage(file)
    left = file.read_bytes() if file.exists() else None
    with Store.open(folder, clock=clock) as store:
        assert store.recovery is not None
        assert names(store) == ["Mia"]
        words = store.recovery.words()
        assert "damaged" in words
        assert "02 March 2026" in words
        kept = store.recovery.kept
        assert (kept.read_bytes() if kept else None) == left
    with Store.open(folder) as store:
        assert store.recovery is None


def test_what_was_lost_is_counted_where_it_can_be(folder: Path, clock: SetClock) -> None:
    with Store.open(folder, clock=clock) as store:
        mia = store.learners.add("Mia", "owl")
        answered(store, mia, "1")
        store.back_up()
        clock.turn(days=1)
        for text in "23":
            answered(store, mia, text)
        store.marks.add(1, mark())
        with store.database.exclusive() as connection:
            sql = "SELECT rootpage FROM sqlite_master WHERE name = 'mark_bodies'"
            page = connection.execute(sql).fetchone()[0]
        # As a kill leaves it: no backup at the end.
        store.database.close()
        store.close()
    file = folder / "records.sqlite3"
    data = bytearray(file.read_bytes())
    data[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    file.write_bytes(data)
    with Store.open(folder, clock=clock) as store:
        assert store.recovery is not None
        assert store.recovery.lost == 2
        assert "2 answers" in store.recovery.words()


def test_a_damaged_backup_is_passed_over(folder: Path, clock: SetClock) -> None:
    with Store.open(folder, clock=clock) as store:
        store.learners.add("Mia", "owl")
        store.back_up()
        clock.turn(days=1)
        store.learners.add("Leo", "fox")
    cut(backups(Places(folder))[0].path)
    overwrite(folder / "records.sqlite3")
    with Store.open(folder, clock=clock) as store:
        assert names(store) == ["Mia"]


def test_without_a_backup_a_new_store_begins_and_says_so(folder: Path) -> None:
    folder.mkdir()
    overwrite(folder / "records.sqlite3")
    with Store.open(folder) as store:
        assert store.recovery is not None
        assert "no backup" in store.recovery.words()
        assert store.recovery.kept is not None
        assert names(store) == []


def test_a_backup_on_a_full_disk_leaves_the_earlier_one(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = store.back_up()
    clock.turn(days=1)

    def full(*_: object) -> None:
        raise StoreFullError("The disk is full.", "Make room.")

    monkeypatch.setattr(module, "settle", full)
    with pytest.raises(StoreFullError):
        store.back_up()
    assert backups(store.places) == [earlier]
    assert list(store.places.backups.glob("*.part")) == []
    monkeypatch.undo()
