"""Each kind of stage trains a 4-bit tiny model: the loss falls, the adapter comes back the same."""

from pathlib import Path
from statistics import mean

import pytest
import torch
from safetensors.torch import load_file

from runtime.errors import BadInputError
from tests.train.stages.small import losses, recipe, stage, trained, work
from train.bases import load_base, load_trained
from train.evaluation import load
from train.recipe import Kind
from train.run_folder import RunFolder
from train.stages import classify, dpo, prefer, sft
from train.stages.stage import StageResult
from train.stages.texts import Texts

KINDS: tuple[Kind, ...] = ("sft", "classify", "prefer", "dpo")
STEPS = 24
"""Four epochs of twelve rows (of six pairs, eight epochs) in twos."""

Trained = dict[Kind, tuple[RunFolder, StageResult]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Return a finished run of each kind."""
    found: Trained = {}
    for kind in KINDS:
        epochs = 8 if kind in {"prefer", "dpo"} else 4
        small = recipe(stage(kind, epochs=epochs))
        found[kind] = trained(small, tmp_path_factory.mktemp(kind) / "run")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_falls(kind: Kind, runs: Trained) -> None:
    run, result = runs[kind]
    found = losses(run, kind)
    assert result.steps == len(found) == STEPS
    assert mean(found[-6:]) < 0.9 * mean(found[:6])


@pytest.mark.parametrize("kind", KINDS)
def test_the_stage_is_measured_before_and_after_on_the_same_rows(kind: Kind, runs: Trained) -> None:
    folder = runs[kind][0].stage(kind)
    before, after = load(folder.before), load(folder.after)
    assert before.keys() == after.keys()
    assert [one.groups for one in before.values()] == [one.groups for one in after.values()]
    assert before != after


def test_replies_are_foretold_better_after_sft(runs: Trained) -> None:
    folder = runs["sft"][0].stage("sft")
    first, last = (
        load(path)["replies"].comparison.measures for path in (folder.before, folder.after)
    )
    assert last["loss"].value < first["loss"].value


@pytest.mark.parametrize("kind", KINDS)
def test_the_adapter_is_saved_in_full_precision(kind: Kind, runs: Trained) -> None:
    weights = load_file(runs[kind][0].stage(kind).adapter / "adapter_model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.float32}


@pytest.mark.parametrize("kind", KINDS)
def test_a_reloaded_adapter_measures_the_same(kind: Kind, runs: Trained) -> None:
    """The figures after the stage came from the model in memory; these from the one on disk."""
    run, _ = runs[kind]
    module = {"sft": sft, "classify": classify, "prefer": prefer, "dpo": dpo}[kind]
    one = recipe(stage(kind)).stage[0]
    loaded = load_trained(run.stage(kind).adapter)
    texts = Texts(loaded, one.training.max_tokens)
    rows = module.rows(one, texts, work().held_out, 5)
    assert module.measure(one, texts, loaded.model, rows) == load(run.stage(kind).after)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_half_written(kind: Kind, runs: Trained) -> None:
    names = {path.name for path in runs[kind][0].stage(kind).path.iterdir()}
    assert names == {
        "adapter",
        "before.json",
        "after.json",
        "result.json",
        f"checkpoint-{STEPS}",
        f"checkpoint-{STEPS - STEPS // (8 if kind in {'prefer', 'dpo'} else 4)}",
    }


def test_loss_is_on_the_reply_only() -> None:
    one = stage("sft")
    loaded = load_base(recipe(one), "causal", tiny=True)
    rows = sft.rows(one, Texts(loaded, 640), work().train, 5)
    row = sft.dataset(one, rows)[0]
    learnt = [
        token
        for token, counts in zip(row["input_ids"], row["completion_mask"], strict=True)
        if counts
    ]
    assert loaded.tokenizer.decode(learnt) == f"{work().train[0].feedback}<|im_end|>"


def test_classes_are_in_the_order_of_the_stage() -> None:
    one = stage("classify")
    texts = Texts(load_base(recipe(one), "classify", 2, tiny=True), 640)
    rows = classify.rows(one, texts, work().train, 5)
    assert classify.dataset(one, rows)["labels"][:4] == [1, 0, 1, 0]


@pytest.mark.parametrize("kind", ["prefer", "dpo"])
def test_a_pair_without_a_worse_answer_is_refused(kind: Kind) -> None:
    one = stage(kind)
    texts = Texts(load_base(recipe(one), "causal", tiny=True), 640)
    right_only = work().train[::2]
    module = prefer if kind == "prefer" else dpo
    with pytest.raises(BadInputError, match="nothing to prefer"):
        module.rows(one, texts, right_only, 5)


def test_work_that_is_all_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="none of 12 examples fits into 16 tokens"):
        trained(recipe(stage("sft", max_tokens=16)), tmp_path / "run")


def test_the_same_command_gives_the_same_bytes(runs: Trained, tmp_path: Path) -> None:
    again, _ = trained(recipe(stage("classify")), tmp_path / "run")
    for name in ("adapter_model.safetensors", "adapter_config.json", "tokenizer.json", "base.json"):
        first = runs["classify"][0].stage("classify").adapter / name
        assert (again.stage("classify").adapter / name).read_bytes() == first.read_bytes()
