"""Who has the store, and what a second program may do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.records.store import ReadOnlyStoreError, Store, StoreError
from runtime.records.store.holder import Claim, holder_of
from tests.runtime.records.store.making import answered, mark

ROOT = Path(__file__).parents[4]


def test_a_second_program_reads_and_is_told_who_writes(store: Store, folder: Path) -> None:
    mia = store.learners.add("Mia", "owl")
    with Store.open(folder) as second:
        assert second.read_only
        assert second.holder is not None
        assert second.holder.pid == os.getpid()
        assert f"process {os.getpid()}" in second.in_use()
        assert second.learners.all() == [mia]
        leo = store.learners.add("Leo", "fox")
        assert second.learners.named("Leo") == leo
    assert not store.read_only


def test_a_second_program_changes_nothing(store: Store, folder: Path) -> None:
    answer = answered(store, store.learners.add("Mia", "owl"), "7")
    with Store.open(folder) as second:
        for change in (
            lambda: second.learners.add("Leo", "fox"),
            lambda: second.marks.add(answer.id, mark()),
            second.need_to_write,
            lambda: second.restore(folder / "records.sqlite3"),
        ):
            with pytest.raises(ReadOnlyStoreError) as caught:
                change()
            assert caught.value.remedy


def test_the_store_is_free_when_it_is_closed(folder: Path) -> None:
    Store.open(folder).close()
    assert holder_of(folder / "in-use") is None
    with Store.open(folder) as again:
        assert not again.read_only
        assert holder_of(folder / "in-use") == again.holder


def test_closing_twice_is_nothing(folder: Path) -> None:
    store = Store.open(folder)
    store.learners.add("Mia", "owl")
    store.close()
    store.close()
    assert len(list((folder / "backups").iterdir())) == 1


def test_a_program_that_is_gone_holds_nothing(folder: Path) -> None:
    code = (
        "import os, pathlib, sys; from runtime.records.store import Store;"
        "store = Store.open(pathlib.Path(sys.argv[1])); store.learners.add('Mia', 'owl');"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    with Store.open(folder) as store:
        assert not store.read_only
        assert [one.nickname for one in store.learners.all()] == ["Mia"]


def test_the_log_of_a_killed_program_is_read_without_its_index(folder: Path) -> None:
    code = (
        "import os, pathlib, sys; from runtime.records.store import Store;"
        "store = Store.open(pathlib.Path(sys.argv[1])); store.learners.add('Mia', 'owl');"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    (folder / "records.sqlite3-shm").unlink()
    with Store.open(folder) as store:
        assert store.recovery is None
        assert [one.nickname for one in store.learners.all()] == ["Mia"]


def test_a_holder_that_cannot_be_read_is_another_program(folder: Path) -> None:
    with Store.open(folder):
        (folder / "in-use").write_bytes(b"{half")
        with Store.open(folder) as second:
            assert second.read_only
            assert "another program" in second.in_use()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.open(tmp_path / "file" / "records")


def test_a_lock_that_cannot_be_written_is_said(folder: Path) -> None:
    (folder / "in-use").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(folder)


def test_a_claim_is_let_go_once_and_for_all(tmp_path: Path) -> None:
    first = Claim.on(tmp_path / "in-use")
    second = Claim.on(tmp_path / "in-use")
    assert (first.ours, second.ours) == (True, False)
    first.close()
    first.close()
    with Claim.on(tmp_path / "in-use") as third:
        assert third.ours


def test_an_old_sqlite_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreError, match="SQLite"):
        Store.open(folder)
    assert not folder.exists()
