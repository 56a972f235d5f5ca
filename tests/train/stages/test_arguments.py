"""A recipe's numbers in the libraries' words."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.train.stages.small import TRAINING, recipe, stage
from train.stages.arguments import arguments, optimizer, save_every, steps


def made(warmup: float = 0.1, warmup_steps: int = 0) -> dict[str, object]:
    one = stage("sft", warmup=warmup, warmup_steps=warmup_steps)
    return arguments(
        recipe(one), one, Path("out"), examples=20, max_steps=0, devices=1, checkpointing=True
    )


def test_nothing_is_reported_elsewhere() -> None:
    assert made()["report_to"] == "none"


def test_warm_up_steps_replace_the_share() -> None:
    assert made(warmup=0.1)["warmup_steps"] == 0.1
    assert made(warmup=0.1, warmup_steps=7)["warmup_steps"] == 7


def test_no_steps_are_all_epochs() -> None:
    assert made()["max_steps"] == -1


@pytest.mark.parametrize(
    ("examples", "devices", "expected"), [(20, 1, 5), (21, 1, 6), (20, 2, 3), (1, 4, 1)]
)
def test_steps_of_an_epoch(examples: int, devices: int, expected: int) -> None:
    assert steps(replace(TRAINING, batch=2, accumulation=2), examples, devices) == expected


@pytest.mark.parametrize(("checkpoints", "expected"), [(1, 5), (2, 2), (5, 1), (9, 1)])
def test_checkpoints_an_epoch(checkpoints: int, expected: int) -> None:
    assert save_every(replace(TRAINING, batch=4, checkpoints=checkpoints), 20, 1) == expected


def test_nothing_is_paged_on_a_cpu() -> None:
    assert optimizer(TRAINING, on_gpu=True) == "paged_adamw_8bit"
    assert optimizer(TRAINING, on_gpu=False) == "adamw_bnb_8bit"
    assert optimizer(replace(TRAINING, optimizer="adamw_torch"), on_gpu=False) == "adamw_torch"
