"""The settings of an ``embed`` stage, and what is said of wrong ones."""

import msgspec
import pytest

from runtime.errors import BadInputError
from tests.train.marker.small import SETTINGS
from train.marker.settings import Settings, settings_of
from train.recipe import load_recipe

STAGE = load_recipe("minilm-marker").stage[0]


def settings(**changes: object) -> Settings:
    embed = {name: value for name, value in (STAGE.embed | changes).items() if value is not None}
    return settings_of(msgspec.structs.replace(STAGE, embed=embed))


def test_the_shipped_recipe_has_them_all() -> None:
    assert msgspec.structs.asdict(settings()) == STAGE.embed


def test_settings_come_back_as_they_were_written() -> None:
    assert settings(**msgspec.structs.asdict(SETTINGS)) == SETTINGS


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadInputError, match=rf"verdict.*`{name}`"):
        settings(**{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("folds", 1),
        ("folds", 2.5),
        ("folds", True),
        ("answers", 1),
        ("other_reference", 1.1),
        ("other_reference", -0.1),
        ("rank", -1.0),
        ("rank", "high"),
    ],
)
def test_a_setting_out_of_range_is_named(name: str, value: object) -> None:
    with pytest.raises(BadInputError, match=rf"\$\.{name}"):
        settings(**{name: value})


def test_an_unknown_setting_is_named_beside_the_known_ones() -> None:
    with pytest.raises(BadInputError, match="`fold`") as caught:
        settings(fold=5)
    assert "folds" in caught.value.remedy
