"""Marks on disk: what is written, what an interrupted run goes on from, what is left alone."""

import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict
from runtime.records.csv_marks import COLUMNS, CsvMarks, harmless
from runtime.records.marks import JsonlMarks, Marked, OutputError, read_marks, stamped
from runtime.records.rows import Row, item_digest
from runtime.records.source import BOM
from runtime.records.target import check_target, earlier_marks, refuse_existing

STAMP = {"kindmark": "0.1.0", "calibration": "c"}
FORCE = "Choose another name, or overwrite it with --force."


def pair(number: int, answer: str = "2") -> Marked:
    item = Item(id=str(number), task=Task.MATH, question="1+1?", answer=answer)
    row = Row(line=number, id=item.id, digest=item_digest(item), item=item)
    mark = Mark(
        id=item.id,
        verdict=Verdict.CORRECT,
        score=1.0,
        max_score=1.0,
        confidence=0.9,
        needs_review=False,
        reasons=(answer,),
    )
    return row, stamped(row, mark, STAMP)


def write(path: Path, pairs: list[Marked]) -> None:
    with JsonlMarks.append_to(path, 0) as out:
        out.write(pairs)


class TestJsonl:
    @given(st.lists(st.text(), max_size=4))
    def test_any_text_comes_back_as_it_was(self, answers: list[str]) -> None:
        pairs = [pair(number, answer) for number, answer in enumerate(answers)]
        out = io.BytesIO()
        JsonlMarks(out).write(pairs)
        lines = out.getvalue().split(b"\n")
        assert lines.pop() == b""
        assert [msgspec.json.decode(line, type=Mark) for line in lines] == [m for _, m in pairs]

    def test_a_stream_stays_open(self) -> None:
        out = io.BytesIO()
        JsonlMarks(out).close()
        assert not out.closed

    def test_read_marks(self, tmp_path: Path) -> None:
        write(tmp_path / "marks.jsonl", [pair(1), pair(2)])
        assert read_marks(tmp_path / "marks.jsonl") == [pair(1)[1], pair(2)[1]]

    def test_older_marks_that_keep_less_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "marks.jsonl"
        write(path, [pair(1)])
        older = msgspec.json.decode(path.read_bytes())
        del older["judged"], older["distribution"]
        path.write_bytes(msgspec.json.encode(older))
        assert read_marks(path) == [pair(1)[1]]

    def test_what_is_no_mark_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "marks.jsonl"
        path.write_text('\n{"id": 1}\n')
        with pytest.raises(BadInputError) as caught:
            read_marks(path)
        assert caught.value.message == f"{path}, line 2: this is no mark."

    def test_marks_that_are_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(BadInputError, match="No such file"):
            read_marks(tmp_path / "marks.jsonl")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
    def test_a_full_disk(self) -> None:
        with (
            pytest.raises(OutputError) as caught,
            JsonlMarks.append_to(Path("/dev/full"), 0) as out,
        ):
            out.write([pair(1)])
        assert caught.value.message == "/dev/full cannot be written: No space left on device."


