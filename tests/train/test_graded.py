"""Graded work comes in as items with verdicts, grouped by question."""

import json
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from train.graded import read_graded

ROW = {"id": "1", "task": "math", "question": "1+1?", "answer": "2", "reference": "2"}
RIGHT = frozenset({"correct"})


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_labels_become_verdicts_and_questions_groups(tmp_path: Path) -> None:
    rows = [ROW | {"label": "Correct", "question_id": "q7"}, ROW | {"label": "wrong"}]
    found = read_graded(write(tmp_path / "work.jsonl", *rows), RIGHT)
    assert [(g.right, g.group) for g in found] == [(True, "q7"), (False, "1+1?")]


def test_a_bad_row_is_named_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "work.jsonl", ROW, {"id": "2"})
    with pytest.raises(BadInputError, match=r"work\.jsonl line 2: the field 'task' is missing"):
        read_graded(path, RIGHT)


def test_a_file_that_is_no_jsonl_is_named(tmp_path: Path) -> None:
    path = tmp_path / "work.jsonl"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadInputError, match="is not JSONL"):
        read_graded(path, RIGHT)
    with pytest.raises(BadInputError, match="cannot be read"):
        read_graded(tmp_path / "none.jsonl", RIGHT)
