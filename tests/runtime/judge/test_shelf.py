"""Both catalogues as one: what the user's may hold, and that it survives being written."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge import shelf
from runtime.judge.catalogue import Entry, ModelFile, Trained

MINE = Entry(
    name="mine",
    kind="base",
    title='A "tiny" one [of mine]',
    licence="Apache-2.0",
    source="https://example.org",
    file=(ModelFile(name="mine-q8_0.gguf", bytes=3, sha256="0" * 64),),
    trained=Trained(purpose="classify", labels=("wrong", "right"), temperature=1.25),
)
HEAD = Entry(
    name="mine-head",
    kind="head",
    base="mine",
    title="Its head",
    licence="Apache-2.0",
    source="https://example.org",
    file=(ModelFile(name="mine.head.json"),),
)


def test_without_a_catalogue_of_his_own_the_user_has_the_shipped_one(tmp_path: Path) -> None:
    found = shelf.model_shelf(tmp_path)
    assert found.named("minilm-marker").folder == tmp_path
    assert found.named("right-wrong").folder != tmp_path
    assert not any(one.own for one in found.models)


def test_entries_are_read_back_as_they_were(tmp_path: Path) -> None:
    shelf.put(tmp_path, [MINE, HEAD])
    assert shelf.own_entries(tmp_path) == (MINE, HEAD)
    model = shelf.model_shelf(tmp_path).named("mine")
    assert (model.entry, model.folder, model.own) == (MINE, tmp_path, True)
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.toml"]


def test_an_entry_takes_the_place_of_its_name(tmp_path: Path) -> None:
    shelf.put(tmp_path, [MINE, HEAD])
    other = msgspec.structs.replace(MINE, title="Another")
    shelf.put(tmp_path, [other])
    assert set(shelf.own_entries(tmp_path)) == {other, HEAD}


def test_dropped_is_dropped(tmp_path: Path) -> None:
    shelf.put(tmp_path, [MINE, HEAD])
    shelf.drop(tmp_path, {"mine", "mine-head"})
    assert shelf.own_entries(tmp_path) == ()


def test_heads_of_a_shipped_base_are_welcome(tmp_path: Path) -> None:
    own = msgspec.structs.replace(HEAD, base="minilm-marker")
    shelf.put(tmp_path, [own])
    [found] = [one for one in shelf.model_shelf(tmp_path).standing_on("minilm-marker") if one.own]
    assert found.entry == own


@pytest.mark.parametrize("name", ["minilm-marker", "right-wrong"])
def test_the_names_of_what_ships_are_taken(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInputError, match="comes with Kindmark"):
        shelf.put(tmp_path, [msgspec.structs.replace(MINE, name=name)])
    assert not (tmp_path / "catalogue.toml").exists()


def test_a_catalogue_edited_to_a_shipped_name_is_refused(tmp_path: Path) -> None:
    shelf.put(tmp_path, [MINE])
    path = tmp_path / "catalogue.toml"
    path.write_text(path.read_text("utf-8").replace('"mine"', '"right-wrong"'), "utf-8")
    with pytest.raises(ModelError, match=r"catalogue\.toml.*right-wrong"):
        shelf.model_shelf(tmp_path)


def test_a_base_that_is_fetched_may_be_there_with_its_hashes(tmp_path: Path) -> None:
    shipped = shelf.model_shelf(tmp_path).named("qwen2.5-1.5b").entry
    file = ModelFile(name=shipped.file[0].name, bytes=5, sha256="1" * 64)
    shelf.put(tmp_path, [msgspec.structs.replace(shipped, file=(file,))])
    found = [one for one in shelf.model_shelf(tmp_path).models if one.entry.name == shipped.name]
    assert [one.entry.file for one in found] == [(file,)]


def test_an_adapter_needs_its_base(tmp_path: Path) -> None:
    shelf.put(tmp_path, [MINE, HEAD])
    path = tmp_path / "catalogue.toml"
    path.write_text(path.read_text("utf-8").replace('base = "mine"', 'base = "yours"'), "utf-8")
    with pytest.raises(ModelError, match="yours"):
        shelf.model_shelf(tmp_path)
