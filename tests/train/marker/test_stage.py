"""The marker's own stage, at a tiny size: folds, the final training, and what lies there after."""

import json
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.judge.features import RIGHT_WRONG
from runtime.judge.heads import load_head
from runtime.marking.item import Task
from train.bases import load_trained
from train.evaluation import load
from train.recipe import Recipe, Source, load_recipe, tiny_recipe
from train.run_folder import RunFolder
from train.runner import Options, train

STEPS = 3


def run(
    runs: Path, *, resume: bool = False, recipe: Recipe | None = None, steps: int = STEPS
) -> RunFolder:
    options = Options(
        data=runs,
        runs=runs,
        name="run",
        tiny=True,
        max_steps=steps,
        quiet=True,
        resume=resume,
    )
    path = train(recipe or load_recipe("minilm-marker"), options)
    return RunFolder(path, None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return run(tmp_path_factory.mktemp("marker"))


def test_every_fold_and_the_whole_are_trained(finished: RunFolder) -> None:
    steps = [entry["stage"] for entry in finished.entries()]
    assert steps == [
        name for name in ("verdict.fold-1", "verdict.fold-2", "verdict") for _ in range(STEPS)
    ]


def test_the_loss_falls_from_one_epoch_to_the_next(tmp_path: Path) -> None:
    entries = list(run(tmp_path, steps=0).entries())
    first = second = 0.0
    for stage in ("verdict.fold-1", "verdict.fold-2", "verdict"):
        losses = [entry["loss"] for entry in entries if entry["stage"] == stage]
        # Two epochs: each question once in either half.
        half = len(losses) // 2
        first += sum(losses[:half])
        second += sum(losses[half:])
    # Of the three together: a random net this small hardly moves in a single one.
    assert second < 0.85 * first


def test_the_head_is_one_that_the_runtime_reads(finished: RunFolder) -> None:
    path = finished.stage("verdict").path / "right-wrong.json"
    head = load_head(path, "right_wrong", RIGHT_WRONG)
    assert head.base == "minilm-marker"
    assert head.trained_on == ("reasoning-it",)


def test_the_adapter_loads_again(finished: RunFolder) -> None:
    model = load_trained(finished.stage("verdict").adapter).model
    trained = {name: one for name, one in model.named_parameters() if "lora_B" in name}
    assert trained
    # peft starts B at nothing: what is not nothing was learnt.
    assert all(one.abs().max() > 0 for one in trained.values())


def test_all_answers_are_measured_on_unseen_questions_before_and_after(
    finished: RunFolder,
) -> None:
    folder = finished.stage("verdict")
    before, after = load(folder.before)["labels"], load(folder.after)["labels"]
    assert before.comparison.rows == after.comparison.rows == 48
    assert (finished.path / "report.html").is_file()


def test_a_stopped_run_goes_on_with_the_fold_it_was_in(finished: RunFolder, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(finished.path, copy)
    # As a kill during the second fold leaves it.
    shutil.rmtree(copy / "verdict")
    shutil.rmtree(copy / "verdict.fold-2")
    (copy / "verdict.fold-2.json").unlink()
    before = (copy / "verdict.fold-1.json").stat().st_mtime_ns
    again = run(tmp_path, resume=True)
    assert (copy / "verdict.fold-1.json").stat().st_mtime_ns == before
    for name in ("verdict/right-wrong.json", "verdict/adapter/adapter_model.safetensors"):
        assert (again.path / name).read_bytes() == (finished.path / name).read_bytes()
    assert json.loads((copy / "verdict.fold-2.json").read_text("utf-8")) == json.loads(
        (finished.path / "verdict.fold-2.json").read_text("utf-8")
    )


def test_answers_that_are_all_wrong_teach_nothing(tmp_path: Path) -> None:
    rows = [
        {
            "id": n,
            "question": f"Why {n}?",
            "reference": "So.",
            "answer": "No.",
            "label": "incorrect",
        }
        for n in range(8)
    ]
    (tmp_path / "work.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    recipe = tiny_recipe(load_recipe("minilm-marker"))
    [stage] = recipe.stage
    source = Source(kind="file", name="work.jsonl", task=Task.SHORT_ANSWER)
    with (
        pytest.MonkeyPatch.context() as patched,
        pytest.raises(BadInputError, match="all incorrect"),
    ):
        patched.setattr("train.runner.tiny_recipe", lambda recipe: recipe)
        run(tmp_path, recipe=replace(recipe, stage=(replace(stage, data=(source,)),)))