class TestGoingOn:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "marks.jsonl"
        write(path, [pair(1), pair(2)])
        return path

    def rows(self, *numbers: int) -> list[Row]:
        return [pair(number)[0] for number in numbers]

    def refusal(self, path: Path, rows: list[Row], **stamp: str) -> str:
        before = path.read_bytes()
        with pytest.raises(BadInputError) as caught:
            earlier_marks(path, rows, {**STAMP, **stamp})
        assert caught.value.remedy == FORCE
        assert path.read_bytes() == before
        return caught.value.message.removeprefix(f"{path}, ")

    def test_no_file(self, tmp_path: Path) -> None:
        assert earlier_marks(tmp_path / "x", self.rows(1), STAMP).marks == ()

    def test_all_whole_lines_are_kept(self, path: Path) -> None:
        earlier = earlier_marks(path, self.rows(1, 2, 3), STAMP)
        assert len(earlier.marks) == 2
        assert earlier.size == path.stat().st_size

    def test_every_cut_of_the_last_line_is_written_again(self, path: Path) -> None:
        whole = path.read_bytes()
        first = whole.index(b"\n") + 1
        for length in range(first + 1, len(whole)):
            path.write_bytes(whole[:length])
            earlier = earlier_marks(path, self.rows(1, 2, 3), STAMP)
            assert (len(earlier.marks), earlier.size) == (1, first)
        with JsonlMarks.append_to(path, first) as out:
            out.write([pair(2)])
        assert path.read_bytes() == whole

    def test_another_answer(self, path: Path) -> None:
        assert self.refusal(path, [pair(1)[0], pair(2, "3")[0]]) == (
            "line 2: this is the mark of another answer than line 2 of the class set; "
            "nothing was overwritten."
        )

    def test_fewer_rows(self, path: Path) -> None:
        assert self.refusal(path, self.rows(1)) == (
            "line 2: there are more marks than rows in the class set; nothing was overwritten."
        )

    def test_another_model(self, path: Path) -> None:
        assert self.refusal(path, self.rows(1, 2), kindmark="9.9") == (
            "line 1: this mark was made with another version of Kindmark; nothing was overwritten."
        )

    @pytest.mark.parametrize("text", ["my diary\n", "my diary", '{"id":"2"', "\x00\x00"])
    def test_what_are_no_marks(self, path: Path, text: str) -> None:
        path.write_text(text)
        assert self.refusal(path, self.rows(1)) == (
            "line 1: this is no mark; nothing was overwritten."
        )


class TestTarget:
    def refusal(self, path: Path, source: str = "-") -> str:
        with pytest.raises(BadInputError) as caught:
            check_target(path, source)
        return caught.value.message

    def test_a_folder(self, tmp_path: Path) -> None:
        assert self.refusal(tmp_path) == f"{tmp_path} is a folder."

    def test_no_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "no" / "marks.jsonl"
        assert self.refusal(path) == f"{path} cannot be written: there is no folder {path.parent}."

    def test_the_class_set_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "class.jsonl"
        path.touch()
        link = tmp_path / "link.jsonl"
        link.symlink_to(path)
        assert self.refusal(link, str(path)) == f"{link} is the class set itself."

    def test_no_permission(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "marks.jsonl"
        # Whoever runs the tests may be allowed everything.
        monkeypatch.setattr("os.access", lambda *_: False)
        assert self.refusal(path) == f"{path} cannot be written: permission denied."

    def test_a_good_one(self, tmp_path: Path) -> None:
        check_target(tmp_path / "marks.jsonl", "-")


class TestCsv:
    def test_a_table_for_spreadsheets(self, tmp_path: Path) -> None:
        path = tmp_path / "marks.csv"
        with CsvMarks.create(path) as out:
            out.write([pair(1, "=1+1")])
        assert path.read_bytes().startswith(BOM)
        heading, row = path.read_text("utf-8-sig").splitlines()
        assert heading == ",".join(COLUMNS)
        assert row == "1,,1+1?,'=1+1,correct,1.0,1.0,0.9,False,'=1+1,,,,,,,0.0,,"

    def test_a_table_that_is_there(self, tmp_path: Path) -> None:
        path = tmp_path / "marks.csv"
        path.touch()
        refuse_existing(path)
        path.write_text("x")
        with pytest.raises(BadInputError) as caught:
            refuse_existing(path)
        assert caught.value.message == f"{path} is there already, and only JSONL can be continued."

    @pytest.mark.parametrize("text", ["=1", "+a", "-a", "@a", " =1", "\t=1", "＝1", "-", "-5+cmd"])
    def test_formulas_become_text(self, text: str) -> None:
        assert harmless(text) == f"'{text}"

    @pytest.mark.parametrize("cell", ["-5", "+3,5", "-0.25", "a=b", "", None, -1, 0.5, True])
    def test_numbers_and_other_text_stay(self, cell: str | float | None) -> None:
        assert harmless(cell) == cell
