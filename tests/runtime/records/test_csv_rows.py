"""CSV rows: what spreadsheets of different countries write, and what is wrong with some."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.records.class_set import ClassSet
from runtime.records.csv_rows import check_csv, read_csv
from runtime.records.rows import Row, RowReader

HEADING = "id,task,question,answer"


def rows_of(text: str) -> list[Row]:
    file = io.BytesIO(text.encode())
    count = check_csv(file, "class.csv")
    rows = list(RowReader().read(read_csv(file)))
    assert len(rows) == count
    return rows


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(BadInputError) as caught:
        check_csv(io.BytesIO(text.encode()), "class.csv")
    return caught.value.message, caught.value.remedy


class TestRefusals:
    def test_a_missing_column(self) -> None:
        assert refusal("id,task,answer\n1,math,2\n") == (
            "class.csv has no column 'question'.",
            "Its heading has: id, task, answer. It may be called: question, prompt, domanda.",
        )

    def test_a_misspelt_column(self) -> None:
        assert refusal("id,task,questoin,answer\n1,math,?,2\n") == (
            "class.csv has no column 'question'.",
            "Is 'questoin' meant? Rename it.",
        )

    def test_no_column_with_answers(self) -> None:
        assert refusal("id,task,question\n1,math,?\n")[0] == "class.csv has no column 'answer'."

    def test_a_column_given_twice(self) -> None:
        assert refusal(f"{HEADING},Answer\n1,math,?,2,3\n") == (
            "class.csv has two columns 'answer'.",
            "Rename or remove one.",
        )

    def test_a_quotation_mark_that_is_never_closed(self) -> None:
        assert refusal(f'{HEADING}\n1,math,?,2\n2,math,"1+\n1,3\n') == (
            "class.csv: a quotation mark in the row that starts in line 3 is not closed.",
            'Close it, and write a quotation mark inside a text twice: "".',
        )

    def test_a_quotation_mark_that_is_not_doubled(self) -> None:
        text = f'{HEADING}\n1,math,"a "big" dog",2\n'
        assert refusal(text)[0].startswith("class.csv: a quotation mark in the row that starts in")

    def test_a_heading_alone(self) -> None:
        assert refusal(f"{HEADING}\n\n , \n") == (
            "class.csv has a heading and no rows.",
            "Add one row an answer.",
        )


class TestSpreadsheets:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_delimiters(self, delimiter: str) -> None:
        text = f'{HEADING}\n1,math,"3,5 + 1; what?",4.5\n'
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
        (row,) = rows_of(out.getvalue())
        assert row.item is not None
        assert (row.item.question, row.item.answer) == ("3,5 + 1; what?", "4.5")

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, end: str) -> None:
        rows = rows_of(end.join([HEADING, "1,math,?,2", "", "2,math,?,3", ""]))
        assert [(row.line, row.id) for row in rows] == [(2, "1"), (4, "2")]

    def test_headings_in_capitals_with_blanks(self) -> None:
        (row,) = rows_of(" ID , Task,QUESTION,Answer\n1,math,?,2\n")
        assert row.item is not None

    def test_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "class.csv"
        path.write_bytes(b"\xef\xbb\xbf" + f'"id"{HEADING[2:]}\n1,math,?,2\n'.encode())
        with ClassSet.open(str(path)) as rows:
            assert [row.id for row in rows] == [row.id for row in rows] == ["1"]

    def test_a_row_is_named_by_its_first_line(self) -> None:
        rows = rows_of(f'{HEADING}\n1,math,"a\nb",2\n2,maths,?,3\n')
        assert [row.line for row in rows] == [2, 4]

    def test_empty_cells_at_the_end_are_fine(self) -> None:
        (row,) = rows_of(f"{HEADING}\n1,math,?,2,,,\n")
        assert row.item is not None

    def test_too_many_cells(self) -> None:
        (row,) = rows_of(f"{HEADING}\n7,math,?,3,5\n")
        assert (row.id, row.problem, row.remedy) == (
            "7",
            "this row has 5 cells and the heading 4",
            "Put quotation marks around texts that contain the delimiter.",
        )

    def test_a_megabyte_in_a_cell(self) -> None:
        (row,) = rows_of(f"{HEADING}\n1,math,?,{'x' * 1_000_000}\n")
        assert row.problem == "the answer has 1,000,000 characters, more than 100,000"


class TestCells:
    def one(self, column: str, cell: str) -> Row:
        out = io.StringIO()
        csv.writer(out).writerows([[*HEADING.split(","), column], ["1", "math", "?", "2", cell]])
        (row,) = rows_of(out.getvalue())
        return row

    @pytest.mark.parametrize("cell", ["0-5", "[0,5]", "[0, 5]", "0 - 5", "0–5", "0;5"])
    def test_scales(self, cell: str) -> None:
        row = self.one("scale", cell)
        assert row.item is not None
        assert row.item.scale == (0.0, 5.0)

    @pytest.mark.parametrize("cell", ["five", "5", "1..2-3"])
    def test_what_is_no_scale(self, cell: str) -> None:
        row = self.one("scale", cell)
        assert (row.id, row.problem, row.remedy) == (
            "1",
            f"the field 'scale' is wrong: {cell!r} is no range of scores",
            "Write it as 0-5 or [0,5].",
        )

    def test_rubrics(self) -> None:
        text = self.one("rubric", "Names two reasons.")
        data = self.one("rubric", '{"name":"reasons","criteria":[{"name":"first"}]}')
        assert text.item and text.item.rubric and text.item.rubric.description
        assert data.item and data.item.rubric and data.item.rubric.criteria[0].name == "first"

    def test_a_broken_rubric(self) -> None:
        row = self.one("rubric", '{"name":')
        assert row.remedy == "Write a rubric as JSON or as plain text."

    def test_empty_cells_are_absent(self) -> None:
        row = self.one("grade_level", " ")
        assert row.item is not None
        assert row.item.grade_level is None

    def test_an_empty_answer_is_an_answer(self) -> None:
        (row,) = rows_of(f"{HEADING}\n1,math,?,\n")
        assert row.item is not None
        assert row.item.text == ""

    @pytest.mark.parametrize(
        ("cell", "steps"),
        [("a\nb", ("a", "b")), ("a\r\nb", ("a", "b")), ("a | b", ("a", "b"))],
    )
    def test_steps(self, cell: str, steps: tuple[str, ...]) -> None:
        out = io.StringIO()
        rows = [["id", "task", "question", "answer", "steps"], ["1", "math", "?", "", cell]]
        csv.writer(out).writerows(rows)
        (row,) = rows_of(out.getvalue())
        assert row.item is not None
        assert (row.item.steps, row.item.answer) == (steps, "")

    def test_a_worked_solution_keeps_its_lines(self) -> None:
        row = self.one("solution", "1 + 1\n= 2")
        assert row.item is not None
        assert row.item.solution == "1 + 1\n= 2"

    def test_bars_within_lines_are_not_ends(self) -> None:
        row = self.one("steps", "|x | y|\nb")
        assert row.item is not None
        assert row.item.steps == ("|x | y|", "b")


@given(st.lists(st.text(), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_any_answer_comes_back_as_it_was(answers: list[str], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADING.split(","))
    writer.writerows([str(i), "math", "?", answer] for i, answer in enumerate(answers))
    found = [row.item.answer for row in rows_of(out.getvalue()) if row.item]
    assert found == answers
