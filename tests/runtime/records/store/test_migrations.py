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


def test_hints_and_sessions_of_the_first_version_are_placed(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.sqlite3")) as connection:
        migrate(connection, migrations=MIGRATIONS[:1])
        connection.executescript(_FIRST)
        migrate(connection)
        tries = connection.execute("SELECT tries FROM hints_used ORDER BY id").fetchall()
        classes = connection.execute("SELECT class_id FROM sessions ORDER BY id").fetchall()
    assert tries == [(0,), (1,)]
    assert classes == [(1,), (None,)]


_FIRST = """
INSERT INTO classes (id, uid, name, created) VALUES (1, 'c1', '4a', ''), (2, 'c2', '4b', '');
INSERT INTO learners (id, uid, nickname, avatar, age_band, language, created)
VALUES (1, 'l1', 'Mia', 'owl', '7-9', 'en', ''), (2, 'l2', 'Leo', 'fox', '7-9', 'en', '');
INSERT INTO members VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO items (id, digest, task, question, body) VALUES (1, 'i', 'math', '1 + 1?', '{}');
INSERT INTO sessions (id, uid, kind, learner_id, started)
VALUES (1, 's1', 'study', 1, '1'), (2, 's2', 'study', 2, '1');
INSERT INTO answers (uid, session_id, learner_id, item_id, row_id, attempt, text, at)
VALUES ('a1', 1, 1, 1, 'item-1', 1, '3', '5');
INSERT INTO hints_used (uid, session_id, item_id, rung, text, at)
VALUES ('h1', 1, 1, 0, 'Look.', '4'), ('h2', 1, 1, 1, 'Look again.', '6');
"""
