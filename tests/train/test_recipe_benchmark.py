"""The benchmark of the recipes: it runs on any machine, at shapes that are the true ones."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from benchmarks import recipes
from train.bases.tiny import tiny_config
from train.bases.tokenizers import tiny_tokenizer
from train.recipe import Stage, load_recipe
from train.shapes import SHAPES

DECODERS = [name for name, shape in SHAPES.items() if shape.architecture != "bert"]


@pytest.mark.parametrize("name", DECODERS)
def test_the_measured_model_has_the_published_size(name: str) -> None:
    shape = SHAPES[name]
    tokenizer = tiny_tokenizer(shape.architecture)
    config = tiny_config(shape.architecture, tokenizer, **recipes.true_shape(shape))
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    assert sum(weight.numel() for weight in model.parameters()) == shape.parameters().total


def test_without_a_gpu_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert recipes.main(["--recipe", "gemma2b-stem-dpo", "-o", str(tmp_path / "table.md")]) == 0
    printed = capsys.readouterr().out
    rows = [line for line in printed.splitlines() if line.startswith("| gemma2b")]
    assert len(rows) == len(load_recipe("gemma2b-stem-dpo").stage)
    assert all("not measured (no GPU)" in row for row in rows)
    assert (tmp_path / "table.md").read_text("utf-8") == printed


def test_every_kind_of_stage_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recipes, "WARM_UP", 0)
    assert recipes.main(["--recipe", "gemma3n-math", "--tiny", "--steps", "1"]) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()[4:]]
    assert [row[2].strip() for row in rows] == ["solve", "mark", "prefer"]
    assert all(float(row[5]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("recipe", "stage", "columns"),
    [
        ("qwen2.5-judge", "judge", {"input_ids"}),
        ("gemma3n-math", "mark", {"input_ids"}),
        ("gemma3n-math", "prefer", {"chosen_ids", "rejected_ids"}),
        ("gemma2b-stem-dpo", "dpo", {"prompt_ids", "chosen_ids"}),
    ],
)
def test_rows_are_as_long_as_the_recipe_allows(recipe: str, stage: str, columns: set[str]) -> None:
    wanted: Stage = load_recipe(recipe).stage_named(stage)
    (row,) = recipes.random_rows(wanted, vocabulary=500, count=1)
    length = sum(len(row[name]) for name in columns)
    texts = 2 if stage == "prefer" else 1
    assert length == wanted.training.max_tokens * texts
    assert all(16 <= one < 500 for name in columns for one in row[name])
