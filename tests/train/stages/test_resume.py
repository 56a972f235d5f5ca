"""A run that was stopped ends as if it had not been: same losses, same adapter."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file
from torch import Tensor
from transformers import TrainerCallback

from runtime.errors import BadInputError
from tests.train.stages.small import identity, losses, new_run, recipe, stage, trained, work
from train.run_folder import RunFolder, StageFolder
from train.stages.stage import Work, run_stage

# Rank 64 on 64 wide layers: 4,096 weights, from where on AdamW's state is really in 8 bits.
# Dropout and accumulation, so that random numbers and the place in the data must come back too.
SMALL = recipe(
    stage("sft", epochs=2, accumulation=2, checkpoints=2, learning_rate=2e-3), rank=64, dropout=0.2
)
STEPS = 8
DATA = work(train=8)


class Stopped(Exception):
    """Stands for whatever ends a process between two steps."""


def adapter(run: RunFolder) -> dict[str, Tensor]:
    return dict(load_file(run.stage("sft").adapter / "adapter_model.safetensors"))


def resumed(path: Path, data: Work = DATA) -> RunFolder:
    run = RunFolder.reopen(path, identity(SMALL))
    run_stage(SMALL, SMALL.stage[0], run, data, tiny=True, quiet=True)
    return run


def same(one: RunFolder, other: RunFolder) -> None:
    assert losses(one, "sft") == pytest.approx(losses(other, "sft"), abs=1e-6)
    found, expected = adapter(one), adapter(other)
    assert found.keys() == expected.keys()
    assert max(float((found[name] - expected[name]).abs().max()) for name in found) < 1e-6


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Return a run that nothing has stopped."""
    run, result = trained(SMALL, tmp_path_factory.mktemp("whole") / "run", DATA)
    assert result.steps == STEPS
    return run


def stop_after(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the trainer end at the beginning of the step after ``step``."""

    def on_step_begin(_: object, args: object, state: object, *__: object, **___: object) -> None:
        if getattr(state, "global_step", 0) == step:
            raise Stopped

    monkeypatch.setattr(TrainerCallback, "on_step_begin", on_step_begin)


@pytest.mark.parametrize("step", [5, 4, 1], ids=["after a checkpoint", "at one", "before any"])
def test_a_stopped_run_ends_like_a_whole_one(
    step: int, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        stop_after(step, patched)
        trained(SMALL, tmp_path / "run", DATA)
    assert losses(RunFolder(tmp_path / "run", identity(SMALL)), "sft")[-1:]
    same(resumed(tmp_path / "run"), whole)


def test_a_run_killed_while_it_saves_ends_like_a_whole_one(
    whole: RunFolder, tmp_path: Path
) -> None:
    code = "from tests.train.stages.test_resume import train_until_killed as t; t()"
    environment = {**os.environ, "RUN": str(tmp_path / "run"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    folder = whole.stage("sft")
    stopped = StageFolder(tmp_path / "run" / "sft")
    assert (stopped.saving / "checkpoint-6" / "optimizer.pt").exists()
    assert [step for step, _ in stopped.checkpoints()] == [2, 4]
    same(resumed(tmp_path / "run"), whole)
    assert [step for step, _ in stopped.checkpoints()] == [step for step, _ in folder.checkpoints()]


def train_until_killed() -> None:
    """Train in ``RUN`` and die while the third checkpoint is written: for the test above."""
    keep = StageFolder.keep

    def dying(self: StageFolder, written: Path, *rest: object) -> None:
        if written.name == "checkpoint-6":
            os.kill(os.getpid(), signal.SIGKILL)
        keep(self, written, *rest)  # type: ignore[arg-type]

    StageFolder.keep = dying  # type: ignore[assignment,method-assign]
    trained(SMALL, Path(os.environ["RUN"]), DATA)


@pytest.mark.parametrize("where", ["torch.save", "train.run_folder.write_whole"])
def test_a_full_disk_leaves_the_last_checkpoint_whole(
    where: str, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    keep = StageFolder.keep

    def keep_two(self: StageFolder, written: Path, *rest: object) -> None:
        keep(self, written, *rest)  # type: ignore[arg-type]
        if written.name == "checkpoint-4":
            patched.setattr(where, full)

    with monkeypatch.context() as patched:
        patched.setattr(StageFolder, "keep", keep_two)
        with pytest.raises(BadInputError, match="is full; the run has stopped"):
            trained(SMALL, tmp_path / "run", DATA)
    folder = StageFolder(tmp_path / "run" / "sft")
    assert [step for step, _ in folder.checkpoints()] == [2, 4]
    same(resumed(tmp_path / "run"), whole)


def test_an_old_checkpoint_goes_only_when_the_new_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Losing power between the two leaves one checkpoint too many, never one too few."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    run = new_run(SMALL, tmp_path / "run")
    folder = run.stage("sft")
    folder.clear_half_written()
    for step in (2, 4):
        (folder.saving / f"checkpoint-{step}").mkdir(parents=True)
        folder.keep(folder.saving / f"checkpoint-{step}", run.identity, "data")
    (folder.saving / "checkpoint-6").mkdir()
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        folder.keep(folder.saving / "checkpoint-6", run.identity, "data")
    assert [step for step, _ in folder.checkpoints()] == [2, 4]


def test_other_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        stop_after(3, patched)
        trained(SMALL, tmp_path / "run", DATA)
    with pytest.raises(BadInputError, match="checkpoint-2 was made with another data"):
        resumed(tmp_path / "run", DATA._replace(digest="another"))


def test_a_stage_from_an_untrained_one_is_refused(tmp_path: Path) -> None:
    both = recipe(stage("sft"), stage("classify"))
    run = new_run(both, tmp_path / "run")
    with pytest.raises(BadInputError, match="starts from sft, which is not trained"):
        run_stage(both, both.stage[1], run, DATA, tiny=True, quiet=True)


def test_a_stage_goes_on_from_the_adapter_of_the_one_before(tmp_path: Path) -> None:
    """With a learning rate of next to nothing, what a stage saves is what it started from."""
    both = recipe(stage("sft"), stage("classify", learning_rate=1e-12, epochs=1), rank=8)
    run = new_run(both, tmp_path / "run")
    for one in both.stage:
        run_stage(both, one, run, DATA, tiny=True, quiet=True)
    first, second = (
        load_file(run.stage(name).adapter / "adapter_model.safetensors")
        for name in ("sft", "classify")
    )
    carried = [name for name in second if ".lora_" in name]
    assert carried == [name for name in first if ".lora_" in name]
    assert all(float((second[n] - first[n]).abs().max()) < 1e-6 for n in carried)
