"""Files that are no class set: each refused before anything is marked, in words for a teacher."""

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.records.class_set import ClassSet, format_of

SAVE_AS = "In a spreadsheet, choose 'Save as' and the type 'CSV UTF-8 (comma delimited)'."
GOOD = b'{"id":"1","task":"math","question":"1+1?","answer":"2"}\n'


def refusal(path: Path | str) -> tuple[str, str]:
    with pytest.raises(BadInputError) as caught:
        ClassSet.open(str(path))
    return caught.value.message, caught.value.remedy


def write(folder: Path, data: bytes, name: str = "class.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    missing = tmp_path / "clas.jsonl"
    assert refusal(missing) == (f"There is no file {missing}.", f"Is {path} meant?")


def test_a_file_that_resembles_none(tmp_path: Path) -> None:
    missing = tmp_path / "x"
    assert refusal(missing) == (f"There is no file {missing}.", "Check the name and the folder.")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "no"
    expected = f"There is no folder {folder} either; check the path."
    assert refusal(folder / "class.jsonl") == (
        f"There is no file {folder / 'class.jsonl'}.",
        expected,
    )


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"{tmp_path} is a folder.",
        "Name the file in it that holds the class set.",
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"  \r\n\t\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path, data)
    assert refusal(path) == (f"{path} is empty.", "A class set has one answer in every row.")


def test_latin_1_names_the_line_and_the_byte(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + 'x"Müller"'.encode("latin-1"))
    assert refusal(path) == (f"{path}, line 2, byte 4: not UTF-8 text.", SAVE_AS)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, GOOD.decode().encode(encoding))
    assert refusal(path) == (f"{path} is UTF-16 text, and UTF-8 is needed.", SAVE_AS)


def test_a_workbook_is_recognised(tmp_path: Path) -> None:
    path = write(tmp_path, b"PK\x03\x04\x14\x00\x06\x00", "class.xlsx")
    assert refusal(path) == (
        f"{path} is a spreadsheet workbook or a ZIP archive, and JSONL or CSV is needed.",
        SAVE_AS,
    )


@pytest.mark.parametrize("data", [b'[\n{"id": "1"}\n]', b'{\n"id": "1"\n}'])
def test_json_over_many_lines(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path, data)
    assert refusal(path) == (
        f"{path} is one JSON text over many lines.",
        'Write one object a line: {"id": "1", "task": "math", ...}.',
    )


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    with ClassSet.open(str(write(tmp_path, b"\xef\xbb\xbf" + GOOD))) as rows:
        assert [row.id for row in rows] == ["1"]
        assert len(rows) == 1


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    with ClassSet.open("-") as rows:
        assert [row.id for row in rows] == ["1"]


def test_stdin_as_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"id,task,question,answer\n1,math,1+1?,2\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with ClassSet.open("-", "csv") as rows:
        assert [row.id for row in rows] == ["1"]


def test_empty_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert refusal("-")[0] == "The standard input is empty."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_read_twice_although_it_runs_dry(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(GOOD,))
    writer.start()
    with ClassSet.open(str(pipe)) as rows:
        writer.join()
        assert [row.id for row in rows] == [row.id for row in rows] == ["1"]


def test_formats_by_suffix() -> None:
    assert [format_of(name) for name in ("a.CSV", "a.tsv", "a.jsonl", "a.txt", "-")] == [
        *("csv", "csv", "jsonl", "jsonl", "jsonl")
    ]
