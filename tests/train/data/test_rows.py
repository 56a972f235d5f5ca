"""Files come in as rows, and what is no data file says where and why."""

from pathlib import Path

import pytest

from runtime.errors import BadInputError
from tests.train.data.makers import write_rows
from train.data.rows import read_rows


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_json_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "work.jsonl", '{"a": 1}\n\n{"a": [2]}\n')
    assert [(row.line, row.fields) for row in read_rows(path)] == [(1, {"a": 1}), (3, {"a": [2]})]


def test_a_text_may_hold_what_some_call_a_line_end(tmp_path: Path) -> None:
    path = write(tmp_path / "work.jsonl", '{"a": "one\u2028two"}\n')
    assert read_rows(path)[0].fields == {"a": "one\u2028two"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_by_its_heading(tmp_path: Path, delimiter: str) -> None:
    lines = [["id", "answer", "mark"], ["1", '"two\nlines"', ""], ["2", "four", "5"]]
    path = write(tmp_path / "work.csv", "\n".join(delimiter.join(line) for line in lines))
    found = [(row.line, row.fields) for row in read_rows(path)]
    assert found == [
        (2, {"id": "1", "answer": "two\nlines"}),
        (4, {"id": "2", "answer": "four", "mark": "5"}),
    ]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = write(tmp_path / "work.csv", b"\xef\xbb\xbfid,answer\n1,2\n")
    assert read_rows(path)[0].fields == {"id": "1", "answer": "2"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", "", "a.jsonl is empty"),
        ("a.csv", "id,answer\n", "a.csv is empty"),
        ("a.jsonl", '{"a": 1}\nnot json\n', "a.jsonl, line 2: this row is not JSON"),
        ("a.jsonl", '{"a": 1}\n[1]\n', "a.jsonl, line 2: this row is no JSON object"),
        ("a.json", "[\n]\n", "a.json, line 1: this is one JSON text over many lines"),
        ("a.jsonl", b'{"a": 1}\n\xff', "a.jsonl, line 2: not UTF-8"),
        ("a.csv", 'id,answer\n1,"open\n', "the row that starts in line 2 is not CSV"),
        ("a.csv", "id,answer\n1,2,3\n", "a.csv, line 2: this row has 3 cells and the heading 2"),
        ("a.xlsx", "", "a.xlsx has no ending that says how to read it"),
    ],
)
def test_what_is_no_data_file_says_why(
    tmp_path: Path, name: str, text: str | bytes, message: str
) -> None:
    with pytest.raises(BadInputError, match=message) as caught:
        read_rows(write(tmp_path / name, text))
    assert caught.value.remedy


def test_a_missing_file_is_answered_with_the_nearest(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", {})
    with pytest.raises(BadInputError) as caught:
        read_rows(tmp_path / "trian.jsonl")
    assert caught.value.remedy == f"Is {tmp_path / 'train.jsonl'} meant?"
