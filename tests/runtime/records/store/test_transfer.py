"""Export and import: all of it comes back, and nothing of a file that is wrong."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store import NewerStoreError, Store
from runtime.records.store.exporting import export_csv, export_jsonl
from runtime.records.store.importing import import_jsonl, is_export
from tests.runtime.records.store.making import answered, mark


@pytest.fixture
def filled(store: Store) -> Store:
    class_ = store.classes.add("4b")
    for nickname, text in (("Mia", "=cmd|'/c calc'!A1"), ("Leo", "\x1b[31m7\u202e")):
        learner = store.learners.add(nickname, "owl")
        store.classes.join(class_.id, learner.id)
        answer = answered(store, learner, text, class_.id)
        store.marks.add(answer.id, mark())
        store.marks.add(answer.id, mark(Verdict.CORRECT, made_by="later"))
        store.overrides.accept(answer.id, who="desk", comment="+1")
        store.sessions.use_hint(answer.session_id, answer.item_id, 0, "Look again.")
        store.progress.learned(learner.id, "adding", known=0.5, tries=1, correct=1)
        due = store.database.clock() + timedelta(days=1)
        store.progress.review(learner.id, answer.item_id, due=due, days=1.0, lapses=0)
        store.pins.set("4711", learner.id)
    return store


@pytest.fixture
def lines(filled: Store) -> list[bytes]:
    return list(export_jsonl(filled))


def tables(lines: list[bytes]) -> dict[str, int]:
    names = [json.loads(line)["table"] for line in lines[1:]]
    return {name: names.count(name) for name in names}


def test_all_of_it_comes_back(lines: list[bytes], tmp_path: Path) -> None:
    with Store.open(tmp_path / "other") as other:
        new = import_jsonl(other, lines, "all.jsonl")
        assert dict(new) == tables(lines)
        assert list(export_jsonl(other))[1:] == lines[1:]
        assert [one.overridden for one in other.screens.results()] == [True, True]


def test_the_same_file_again_changes_nothing(filled: Store, lines: list[bytes]) -> None:
    assert import_jsonl(filled, lines, "all.jsonl").total() == 0
    assert list(export_jsonl(filled)) == lines


def test_it_comes_in_beside_what_is_there(lines: list[bytes], tmp_path: Path) -> None:
    with Store.open(tmp_path / "other") as other:
        zoe = other.learners.add("Zoe", "fox")
        for text in ("9", "10"):
            answered(other, zoe, text)
        import_jsonl(other, lines, "all.jsonl")
        texts = {one.nickname: one.text for one in other.screens.results()}
        assert texts["Mia"] == "=cmd|'/c calc'!A1"
        assert texts["Zoe"] in {"9", "10"}
        assert other.answers.count_pending() == 2
        session = other.sessions.of_learner(other.learners.named("Mia").id)[0]
        assert len(other.sessions.hints(session.id)) == 1


def test_a_mark_made_elsewhere_counts_for_an_answer_that_waits(
    store: Store, tmp_path: Path
) -> None:
    answer = answered(store, store.learners.add("Mia", "owl"), "7")
    with Store.open(tmp_path / "other") as other:
        import_jsonl(other, export_jsonl(store), "all.jsonl")
        other.marks.add(other.answers.pending()[0].answer_id, mark())
        import_jsonl(store, export_jsonl(other), "back.jsonl")
    assert store.answers.count_pending() == 0
    assert store.marks.current(answer.id) is not None


def test_a_learner_goes_without_the_others(filled: Store, tmp_path: Path) -> None:
    mia = filled.learners.named("Mia")
    data = b"".join(export_jsonl(filled, [mia.id]))
    assert b"Leo" not in data
    assert b"[31m7" not in data
    with Store.open(tmp_path / "other") as other:
        import_jsonl(other, data.splitlines(keepends=True), "mia.jsonl")
        assert [one.nickname for one in other.learners.all()] == ["Mia"]
        assert [one.name for one in other.classes.of_learner(1)] == ["4b"]
        assert other.sets.items(1)[0].item.question == "0 + 1?"


def test_pins_stay_at_home(lines: list[bytes]) -> None:
    assert "pins" not in tables(lines)
    assert b"salt" not in b"".join(lines)


def test_an_export_is_told_from_a_class_set(lines: list[bytes]) -> None:
    assert is_export(lines[0])
    for line in (b'{"id": "1", "task": "math"}', b"id,task", b"", b"\xff", b"[" * 10**5):
        assert not is_export(line)


def changed(line: bytes, **values: object) -> bytes:
    found = json.loads(line)
    found["row"].update(values)
    return json.dumps(found).encode()


def test_a_wrong_row_is_named_and_nothing_is_kept(lines: list[bytes], tmp_path: Path) -> None:
    at = {name: next(n for n, line in enumerate(lines) if name in line) for name in (
        b'"table":"answers"', b'"table":"learners"', b'"table":"mark_bodies"'
    )}  # fmt: skip
    answers, learners, bodies = at.values()
    wrong = {
        "no row": (answers, b"{"),
        "a table of ours that is none": (answers, b'{"table": "pins", "row": {}}'),
        "a column of another": (answers, changed(lines[answers], evil=1)),
        "what points at nobody": (answers, changed(lines[answers], learner_id=99)),
        "a text for a number": (answers, changed(lines[answers], attempt="first")),
        "no uid": (learners, b'{"table": "learners", "row": {"nickname": "Mia"}}'),
        "an age band that is none": (learners, changed(lines[learners], age_band="99")),
        "a time that is none": (learners, changed(lines[learners], created="yesterday")),
        "a mark that is none": (bodies, changed(lines[bodies], body="{}")),
        "a number beyond all": (answers, changed(lines[answers], attempt=2**70)),
        "lists in lists": (answers, b"[" * 10**5),
    }
    with Store.open(tmp_path / "other") as other:
        for what, (number, line) in wrong.items():
            with pytest.raises(BadInputError, match=r"all\.jsonl"):
                import_jsonl(other, [*lines[:number], line, *lines[number + 1 :]], "all.jsonl")
            assert other.learners.all() == [], what
            assert other.sets.all() == [], what


def test_a_mark_of_another_answer_never_counts(lines: list[bytes], tmp_path: Path) -> None:
    number = next(n for n, line in enumerate(lines) if b'"table":"answers"' in line)
    other_mark = json.loads(lines[number + 1])["row"]["mark_id"]
    lines[number] = changed(lines[number], mark_id=other_mark)
    with Store.open(tmp_path / "other") as other:
        import_jsonl(other, lines, "all.jsonl")
        assert other.answers.count_pending() == 1


def test_exports_of_later_versions_are_refused(lines: list[bytes], store: Store) -> None:
    header = msgspec.json.decode(lines[0])
    for later, error in (
        ({"kindmark_records": 2}, BadInputError),
        ({"migrations": [*header["migrations"], "m099_more"]}, NewerStoreError),
    ):
        with pytest.raises(error):
            import_jsonl(store, [msgspec.json.encode({**header, **later})], "later.jsonl")
    with pytest.raises(BadInputError, match="empty"):
        import_jsonl(store, [], "empty.jsonl")


def test_no_cell_of_the_csv_is_a_formula(filled: Store) -> None:
    text = export_csv(filled).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["answer"] for row in rows] == ["'=cmd|'/c calc'!A1", "\x1b[31m7\u202e"]
    assert {row["changed_by"] for row in rows} == {"desk"}
    assert rows[0]["comment"] == "+1"
    assert (rows[0]["verdict"], rows[0]["score"], rows[0]["class"]) == ("correct", "1.0", "4b")


def test_the_csv_can_be_narrowed(filled: Store) -> None:
    mia = filled.learners.named("Mia")
    answered(filled, mia, "at home")
    lengths = [
        len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))))
        for data in (
            export_csv(filled),
            export_csv(filled, class_id=1),
            export_csv(filled, learner_id=mia.id),
            export_csv(filled, class_id=1, learner_id=mia.id),
            export_csv(filled, class_id=2),
        )
    ]
    assert lengths == [4, 3, 3, 2, 1]
