"""The threshold baseline: its cuts, its table, its command."""

import json
from pathlib import Path

import numpy as np
import pytest

from runtime.errors import BadInputError, ExitCode
from runtime.judge.embedded import MODEL_FILE
from runtime.judge.encoder import Encoder
from tests import tiny_models
from train.simulate import thresholds


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    sources = tiny_models.write_sources(tmp_path_factory.mktemp("sources"))
    tiny_models.write_gguf(folder / MODEL_FILE, sources)
    return folder


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    folder = tmp_path / "summaries"
    folder.mkdir()
    rows = [{"answer": f"the sun is warm {k}", "prompt_id": "p", "label": k / 3} for k in range(12)]
    path = folder / "dev.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    prompts = {"p": {"prompt_text": "The sun is warm."}}
    (folder / "prompts.json").write_text(json.dumps(prompts), encoding="utf-8")
    return path


def test_cuts_belong_to_the_higher_score() -> None:
    found = thresholds.score_of(np.array([-0.1, 0.19, 0.2, 0.5, 0.6, 0.75, 0.89, 0.9, 1.0]))
    assert list(found) == [0, 0, 1, 2, 3, 4, 4, 5, 5]
    assert list(thresholds.right_of(np.array([0.84, 0.85]))) == [0, 1]


def test_quantiles_cut_into_equal_parts_and_keep_the_order() -> None:
    assert thresholds.by_quantiles([5, 1, 2, 3, 4, 0, -1, 6, 7, 8, 9, 10]) == (
        *(3, 1, 1, 2, 2, 0),
        *(0, 3, 4, 4, 5, 5),
    )


def test_the_comparison_counts_every_pair() -> None:
    work = thresholds.Work("w", (("a", "b"),) * 4, (0, 1, 5, 5))
    found = thresholds.compared(work, np.array([0.1, 0.5, 0.95, 0.7]))
    assert found.accuracy == 0.5
    assert found.disagreement == 0.5
    assert found.majority == 0.5
    assert found.confusion[5] == (0, 0, 0, 1, 0, 1)
    assert sum(map(sum, found.confusion)) == found.answers == 4


def test_a_text_is_as_near_to_itself_as_can_be(store: Path) -> None:
    with Encoder.open(store / MODEL_FILE) as encoder:
        [same] = thresholds.similarities(encoder, [("the sun", "the sun")])
        assert same == pytest.approx(1.0, abs=1e-5)
        [found] = thresholds.thresholds_report(
            [thresholds.Work("w", (("a cat", "a cat"),), (1,), binary=True)], encoder
        )
    assert found.accuracy == 1.0


def test_the_command_prints_one_row_a_work(
    store: Path, graded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KINDMARK_MODELS", str(store))
    assert thresholds.main(["--count", "12", "--data", str(graded)]) == 0
    printed = capsys.readouterr().out
    rows = [line.split(" | ")[0] for line in printed.splitlines() if "%" in line]
    assert rows == [
        "| simulated maths answers",
        "| simulated summaries, to a good one",
        "| simulated summaries, to the text",
        "| summaries",
    ]


def test_faults_of_a_graded_file_are_named(graded: Path, tmp_path: Path) -> None:
    prompts = graded.with_name("prompts.json")
    with pytest.raises(BadInputError, match="cannot be read"):
        thresholds.graded_summaries(graded, tmp_path / "none.json")
    graded.write_text('{"answer": "a", "prompt_id": "other", "label": 1}\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="'other'"):
        thresholds.graded_summaries(graded, prompts)
    graded.write_text("", encoding="utf-8")
    with pytest.raises(BadInputError, match="no rows"):
        thresholds.graded_summaries(graded, prompts)
    prompts.write_text("[]", encoding="utf-8")
    with pytest.raises(BadInputError, match="not a file of texts"):
        thresholds.graded_summaries(graded, prompts)


def test_a_fault_is_two_sentences_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.jsonl")
    monkeypatch.setattr("sys.argv", ["thresholds", "--count", "1", "--data", missing])
    assert thresholds.command() == ExitCode.BAD_INPUT
    assert "cannot be read" in capsys.readouterr().err


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(BadInputError, match="too small"):
        thresholds.main(["--count", "0"])
