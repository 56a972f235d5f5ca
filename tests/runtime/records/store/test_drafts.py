"""Drafts: kept, replaced, gone with what they belong to."""

from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.records.store import ReadOnlyStoreError, Store, removal, retention
from runtime.records.store.exporting import export_csv, export_jsonl
from runtime.records.store.importing import import_jsonl
from runtime.records.store.rows import Answer, Learner
from tests.runtime.records.store.conftest import SetClock
from tests.runtime.records.store.making import answered

SECRET = "An essay that was not finished when the power went"


@pytest.fixture
def mia(store: Store) -> Learner:
    return store.learners.add("Mia", "owl")


@pytest.fixture
def answer(store: Store, mia: Learner) -> Answer:
    return answered(store, mia, "7")


def keep(store: Store, answer: Answer, text: str) -> None:
    assert answer.learner_id
    store.drafts.keep(answer.session_id, answer.learner_id, answer.item_id, text)


def test_the_latest_is_kept_exactly(store: Store, mia: Learner, answer: Answer) -> None:
    for text in ("3", "3 1/", "3 1/2 \x1b[31m\u202e\n"):
        keep(store, answer, text)
        assert store.drafts.get(mia.id, answer.item_id) == text
    assert store.drafts.get(mia.id + 1, answer.item_id) == ""
    assert store.database.value("SELECT count(*) FROM drafts") == 1


@pytest.mark.parametrize("text", ["", " \n", "7"], ids=["nothing", "blanks", "what was handed in"])
def test_what_is_no_draft_takes_the_one_before_away(
    store: Store, mia: Learner, answer: Answer, text: str
) -> None:
    keep(store, answer, "3 1/2")
    keep(store, answer, text)
    assert store.drafts.get(mia.id, answer.item_id) == ""


def test_half_a_character_leaves_the_one_before(store: Store, mia: Learner, answer: Answer) -> None:
    keep(store, answer, "3 1/2")
    with pytest.raises(BadInputError, match="half a character"):
        keep(store, answer, "3\ud800")
    assert store.drafts.get(mia.id, answer.item_id) == "3 1/2"


def test_erasing_a_learner_leaves_no_trace_of_it(
    store: Store, mia: Learner, answer: Answer, folder: Path
) -> None:
    keep(store, answer, SECRET)
    store.back_up()
    keep(store, answer, f"{SECRET}, or so")
    removed = removal.erase(store, mia)
    assert removed.rows["drafts"] == 1
    assert removed.proof.clean
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert SECRET[3:30].encode() not in data


def test_it_goes_by_the_period_of_its_learners_classes(
    store: Store, mia: Learner, answer: Answer, clock: SetClock
) -> None:
    store.classes.join(store.classes.add("4b", retention_days=30).id, mia.id)
    clock.turn(days=20)
    keep(store, answer, SECRET)
    clock.turn(days=20)
    # A learner who has written something this month is still one.
    assert retention.purge(store).rows["drafts"] == 0
    assert store.drafts.get(mia.id, answer.item_id) == SECRET
    clock.turn(days=20)
    removed = retention.purge(store)
    assert removed.rows["drafts"] == removed.rows["learners"] == 1
    assert removed.proof.clean


def test_it_travels_in_the_export_of_all_and_not_in_the_table_of_answers(
    store: Store, mia: Learner, answer: Answer, tmp_path: Path
) -> None:
    keep(store, answer, SECRET)
    assert SECRET.encode() not in export_csv(store)
    leo = store.learners.add("Leo", "fox")
    assert SECRET.encode() not in b"".join(export_jsonl(store, [leo.id]))
    with Store.open(tmp_path / "other") as other:
        import_jsonl(other, export_jsonl(store, [mia.id]), "mia.jsonl")
        assert other.drafts.get(1, 1) == SECRET


def test_a_backup_brings_it_back(store: Store, mia: Learner, answer: Answer) -> None:
    keep(store, answer, SECRET)
    backup = store.back_up()
    keep(store, answer, "")
    store.restore(backup.path)
    assert store.drafts.get(mia.id, answer.item_id) == SECRET


def test_who_only_looks_keeps_none(store: Store, answer: Answer, folder: Path) -> None:
    with Store.open(folder) as second, pytest.raises(ReadOnlyStoreError):
        keep(second, answer, SECRET)
    assert store.database.value("SELECT count(*) FROM drafts") == 0
