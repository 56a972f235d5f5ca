"""Stores of earlier and later versions, and files that are none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runtime.records.store import NewerStoreError, Store, StoreError
from runtime.records.store.database import connect
from runtime.records.store.migrations import MIGRATIONS, done_in, migrate


def m002_shoe_size(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE learners ADD COLUMN shoe_size INTEGER")


def m003_fails(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE learners ADD COLUMN hat_size INTEGER")
    raise ZeroDivisionError


def columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("PRAGMA table_info(learners)")}


def test_each_migration_runs_once(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.sqlite3")) as connection:
        assert migrate(connection) == len(MIGRATIONS)
        assert migrate(connection) == 0
        assert done_in(connection) == tuple(one.__name__ for one in MIGRATIONS)


def test_a_later_one_runs_after_a_backup(tmp_path: Path) -> None:
    called: list[bool] = []
    with closing(connect(tmp_path / "a.sqlite3")) as connection:
        migrate(connection, before=lambda: called.append(True))
        assert called == []
        later = (*MIGRATIONS, m002_shoe_size)
        migrate(connection, before=lambda: called.append(True), migrations=later)
        assert called == [True]
        assert "shoe_size" in columns(connection)


def test_one_that_fails_takes_those_before_it_back(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.sqlite3")) as connection:
        migrate(connection)
        with pytest.raises(ZeroDivisionError):
            migrate(connection, migrations=(*MIGRATIONS, m002_shoe_size, m003_fails))
        assert not {"shoe_size", "hat_size"} & columns(connection)
        assert done_in(connection) == tuple(one.__name__ for one in MIGRATIONS)


def test_a_store_of_a_later_version_is_left_as_it_is(folder: Path) -> None:
    with Store.open(folder) as store, store.database.exclusive() as connection:
        migrate(connection, migrations=(*MIGRATIONS, m002_shoe_size))
    before = (folder / "records.sqlite3").read_bytes()
    with pytest.raises(NewerStoreError, match="m002_shoe_size"):
        Store.open(folder)
    assert (folder / "records.sqlite3").read_bytes() == before


def test_another_programs_database_is_left_as_it_is(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "records.sqlite3")) as connection:
        connection.execute("CREATE TABLE recipes (cake TEXT)")
        connection.commit()
    with pytest.raises(StoreError, match="another program"):
        Store.open(folder)
    with closing(sqlite3.connect(folder / "records.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM recipes").fetchone() == (0,)


def test_a_store_that_was_only_begun_is_finished(folder: Path) -> None:
    folder.mkdir()
    connect(folder / "records.sqlite3").close()
    with Store.open(folder) as store:
        assert store.recovery is None
        assert store.learners.all() == []
