"""What stops a run is said in a sentence with what to do; defects of ours are not hidden."""

import errno
import os
import shutil
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace

from runtime.errors import BadInputError, ModelError
from tests.train.stages.small import recipe, stage
from train.recipe import Quantization
from train.stages.failures import check_machine, explained

STAGE = stage("sft", batch=4, accumulation=2, max_tokens=1024)


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_too_little_memory_suggests_smaller_numbers(tmp_path: Path) -> None:
    with (
        pytest.raises(BadInputError, match="too little memory") as caught,
        explained(STAGE, tmp_path),
    ):
        raise torch.OutOfMemoryError
    assert "batch = 1, accumulation = 8 and max_tokens = 512" in caught.value.remedy


@pytest.mark.parametrize(
    "error",
    [full(), RuntimeError("I/O error: No space left on device (os error 28)")],
)
def test_a_full_disk_says_that_the_last_checkpoint_is_whole(
    error: Exception, tmp_path: Path
) -> None:
    with pytest.raises(BadInputError, match=r"is full.*are whole"), explained(STAGE, tmp_path):
        raise error


@pytest.mark.parametrize(("free", "kind"), [(2**20, BadInputError), (2**30, RuntimeError)])
def test_a_short_file_means_a_full_disk_only_where_there_is_no_room(
    free: int, kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """torch.save says no more than this when the disk is full (seen on a disk of 3 MB)."""
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(kind), explained(STAGE, tmp_path):
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 32")


@pytest.mark.parametrize("error", [ModelError("a", "b"), KeyError("defect")])
def test_other_errors_pass(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as caught, explained(STAGE, tmp_path):
        raise error
    assert caught.value is error


def test_the_true_size_is_refused_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BadInputError, match="needs a GPU") as caught:
        check_machine(recipe(STAGE), tiny=False, on_cpu=False)
    assert "--tiny" in caught.value.remedy


@pytest.mark.parametrize(("tiny", "on_cpu"), [(True, False), (False, True)])
def test_tiny_runs_and_who_insists_need_no_gpu(
    tiny: bool, on_cpu: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    check_machine(recipe(STAGE), tiny=tiny, on_cpu=on_cpu)


def test_an_old_gpu_is_told_to_use_float16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: False)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Old")
    with pytest.raises(BadInputError, match="bfloat16") as caught:
        check_machine(recipe(STAGE), tiny=False, on_cpu=False)
    assert "float16" in caught.value.remedy
    older = Quantization(bits=4, compute="float16")
    check_machine(replace(recipe(STAGE), quantization=older), tiny=False, on_cpu=False)
