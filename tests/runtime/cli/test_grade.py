"""``kindmark grade``: rows in, marks out, and nothing lost in between."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from runtime.cli import mark_table
from runtime.cli.main import main
from runtime.errors import ExitCode
from runtime.marking.item import parse_item
from runtime.records.lock import held
from runtime.records.rows import Row
from tests.runtime.cli.fakes import STAMP, FakeMarker, class_set, item

Marks = list[dict[str, object]]


def marks_in(text: str) -> Marks:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return class_set(tmp_path, [item(1), item(2, "3"), "broken", item(4)])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "marks.jsonl"


class TestMarking:
    def test_every_row_has_its_mark_in_order(
        self, rows: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["grade", str(rows), "-o", str(out)]) == ExitCode.SOME_UNMARKED
        marks = marks_in(out.read_text())
        assert [(mark["id"], mark["verdict"]) for mark in marks] == [
            ("r1", "correct"),
            ("r2", "incorrect"),
            ("line-3", "unmarked"),
            ("r4", "correct"),
        ]
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith(
            "3 marked: 2 correct, 0 partial, 1 incorrect; 1 to review; 1 unmarked.\n"
            "  line 3: this row is not JSON: invalid character (byte 0). "
            'Write one object a line: {"id": "1", "task": "math", ...}.\n'
            "4 answers in "
        )

    def test_provenance_names_the_item_and_the_settings(
        self, rows: Path, out: Path, marker: FakeMarker
    ) -> None:
        main(["grade", str(rows), "-o", str(out)])
        provenance = marks_in(out.read_text())[0]["provenance"]
        assert isinstance(provenance, dict)
        assert {key: provenance[key] for key in STAMP} == STAMP
        assert len(provenance["item"]) == 64

    def test_all_marked_is_done(self, tmp_path: Path, out: Path, marker: FakeMarker) -> None:
        rows = class_set(tmp_path, [item(1)])
        assert main(["grade", str(rows), "-o", str(out)]) == ExitCode.DONE

    def test_options_reach_the_marker(self, rows: Path, out: Path, marker: FakeMarker) -> None:
        argv = ["grade", str(rows), "-o", str(out), "--batch", "1", "--limit", "2"]
        assert main([*argv, "--review-below", "0.7"]) == ExitCode.DONE
        assert marker.batches == [1, 1]
        assert marker.review_below == 0.7
        assert len(marks_in(out.read_text())) == 2

    def test_quiet(
        self, rows: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["grade", str(rows), "-o", str(out), "--quiet"])
        main(["grade", str(rows), "-o", str(out), "--quiet"])
        assert capsys.readouterr() == ("", "")

    def test_many_problems_are_counted_not_listed(
        self, tmp_path: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["grade", str(class_set(tmp_path, ["x"] * 9)), "-o", str(out)])
        assert "  and 4 more\n" in capsys.readouterr().err

    def test_nothing_is_marked_if_the_target_is_bad(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["grade", str(rows), "-o", str(rows)]) == ExitCode.BAD_INPUT
        assert marker.batches == []
        assert capsys.readouterr().err == (
            f"kindmark: {rows} is the class set itself.\nChoose another name for the marks.\n"
        )


class TestStreams:
    def test_stdin_to_stdout(
        self,
        rows: Path,
        marker: FakeMarker,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rows.read_bytes())))
        assert main(["grade", "-"]) == ExitCode.SOME_UNMARKED
        assert len(marks_in(capsys.readouterr().out)) == 4

    def test_csv_in_by_option(
        self,
        marker: FakeMarker,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        data = b"id;task;question;reference;answer\n1;math;?;1,5;1,5\n"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert main(["grade", "-", "--input-format", "csv"]) == ExitCode.DONE
        assert marks_in(capsys.readouterr().out)[0]["verdict"] == "correct"

    def test_csv_on_stdout(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["grade", str(rows), "--format", "csv"])
        table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["verdict"] for row in table] == ["correct", "incorrect", "unmarked", "correct"]


class TestCsvFile:
    def test_the_suffix_chooses_and_nothing_is_overwritten(
        self,
        rows: Path,
        tmp_path: Path,
        marker: FakeMarker,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        out = tmp_path / "marks.csv"
        argv = ["grade", str(rows), "-o", str(out), "--quiet"]
        assert main(argv) == ExitCode.SOME_UNMARKED
        table = out.read_bytes()
        assert main(argv) == ExitCode.BAD_INPUT
        assert capsys.readouterr().err == (
            f"kindmark: {out} is there already, and only JSONL can be continued.\n"
            "Choose another name, or overwrite it with --force.\n"
        )
        assert out.read_bytes() == table
        assert main([*argv, "--force"]) == ExitCode.SOME_UNMARKED

    def test_a_stopped_table_says_that_it_ends_there(
        self,
        rows: Path,
        tmp_path: Path,
        marker: FakeMarker,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        out = tmp_path / "marks.csv"
        marker.stop_at = 1
        assert main(["grade", str(rows), "-o", str(out), "--batch", "2"]) == ExitCode.INTERRUPTED
        assert capsys.readouterr().err.endswith(
            f"Stopped: 2 of 4 rows are marked and in {out}. CSV cannot be continued; JSONL can.\n"
        )


class TestGoingOn:
    def test_the_same_command_goes_on(
        self, rows: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        argv = ["grade", str(rows), "-o", str(out), "--batch", "2"]
        marker.stop_at = 1
        assert main(argv) == ExitCode.INTERRUPTED
        assert capsys.readouterr().err.endswith(
            f"Stopped: 2 of 4 rows are marked and in {out}. The same command continues there.\n"
        )
        assert len(marks_in(out.read_text())) == 2
        marker.stop_at = None
        assert main(argv) == ExitCode.SOME_UNMARKED
        assert capsys.readouterr().err.startswith("Going on after 2 of 4 marks.\n3 marked: ")
        # Two rows in the first run; in the second one item beside the broken row.
        assert marker.batches == [2, 1]
        assert [mark["id"] for mark in marks_in(out.read_text())] == ["r1", "r2", "line-3", "r4"]

    def test_what_is_done_is_left_alone(
        self, rows: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        argv = ["grade", str(rows), "-o", str(out)]
        main(argv)
        before = out.read_bytes()
        capsys.readouterr()
        assert main(argv) == ExitCode.SOME_UNMARKED
        assert capsys.readouterr().err == f"All 4 rows are marked in {out} already.\n"
        assert out.read_bytes() == before

    def test_other_marks_are_not_overwritten_unless_forced(
        self,
        rows: Path,
        tmp_path: Path,
        out: Path,
        marker: FakeMarker,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        other = class_set(tmp_path, [item(1, "5")], "other.jsonl")
        main(["grade", str(other), "-o", str(out), "--quiet"])
        before = out.read_bytes()
        argv = ["grade", str(rows), "-o", str(out), "--quiet"]
        assert main(argv) == ExitCode.BAD_INPUT
        assert capsys.readouterr().err == (
            f"kindmark: {out}, line 1: this is the mark of another answer than line 1 of the class "
            "set; nothing was overwritten.\nChoose another name, or overwrite it with --force.\n"
        )
        assert out.read_bytes() == before
        assert main([*argv, "--force"]) == ExitCode.SOME_UNMARKED
        assert len(marks_in(out.read_text())) == 4

    def test_rows_may_be_added(self, tmp_path: Path, out: Path, marker: FakeMarker) -> None:
        first = class_set(tmp_path, [item(1)])
        main(["grade", str(first), "-o", str(out)])
        both = class_set(tmp_path, [item(1), item(2)])
        assert main(["grade", str(both), "-o", str(out)]) == ExitCode.DONE
        assert marker.batches == [1, 1]


class TestTwoRunsAtOnce:
    def test_the_second_is_told_and_changes_nothing(
        self, rows: Path, out: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("fcntl")
        with held(out):
            out.write_bytes(b"of the first")
            argv = ["grade", str(rows), "-o", str(out)]
            assert main([*argv, "--force"]) == main(argv) == ExitCode.BAD_INPUT
        assert out.read_bytes() == b"of the first"
        assert capsys.readouterr().err.startswith(
            f"kindmark: Another run is writing to {out}.\n"
            "Wait until it ends, or give this run another file with -o.\n"
        )

    def test_the_next_may_write(self, rows: Path, out: Path, marker: FakeMarker) -> None:
        with held(out):
            assert out.exists()
        assert not out.exists()
        assert main(["grade", str(rows), "-o", str(out), "--quiet"]) == ExitCode.SOME_UNMARKED


class TestTable:
    def test_a_table_for_people(
        self, rows: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["grade", str(rows), "--format", "table"]) == ExitCode.SOME_UNMARKED
        text = capsys.readouterr().out
        assert all(len(line) <= 80 for line in text.splitlines())
        assert "1+1?" in text
        assert "Rows that are no items" in text

    def test_not_into_a_file(
        self, rows: Path, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        argv = ["grade", str(rows), "-o", str(out), "--format", "table"]
        assert main(argv) == ExitCode.BAD_INPUT
        assert capsys.readouterr().err == (
            "kindmark: A table goes to the screen, not into a file.\n"
            "Use --format csv or jsonl with -o.\n"
        )

    def test_control_characters_do_not_reach_the_terminal(
        self, tmp_path: Path, marker: FakeMarker, capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer = "\x1b[2Jred\x00\u202e [bold]b[/bold] :smile:"
        rows = class_set(tmp_path, [item(1, answer, learner="\x1b]0;x\x07")])
        main(["grade", str(rows), "--format", "table"])
        text = capsys.readouterr().out
        assert not {"\x1b", "\x00", "\x07", "\u202e"} & set(text)
        assert "�[2Jred��" in text

    @pytest.mark.parametrize("width", [80, 140])
    def test_wide_characters_stay_in_their_column(self, width: int) -> None:
        found = Row(line=1, id="r1", digest="", item=parse_item(item(1, "水果😀" * 40)))
        mark = FakeMarker().mark([parse_item(item(1, "水果😀" * 40))])[0]
        console = Console(width=width, file=io.StringIO())
        for part in mark_table.tables([(found, mark)], width):
            console.print(part)
        assert isinstance(console.file, io.StringIO)
        text = console.file.getvalue()
        assert all(cell_len(line) <= width for line in text.splitlines())
        assert "check" in text.splitlines()[-1 if width == 140 else -2]
        assert "It is not the reference." in text

    @pytest.mark.parametrize("width", [40, 72, 80, 140, 200])
    def test_widths(self, width: int) -> None:
        (table, *_) = mark_table.tables([], width)
        assert isinstance(table, Table)
        used = sum(column.width or 0 for column in table.columns) + len(table.columns) - 1
        assert used == max(width, 72)
