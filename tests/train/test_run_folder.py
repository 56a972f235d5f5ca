"""The folder of a run: whole files, whole checkpoints, and no run mistaken for another."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from runtime.errors import BadInputError
from train.recipe import Recipe, load_recipe, recipe_names, tiny_recipe
from train.run_folder import Identity, RunFolder, StageFolder, toml, write_whole

RECIPE = load_recipe("qwen2.5-judge")
IDENTITY = Identity(
    recipe=RECIPE.name, digest=RECIPE.digest(), seed=RECIPE.seed, tiny=True, max_steps=0
)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", RECIPE, IDENTITY, {"device": "cpu"})


def checkpoint(folder: StageFolder, step: int, identity: Identity = IDENTITY) -> None:
    written = folder.saving / f"checkpoint-{step}"
    written.mkdir(parents=True)
    (written / "weights").write_bytes(b"weights")
    folder.keep(written, identity, "data")


@pytest.mark.parametrize("name", recipe_names())
def test_the_copied_recipe_is_the_same_recipe(name: str, tmp_path: Path) -> None:
    for recipe in (load_recipe(name), _tiny(name)):
        (tmp_path / "copy.toml").write_text(toml(recipe), "utf-8")
        assert load_recipe(str(tmp_path / "copy.toml")) == recipe


def _tiny(name: str) -> Recipe:
    recipe = load_recipe(name)
    simulated = all(any(s.kind == "simulator" for s in stage.data) for stage in recipe.stage)
    return tiny_recipe(recipe) if simulated else recipe


def test_a_copied_recipe_keeps_quotes_lines_and_emoji(tmp_path: Path) -> None:
    recipe = replace(RECIPE, title='A "title"\nof \\ two lines \U0001f600 è')
    (tmp_path / "copy.toml").write_text(toml(recipe), "utf-8")
    assert load_recipe(str(tmp_path / "copy.toml")) == recipe


def test_facts_are_added_to(run: RunFolder) -> None:
    run.note(data={"sft": "abc"})
    assert run.facts()["device"] == "cpu"
    assert run.facts()["data"] == {"sft": "abc"}


def test_a_run_of_the_same_name_is_not_written_over(run: RunFolder) -> None:
    with pytest.raises(BadInputError, match="There is a run in") as caught:
        RunFolder.create(run.path, RECIPE, IDENTITY, {})
    assert "--resume" in caught.value.remedy


def test_what_is_not_there_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no run to resume"):
        RunFolder.reopen(tmp_path / "nothing", IDENTITY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipe": "other"}, "recipe 'qwen2.5-judge'; now it is 'other'"),
        ({"digest": "0"}, "another recipe: its numbers have changed"),
        ({"seed": 99}, "now it is 99"),
        ({"tiny": False}, "tiny True; now it is False"),
        ({"max_steps": 5}, "max_steps 0; now it is 5"),
    ],
)
def test_another_run_is_not_resumed(change: dict[str, Any], words: str, run: RunFolder) -> None:
    with pytest.raises(BadInputError) as caught:
        RunFolder.reopen(run.path, replace(IDENTITY, **change))
    assert words in caught.value.message


def test_the_same_run_is_resumed(run: RunFolder) -> None:
    assert RunFolder.reopen(run.path, IDENTITY).facts() == run.facts()


def test_a_line_cut_off_by_a_kill_is_forgotten(run: RunFolder) -> None:
    run.log({"stage": "sft", "step": 1, "loss": 2.0})
    with run.journal.open("a") as file:
        file.write('{"stage": "sft", "st')
    assert [entry["step"] for entry in run.entries()] == [1]


def test_rewinding_forgets_later_steps_of_that_stage_only(run: RunFolder) -> None:
    for stage, step in [("one", 1), ("one", 2), ("two", 1), ("two", 2), ("two", 3)]:
        run.log({"stage": stage, "step": step})
    run.rewind("two", 1)
    found = [(entry["stage"], entry["step"]) for entry in run.entries()]
    assert found == [("one", 1), ("one", 2), ("two", 1)]


def test_the_newest_checkpoints_are_kept_in_the_order_of_their_steps(run: RunFolder) -> None:
    folder = run.stage("sft")
    for step in (2, 9, 10, 11):
        checkpoint(folder, step)
    assert [step for step, _ in folder.checkpoints()] == [10, 11]
    found = folder.last_checkpoint(IDENTITY, "data")
    assert found is not None
    assert found.step == 11


def test_what_is_half_written_is_no_checkpoint(run: RunFolder) -> None:
    folder = run.stage("sft")
    checkpoint(folder, 2)
    (folder.saving / "checkpoint-4").mkdir(parents=True)
    (folder.path / "checkpoint-6").mkdir()
    (folder.path / "adapter.part").mkdir()
    (folder.path / "after.json.part").touch()
    assert [step for step, _ in folder.checkpoints()] == [2]
    folder.clear_half_written()
    assert not folder.saving.exists()
    assert list(folder.path.glob("*.part")) == []


def test_a_stage_without_checkpoints_begins_at_the_start(run: RunFolder) -> None:
    assert run.stage("sft").last_checkpoint(IDENTITY, "data") is None


@pytest.mark.parametrize(
    ("identity", "data", "word"),
    [(replace(IDENTITY, digest="other"), "data", "recipe"), (IDENTITY, "other", "data")],
)
def test_a_checkpoint_of_something_else_is_refused(
    identity: Identity, data: str, word: str, run: RunFolder
) -> None:
    checkpoint(run.stage("sft"), 2)
    with pytest.raises(BadInputError, match=f"checkpoint-2 was made with another {word}"):
        run.stage("sft").last_checkpoint(identity, data)


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "run.json"
    write_whole(path, json.dumps({"old": 1}).encode())
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert json.loads(path.read_text()) == {"old": 1}
