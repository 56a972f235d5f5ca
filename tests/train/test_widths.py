"""Fewer bits: a smaller model of the same adapter, measured on the same rows."""

import pytest
import torch

from train.bases import apply_adapter, load_base, save_adapter
from train.recipe import load_recipe, tiny_recipe
from train.simulate import SIMULATORS
from train.widths import Width, measure_widths, table


@pytest.fixture(scope="module")
def widths(tmp_path_factory: pytest.TempPathFactory) -> list[Width]:
    folder = tmp_path_factory.mktemp("adapter")
    torch.set_num_threads(1)
    recipe = tiny_recipe(load_recipe("gemma2b-stem-dpo"))
    loaded = load_base(recipe, "causal", tiny=True)
    save_adapter(apply_adapter(loaded, recipe.adapter), loaded, folder)
    held_out = list(SIMULATORS["multiple-choice"](8, 1))
    return measure_widths(recipe, recipe.stage_named("multiple-choice"), folder, held_out)


def test_every_width_of_the_recipe_is_measured(widths: list[Width]) -> None:
    assert [width.bits for width in widths] == [16, 8, 4]


def test_fewer_bits_are_smaller(widths: list[Width]) -> None:
    four, eight = widths[2], widths[1]
    assert four.bytes < eight.bytes
    assert all(width.tokens_a_second > 0 for width in widths)


def test_all_answer_the_same_rows(widths: list[Width]) -> None:
    sixteen, _, four = (width.found["replies"] for width in widths)
    assert sixteen.groups == four.groups
    assert sixteen.columns["tokens"] == four.columns["tokens"]
    assert sixteen.columns["log_probability"] != four.columns["log_probability"]


def test_the_table_has_a_row_a_width(widths: list[Width]) -> None:
    head, _, *rows = table(widths).splitlines()
    assert head.startswith("| bits | MB | tokens/s | replies: ")
    assert [row.split(" ")[1] for row in rows] == ["16", "8", "4"]
    assert {row.count("|") for row in rows} == {head.count("|")}


def test_a_table_of_nothing_is_its_head() -> None:
    assert table([]).splitlines() == ["| bits | MB | tokens/s |", "| --- | --- | --- |"]
