"""Recipes: the published numbers stand in them, and what is wrong is named with file and key."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError
from runtime.judge import prompt
from train.recipe import (
    FOLDER,
    Recipe,
    Stage,
    load_recipe,
    recipe_names,
    recipe_path,
    tiny_recipe,
)
from train.simulate import SIMULATORS

GOOD = """
name = "mine"
title = "Mine"
follows = "Nobody."
seed = 1
[base]
hub = "some/base"
architecture = "qwen2"
licence = "MIT"
[quantization]
bits = 4
[adapter]
rank = 8
alpha = 16
dropout = 0.05
targets = ["q_proj"]
[[stage]]
name = "mark"
kind = "classify"
prompt = "mark_maths"
labels = ["incorrect", "correct"]
held_out = 0.1
[stage.training]
epochs = 1
batch = 1
accumulation = 1
learning_rate = 2e-4
schedule = "cosine"
optimizer = "adamw_torch"
max_tokens = 64
[[stage.data]]
kind = "simulator"
name = "maths-answers"
count = 10
"""
AGAIN = GOOD[GOOD.index("[[stage]]") :]
"""The stage once more, to follow the first."""


def refused(folder: Path, text: str) -> BadInputError:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInputError) as caught:
        load_recipe(str(path))
    assert str(path) in caught.value.message
    return caught.value


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


class TestOurs:
    @pytest.mark.parametrize("name", recipe_names())
    def test_it_loads_and_its_prompts_and_simulators_exist(self, name: str) -> None:
        recipe = load_recipe(name)
        assert recipe.name == name
        for stage in recipe.stage:
            assert stage.kind == "embed" or callable(getattr(prompt, stage.prompt))
            simulators = {source.name for source in stage.data if source.kind == "simulator"}
            assert simulators <= SIMULATORS.keys()

    @pytest.mark.parametrize("name", recipe_names())
    def test_every_number_has_its_reason(self, name: str) -> None:
        # Beside it, or once for a whole table, under its heading.
        whole = (FOLDER / f"{name}.toml").read_text("utf-8")
        text = re.sub(r"^\[\[.*\n#.*(?:\n(?!\[).*)*", "", whole, flags=re.M)
        assert re.findall(r"^\w+ *= *\[?[\d.][^#\n]*$", text, re.M) == []

    @pytest.mark.parametrize("name", recipe_names())
    def test_it_can_be_tried_without_network_or_files(self, name: str) -> None:
        whole, tiny = load_recipe(name), tiny_recipe(load_recipe(name))
        assert [stage.name for stage in tiny.stage] == [stage.name for stage in whole.stage]
        assert {source.kind for stage in tiny.stage for source in stage.data} == {"simulator"}
        assert tiny.digest() != whole.digest()

    def test_gemma3n_math_has_the_published_numbers(self) -> None:
        recipe = load_recipe("gemma3n-math")
        mark = recipe.stage_named("mark")
        assert recipe.base.hub == "google/gemma-3n-E2B-it"
        assert [(stage.name, stage.kind) for stage in recipe.stage] == [
            ("solve", "sft"),
            ("mark", "classify"),
            ("prefer", "prefer"),
        ]
        assert numbers(recipe, mark) == (8, 16, 0.05, 2, 1, 4, 2e-4, 0.03)
        assert (len(mark.labels), mark.balance, mark.training.max_tokens) == (2, True, 1024)
        assert mark.training.optimizer == "paged_adamw_8bit"

    def test_gemma3n_essay_has_six_scores(self) -> None:
        mark = load_recipe("gemma3n-essay").stage_named("mark")
        assert mark.labels == ("0", "1", "2", "3", "4", "5")
        assert mark.balance

    def test_the_judge_has_the_published_numbers(self) -> None:
        recipe = load_recipe("qwen2.5-judge")
        (stage,) = recipe.stage
        assert numbers(recipe, stage) == (16, 32, 0.05, 3, 2, 4, 2e-4, 0.1)
        assert len(recipe.adapter.targets) == 7
        assert (stage.training.schedule, stage.balance) == ("cosine", True)

    def test_the_italian_tutor_has_the_published_numbers(self) -> None:
        recipe = load_recipe("qwen3-reasoning-it")
        (stage,) = recipe.stage
        assert numbers(recipe, stage) == (64, 16, 0.05, 3, 4, 2, 2e-4, 0.1)
        assert (stage.training.weight_decay, stage.training.max_grad_norm) == (0.01, 1.0)
        assert (stage.held_out, recipe.devices) == (0.05, 4)

    def test_gemma2b_prefers_with_and_without_sft(self) -> None:
        recipe = load_recipe("gemma2b-stem-dpo")
        sft, dpo, alone = (recipe.stage_named(name) for name in ("sft", "dpo", "dpo-alone"))
        assert (sft.training.epochs, sft.training.batch) == (4, 8)
        assert (dpo.training.epochs, dpo.training.batch) == (3, 4)
        assert (dpo.training.learning_rate, dpo.training.warmup_steps) == (5e-4, 100)
        assert recipe.start_of(dpo) == sft
        assert recipe.start_of(alone) is None
        assert alone.training == dpo.training
        assert {4, 8} <= set(recipe.evaluate_bits)


def numbers(recipe: Recipe, stage: Stage) -> tuple[float, ...]:
    """Return what the issue names: adapter, epochs, batch x accumulation, rate, warm-up."""
    adapter, training = recipe.adapter_of(stage), stage.training
    return (
        adapter.rank,
        adapter.alpha,
        adapter.dropout,
        training.epochs,
        training.batch,
        training.accumulation,
        training.learning_rate,
        training.warmup,
    )


class TestReading:
    def test_a_file_of_ones_own(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text(GOOD, "utf-8")
        assert load_recipe(str(path)).stage[0].labels == ("incorrect", "correct")

    def test_an_unknown_recipe_is_answered_with_the_nearest(self) -> None:
        with pytest.raises(BadInputError) as caught:
            recipe_path("gema3n-math")
        assert caught.value.message == "There is no recipe 'gema3n-math'."
        assert caught.value.remedy == "Is 'gemma3n-math' meant?"

    @pytest.mark.parametrize(
        ("old", "new", "key", "nearest"),
        [
            ("seed = 1", "seed = 1\nsed = 1", "sed", "seed"),
            ("rank = 8", "rank = 8\nranks = 8", "adapter.ranks", "rank"),
            ("epochs = 1", "epochs = 1\nepoch = 1", "stage[0].training.epoch", "epochs"),
            ("count = 10", "count = 10\ncounts = 1", "stage[0].data[0].counts", "count"),
        ],
    )
    def test_an_unknown_key_is_named_with_its_path(
        self, tmp_path: Path, old: str, new: str, key: str, nearest: str
    ) -> None:
        error = refused(tmp_path, changed(old, new))
        assert f"there is no key {key}." in error.message
        assert error.remedy == f"Is '{nearest}' meant?"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("rank = 8", 'rank = "8"', "adapter.rank: Expected int, got str"),
            ("rank = 8", "rank = 0", "adapter.rank: Expected int >= 1"),
            ("held_out = 0.1", "held_out = 1.5", "stage[0].held_out: Expected float < 1"),
            ("learning_rate = 2e-4", "learning_rate = 0", "learning_rate: Expected float > 0"),
            ("bits = 4", "bits = 5", "quantization.bits"),
            ('"qwen2"', '"qwen9"', "base.architecture"),
            ("rank = 8\n", "", "adapter.rank is missing"),
            ("seed = 1\n", "", "seed is missing"),
            ("seed = 1", "seed = ", "is not a recipe"),
        ],
    )
    def test_a_wrong_value_is_named_with_its_path(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        assert said in refused(tmp_path, changed(old, new)).message

    @pytest.mark.parametrize(
        ("text", "said", "remedy"),
        [
            (GOOD + AGAIN, "stage mark: the name is taken", "base, mark"),
            (
                GOOD + AGAIN.replace('"mark"', '"more"\nstart = "marc"'),
                "start names 'marc'",
                "Is 'mark' meant?",
            ),
            (changed('"incorrect", "correct"', '"correct"'), "two or more", "labels"),
            (changed('"incorrect", "correct"', '"a", "a"'), "two or more", "labels"),
            (changed('"classify"', '"sft"'), "labels are for classify", "Take the labels out"),
            (changed('prompt = "mark_maths"', ""), "has a prompt", "mark_maths"),
            (changed("count = 10", ""), "simulator maths-answers makes nothing", "count"),
        ],
    )
    def test_what_does_not_go_together_is_named(
        self, tmp_path: Path, text: str, said: str, remedy: str
    ) -> None:
        error = refused(tmp_path, text)
        assert said in error.message
        assert remedy in error.remedy

    def test_an_embed_stage_brings_its_own_settings(self, tmp_path: Path) -> None:
        text = changed('kind = "classify"\nprompt = "mark_maths"', 'kind = "embed"')
        text = text.replace('labels = ["incorrect", "correct"]', "")
        path = tmp_path / "mine.toml"
        path.write_text(text + '[stage.embed]\nmargin = 0.2\nheads = ["verdict"]\n', "utf-8")
        assert load_recipe(str(path)).stage[0].embed == {"margin": 0.2, "heads": ["verdict"]}


class TestRecipe:
    def test_a_stage_goes_on_from_the_one_before_it(self) -> None:
        recipe = load_recipe("gemma3n-math")
        solve, mark, prefer = recipe.stage
        assert recipe.start_of(solve) is None
        assert recipe.start_of(mark) == solve
        assert recipe.start_of(prefer) == mark

    def test_an_unknown_stage_is_answered_with_the_nearest(self) -> None:
        with pytest.raises(BadInputError) as caught:
            load_recipe("gemma3n-math").stage_named("solv")
        assert caught.value.remedy == "Is 'solve' meant?"

    def test_a_stage_may_have_a_dropout_of_its_own(self) -> None:
        recipe = load_recipe("gemma3n-math")
        other = msgspec.structs.replace(recipe.stage[0], dropout=0.3)
        assert recipe.adapter_of(other).dropout == 0.3
        assert recipe.adapter_of(recipe.stage[0]) == recipe.adapter

    def test_the_digest_changes_with_every_number(self) -> None:
        recipe = load_recipe("gemma3n-math")
        assert recipe.digest() == load_recipe("gemma3n-math").digest()
        assert recipe.digest() != msgspec.structs.replace(recipe, seed=2).digest()

    def test_a_recipe_without_simulator_cannot_be_tiny(self) -> None:
        recipe = msgspec.convert(tomllib.loads(changed('"simulator"', '"file"')), Recipe)
        with pytest.raises(BadInputError, match="Stage mark of recipe mine has no simulator"):
            tiny_recipe(recipe)
