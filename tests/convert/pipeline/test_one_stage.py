"""One stage, looked at closely: what is published marks as the trained model does, and a second
run makes only what is not there.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from convert.pipeline.stage_prompts import encoder_of, example_items, prompt_ids
from runtime.errors import ExitCode
from runtime.judge.catalogue import sha256
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.engine import Model
from runtime.judge.removing import remove
from runtime.judge.shelf import own_entries
from runtime.judge.side_head import load_side_head
from tests.convert.pipeline.conftest import Convert, Runs
from tests.convert.pipeline.runs import LABELS
from train.bases.adapters import load_trained


@pytest.fixture(scope="module")
def run(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("close") / "close"
    shutil.copytree(runs("qwen2"), folder, ignore=lambda *_: ["convert"])
    return folder


@pytest.fixture
def published(run: Path, store: Path, convert: Convert) -> Path:
    assert convert(run, "--stage", "mark", "--quant", "F16,Q4_0") == ExitCode.DONE
    return store


def test_the_published_head_gives_the_trained_models_logits(run: Path, published: Path) -> None:
    ids = prompt_ids("mark_short_answer", example_items()[:3], encoder_of(run / "mark" / "adapter"))
    loaded = load_trained(run / "mark" / "adapter")
    head = load_side_head(published / "close-mark.head.json")
    assert head.labels == LABELS
    with (
        Model(published / "close-mark-f16.gguf") as model,
        CausalContext(model, CausalLimits(2048)) as context,
        torch.inference_mode(),
    ):
        for one in ids:
            wanted = loaded.model(torch.tensor([one])).logits[0].numpy()
            np.testing.assert_allclose(head.logits(context.last(one)), wanted, atol=0.05)


def test_again_makes_nothing(
    run: Path,
    published: Path,
    convert: Convert,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = [*published.iterdir(), *(run / "convert" / "mark").glob("*.gguf")]
    before = {path: path.stat().st_mtime_ns for path in places}
    capsys.readouterr()
    assert convert(run, "--stage", "mark", "--quant", "F16,Q4_0") == ExitCode.DONE
    said = [line for line in capsys.readouterr().err.splitlines() if "there already" in line]
    # The merge, two GGUF files, a quantization, the checks of all three, and publishing.
    assert len(said) == 8
    assert {path: path.stat().st_mtime_ns for path in places} == before


def test_what_is_only_on_the_way_may_go(run: Path, published: Path, convert: Convert) -> None:
    shutil.rmtree(run / "convert" / "mark" / "merged")
    assert convert(run, "--stage", "mark", "--quant", "F16,Q4_0") == ExitCode.DONE
    assert not (run / "convert" / "mark" / "merged").exists()


def test_a_changed_file_is_made_again(run: Path, published: Path, convert: Convert) -> None:
    path = run / "convert" / "mark" / "close-mark-q4_0.gguf"
    whole = sha256(path)
    content = bytearray(path.read_bytes())
    content[-40] ^= 0xFF
    path.unlink()
    path.write_bytes(content)
    (published / path.name).unlink()
    assert convert(run, "--stage", "mark", "--quant", "F16,Q4_0") == ExitCode.DONE
    assert sha256(path) == sha256(published / path.name) == whole


def test_a_model_that_was_removed_is_published_again(
    run: Path, published: Path, convert: Convert
) -> None:
    remove("close-mark", published)
    assert own_entries(published) == ()
    assert convert(run, "--stage", "mark", "--quant", "F16,Q4_0") == ExitCode.DONE
    assert [entry.name for entry in own_entries(published)] == ["close-mark", "close-mark-head"]


def test_another_size_joins_those_that_are_there(
    run: Path, published: Path, convert: Convert
) -> None:
    assert convert(run, "--stage", "mark", "--quant", "Q8_0") == ExitCode.DONE
    names = {file.name for file in own_entries(published)[0].file}
    assert names == {f"close-mark-{kind}.gguf" for kind in ("f16", "q4_0", "q8_0")}


def test_the_card_says_what_it_is_and_what_it_cost(published: Path) -> None:
    card = (published / "close-mark.md").read_text("utf-8")
    for said in ("ours/tiny", "Apache-2.0", "incorrect, partial, correct", "short-answers"):
        assert said in card
    assert "close-mark-q4_0.gguf" in card
    assert "A tiny random model" in card
