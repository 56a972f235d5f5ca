"""The report of a run: made of what is there, whole, the same bytes each time."""

import json
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.marking.item import Task
from tests.runtime.report.examples import Read
from train.data.schema import Example
from train.evaluation import (
    Evaluation,
    evaluate_classification,
    evaluate_preferences,
    evaluate_replies,
    save,
    write_run_report,
)

RECIPE = """\
name = "ours"
title = "A small recipe"
follows = ""
[base]
hub = "maker/model"
[[stage]]
name = "write"
kind = "sft"
[[stage]]
name = "sort.2"
kind = "classify"
[[stage]]
name = "prefer"
kind = "prefer"
"""
ROWS = 36
GROUPS = [f"q{row // 3}" for row in range(ROWS)]
LABELS = [row % 2 for row in range(ROWS)]


def sorted_rows(wrong: int) -> dict[str, Evaluation]:
    examples = [
        Example(
            id=f"e{row}",
            set="ours",
            group=group,
            task=Task.SHORT_ANSWER,
            question="Why?",
            answer="<script>x</script>",
        )
        for row, group in enumerate(GROUPS)
    ]
    given = [1 - label if row < wrong else label for row, label in enumerate(LABELS)]
    chances = [[0.3, 0.7] if code else [0.7, 0.3] for code in given]
    found = evaluate_classification(LABELS, chances, ("incorrect", "correct"), GROUPS, examples)
    return {"labels": found}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "recipe.toml").write_text(RECIPE, "utf-8")
    (tmp_path / "run.json").write_text(json.dumps({"seed": 7, "data": {"write": {"train": 9}}}))
    entries = [
        {"stage": stage, "step": step, "loss": 3 / step}
        for stage in ("write", "sort.2", "prefer")
        for step in (1, 2, 3)
    ]
    lines = [json.dumps(entry) + "\n" for entry in entries]
    # What a kill has cut off.
    (tmp_path / "log.jsonl").write_text("".join(lines) + '{"stage": "pre', "utf-8")
    for stage in ("write", "sort.2", "prefer"):
        (tmp_path / stage).mkdir()
    tokens = [10] * ROWS
    for name, loss in (("before", -30.0), ("after", -10.0)):
        replies = evaluate_replies([loss] * ROWS, tokens, [5] * ROWS, GROUPS)
        save({"replies": replies}, tmp_path / "write" / f"{name}.json")
    save(sorted_rows(18), tmp_path / "sort.2" / "before.json")
    save(sorted_rows(2), tmp_path / "sort.2" / "after.json")
    for name, margin in (("before", -0.5), ("after", 2.0)):
        ahead = evaluate_preferences([margin] * ROWS, GROUPS)
        save({"preferences": ahead}, tmp_path / "prefer" / f"{name}.json")
    return tmp_path


def test_it_tells_of_every_stage(run: Path) -> None:
    path = write_run_report(run)
    text = path.read_text("utf-8")
    assert path == run / "report.html"
    for part in (
        "A small recipe",
        "maker/model",
        "(3 of 3)",
        "sort.2: accuracy",
        "train 9",
        "36 rows of 12",
    ):
        assert part in text
    assert '<td class="good">-2.000</td>' in text
    assert '<td class="good">+0.444</td>' in text


def test_it_is_whole_and_quotes_answers_as_text(run: Path) -> None:
    text = write_run_report(run).read_text("utf-8")
    read = Read(text)
    assert read.open == []
    assert len(set(read.ids)) == len(read.ids)
    assert "script" not in read.names
    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "http" not in text


def test_the_same_run_gives_the_same_bytes(run: Path) -> None:
    first = write_run_report(run).read_bytes()
    assert write_run_report(run).read_bytes() == first


def test_a_stage_that_is_still_training_is_not_missed(run: Path) -> None:
    (run / "prefer" / "after.json").unlink()
    text = write_run_report(run).read_text("utf-8")
    assert "(2 of 3)" in text
    assert "Not measured yet." in text


def test_a_run_that_has_only_begun(run: Path) -> None:
    for name in ("run.json", "log.jsonl", "write/after.json", "sort.2/after.json"):
        (run / name).unlink()
    (run / "prefer" / "after.json").unlink()
    assert "none yet (0 of 3)" in write_run_report(run).read_text("utf-8")


def test_a_trial_says_that_it_is_one(run: Path) -> None:
    assert "begins at random" not in write_run_report(run).read_text("utf-8")
    (run / "run.json").write_text('{"identity": {"tiny": true}}', "utf-8")
    assert "begins at random" in write_run_report(run).read_text("utf-8")


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="There is no run in"):
        write_run_report(tmp_path)
