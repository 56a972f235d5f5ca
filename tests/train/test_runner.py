"""Running recipes: folders, resuming by name, what is refused, several processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.marking.item import Task
from tests.train.stages.small import recipe, stage
from train import runner
from train.recipe import Recipe, Source, Stage
from train.run_folder import toml
from train.runner import Options, train

ONE = stage("sft", epochs=1)
SMALL = recipe(ONE)


@pytest.fixture(autouse=True)
def _as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let recipes of these tests be run as they are: they are tiny already."""
    monkeypatch.setattr(runner, "tiny_recipe", lambda recipe: recipe)


def options(runs: Path, **changes: object) -> Options:
    return replace(Options(runs=runs, name="run", tiny=True, quiet=True, max_steps=2), **changes)


def test_a_finished_run_has_nothing_left_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = train(SMALL, options(tmp_path))
    written = {file: file.stat().st_mtime_ns for file in path.rglob("*") if file.is_file()}
    train(SMALL, options(tmp_path, resume=True, quiet=False))
    assert "sft: done already." in capsys.readouterr().err
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*") if file.is_file()} == written
    with pytest.raises(BadInputError, match="There is a run in"):
        train(SMALL, options(tmp_path))


def test_a_tiny_run_keeps_its_base(tmp_path: Path) -> None:
    path = train(SMALL, options(tmp_path))
    weights = path / "base" / "model.safetensors"
    whole = weights.read_bytes()
    assert (path / "base" / "tokenizer.json").is_file()
    # One that a kill has cut short is under another name, and is written again.
    (path / "base").rename(path / "base.part")
    train(SMALL, options(tmp_path, resume=True))
    assert weights.read_bytes() == whole


def test_a_run_without_a_name_is_found_again(tmp_path: Path) -> None:
    path = train(SMALL, options(tmp_path, name=""))
    assert path.name.startswith("small-20")
    assert train(SMALL, options(tmp_path, name="", resume=True)) == path


def test_a_resume_without_any_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no run of small to resume"):
        train(SMALL, options(tmp_path, name="", resume=True))


def test_another_seed_does_not_resume(tmp_path: Path) -> None:
    train(SMALL, options(tmp_path, seed=1))
    with pytest.raises(BadInputError, match=r"numbers have changed"):
        train(SMALL, options(tmp_path, seed=2, resume=True))


def test_an_unknown_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no stage 'stf'") as caught:
        train(SMALL, options(tmp_path, stages=("stf",)))
    assert "'sft'" in caught.value.remedy


def test_files_need_their_folder(tmp_path: Path) -> None:
    filed = _with_source(Source(kind="file", name="work.jsonl"))
    with pytest.raises(BadInputError, match=r"Stage sft reads work\.jsonl") as caught:
        train(filed, options(tmp_path))
    assert "--data" in caught.value.remedy


def test_contradictions_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": f"{number}{label}", "question": f"{number} + 1?", "answer": "2", "label": label}
        | {"feedback": "Look again.", "reference": str(number + 1)}
        for number in range(8)
        for label in ("correct", "incorrect")
    ]
    (tmp_path / "work.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    source = Source(kind="file", name="work.jsonl", task=Task.MATH)
    train(_with_source(source), options(tmp_path, data=tmp_path, quiet=False))
    assert "8 with more than one label" in capsys.readouterr().err


def test_the_true_size_needs_a_gpu(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="needs a GPU"):
        train(SMALL, options(tmp_path, tiny=False))
    assert list(tmp_path.iterdir()) == []


def test_two_processes_train_one_adapter(tmp_path: Path) -> None:
    """As ``accelerate launch`` starts them, on CPUs: both train, the first writes and prints."""
    (tmp_path / "small.toml").write_text(toml(SMALL), "utf-8")
    command = [
        *("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"),
        *("-m", "train.command", str(tmp_path / "small.toml")),
        *("--tiny", "--runs", str(tmp_path), "--name", "run", "--max-steps", "2"),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert facts["processes"] == 2
    assert (tmp_path / "run" / "sft" / "adapter" / "adapter_model.safetensors").is_file()
    lines = (tmp_path / "run" / "log.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2]
    assert done.stderr.count("The run is in") == 1


def _with_source(source: Source) -> Recipe:
    filed: Stage = replace(ONE, data=(source,))
    return recipe(filed)
