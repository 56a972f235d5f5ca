"""One writer, many readers, and a disk that may fill up."""

import sqlite3
import threading
from pathlib import Path

import pytest

from runtime.records.store import DamagedStoreError, Store, StoreFullError
from tests.runtime.records.store.making import answered


def test_a_block_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.database.write():
        store.classes.add("4b")
        raise ZeroDivisionError
    assert store.classes.all() == []


def test_a_block_within_a_block_joins_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.database.write():
        with store.database.write():
            store.classes.add("4b")
        raise ZeroDivisionError
    assert store.classes.all() == []


def test_a_block_reads_what_it_has_written_and_others_do_not(store: Store) -> None:
    seen: list[int] = []
    with store.database.write():
        store.classes.add("4b")
        other = threading.Thread(target=lambda: seen.append(len(store.classes.all())))
        other.start()
        other.join()
        assert len(store.classes.all()) == 1
    assert seen == [0]
    assert len(store.classes.all()) == 1


def test_threads_take_turns_in_writing(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    texts = [str(number) for number in range(24)]
    threads = [
        threading.Thread(target=lambda part=part: [answered(store, mia, text) for text in part])
        for part in (texts[0::3], texts[1::3], texts[2::3])
    ]
    answered(store, mia, "first")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [one.row.item.text for one in store.answers.pending() if one.row.item]
    assert sorted(found) == sorted(["first", *texts])


def test_every_connection_keeps_the_promises(store: Store) -> None:
    with store.database.exclusive() as writer:
        kept = {
            name: writer.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    full = 2
    assert kept == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_readers_cannot_write(store: Store) -> None:
    with store.database.read() as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM learners")


def test_a_full_disk_is_said_and_what_was_saved_stays(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    kept = answered(store, mia, "7")
    with store.database.exclusive() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()
        with pytest.raises(StoreFullError) as caught:
            answered(store, mia, "long " * 100_000)
        connection.execute("PRAGMA max_page_count = 1000000").fetchone()
    assert "disk is full" in caught.value.message
    assert "Make room" in caught.value.remedy
    again = answered(store, mia, "8")
    assert [one.answer_id for one in store.answers.pending()] == [kept.id, again.id]


def test_a_row_that_makes_no_sense_is_damage(store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    with store.database.write() as connection:
        connection.execute("UPDATE learners SET age_band = '99'")
    with pytest.raises(DamagedStoreError, match="makes no sense"):
        store.learners.get(mia.id)


def test_only_the_owner_can_read_the_files(store: Store, folder: Path) -> None:
    answered(store, store.learners.add("Mia", "owl"), "7")
    store.back_up()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert {path.stat().st_mode & 0o077 for path in [folder, *files]} == {0}
