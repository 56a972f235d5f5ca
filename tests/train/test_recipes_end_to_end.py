"""Every recipe for language models, all its stages: data, 4-bit steps, a falling loss, an adapter.

The recipes are the ones that come with Kindmark, with fewer rows and more passes over them, so
that a random model has something to learn by heart.
"""

import json
from statistics import mean

import pytest
import torch
from msgspec.structs import replace
from peft import PeftModel

from tests.train.stages.small import losses
from train import runner
from train.bases import Loaded, load_trained
from train.evaluation import load
from train.recipe import Recipe, Stage, load_recipe, tiny_recipe
from train.run_folder import RunFolder, StageFolder
from train.runner import Options, as_run, train
from train.stages import stage as stages

NAMES = ("gemma3n-math", "gemma3n-essay", "qwen2.5-judge", "qwen3-reasoning-it", "gemma2b-stem-dpo")
STEPS = 16
RATES = {"sft": 1e-2, "classify": 1e-2, "prefer": 5e-3, "dpo": 3e-3}
"""A random model moves at these within so few steps and does not yet jump about."""

IDS = torch.tensor([[7, 8, 9, 300, 301, 302]])

Logits = dict[str, torch.Tensor]


def small(recipe: Recipe) -> Recipe:
    tiny = tiny_recipe(recipe)
    return replace(tiny, stage=tuple(_small(stage) for stage in tiny.stage))


def _small(stage: Stage) -> Stage:
    # Six classes, or pairs of answers to a few questions, need as many rows as this.
    count = 24 if stage.kind != "sft" else 10
    training = replace(
        stage.training,
        epochs=STEPS,
        batch=2,
        accumulation=1,
        learning_rate=RATES[stage.kind],
        max_grad_norm=1.0,
        schedule="constant",
        # A tiny tokenizer makes 750 tokens of what a true one makes 500 of.
        max_tokens=960 if stage.kind == "sft" else stage.training.max_tokens,
    )
    return replace(stage, data=(replace(stage.data[0], count=count),), training=training)


@pytest.fixture(scope="module", params=NAMES)
def finished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Recipe, RunFolder, Logits]:
    """Return the recipe as it was run, its folder, and what each stage's model in memory said."""
    said: Logits = {}
    save = stages.save_adapter_of

    def listening(model: PeftModel, loaded: Loaded, folder: StageFolder) -> None:
        said[folder.path.name] = logits(model.eval())
        save(model, loaded, folder)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runner, "tiny_recipe", small)
        patched.setattr(stages, "save_adapter_of", listening)
        runs = tmp_path_factory.mktemp("runs")
        options = Options(runs=runs, name="run", tiny=True, max_steps=STEPS, quiet=True)
        path = train(load_recipe(request.param), options)
        recipe = as_run(load_recipe(request.param), options)
    return recipe, RunFolder(path, None), said  # type: ignore[arg-type]


def logits(model: PeftModel) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(input_ids=IDS).logits
    return found


def test_the_loss_of_every_stage_falls(finished: tuple[Recipe, RunFolder, Logits]) -> None:
    recipe, run, _ = finished
    found = {stage.name: losses(run, stage.name) for stage in recipe.stage}
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(found, STEPS)
    fell = {name: (mean(values[:5]), mean(values[-5:])) for name, values in found.items()}
    assert [name for name, (first, last) in fell.items() if not last < first] == [], fell


def test_a_reloaded_adapter_gives_the_same_logits(
    finished: tuple[Recipe, RunFolder, Logits],
) -> None:
    recipe, run, said = finished
    for stage in recipe.stage:
        loaded = load_trained(run.stage(stage.name).adapter)
        assert torch.equal(logits(loaded.model), said[stage.name]), stage.name


def test_every_stage_is_measured_before_and_after(
    finished: tuple[Recipe, RunFolder, Logits],
) -> None:
    recipe, run, _ = finished
    for stage in recipe.stage:
        folder = run.stage(stage.name)
        before, after = load(folder.before), load(folder.after)
        assert before.keys() == after.keys()
        expected = {"sft": "replies", "classify": "labels"}.get(stage.kind, "preferences")
        assert expected in after


def test_the_folder_says_what_was_done(finished: tuple[Recipe, RunFolder, Logits]) -> None:
    recipe, run, _ = finished
    assert load_recipe(str(run.path / "recipe.toml")) == recipe
    facts = json.loads((run.path / "run.json").read_text("utf-8"))
    assert facts["data"].keys() == {stage.name for stage in recipe.stage}
    assert facts["identity"]["seed"] == recipe.seed
    assert {"versions", "device", "command", "prompt"} <= facts.keys()
    assert (run.path / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert (run.path / "widths.json").exists() == bool(recipe.evaluate_bits)
    assert recipe.stage[-1].name in (run.path / "report.html").read_text("utf-8")
