"""Models brought by hand, and models taken out again, on a tiny real GGUF file."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge import adding, catalogue, removing, shelf
from runtime.judge.adding import Given
from runtime.judge.catalogue import State
from runtime.judge.side_head import SideHead, save_side_head


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def brought(tmp_path: Path, tiny_gguf: Path) -> Path:
    path = tmp_path / "My Model (1).gguf"
    path.write_bytes(tiny_gguf.read_bytes())
    return path


def head_file(folder: Path, base: str) -> Path:
    head = SideHead(
        name="h", base=base, labels=("a", "b"), weights=((1.0,), (2.0,)), bias=(0.0, 0.0)
    )
    save_side_head(head, folder / "h.head.json")
    return folder / "h.head.json"


class TestAdd:
    def test_the_header_and_the_name_say_what_is_not_given(
        self, brought: Path, store: Path
    ) -> None:
        entry = adding.add(brought, store, Given(name="mine"))
        assert shelf.own_entries(store) == (entry,)
        assert (entry.kind, entry.licence, entry.title) == ("base", "Apache-2.0", "tiny")
        [file] = entry.file
        assert file.name == "My-Model-1-.gguf"
        assert file.sha256 == catalogue.sha256(brought)
        assert (store / file.name).read_bytes() == brought.read_bytes()

    def test_what_is_given_counts_more(self, brought: Path, store: Path) -> None:
        given = Given("mine", "A title", "CC0-1.0", "a colleague")
        entry = adding.add(brought, store, given)
        assert (entry.title, entry.licence, entry.source) == (
            *("A title", "CC0-1.0", "a colleague"),
        )

    def test_a_base_that_is_fetched_may_be_brought_instead(
        self, brought: Path, store: Path
    ) -> None:
        entry = adding.add(brought, store, Given(name="qwen2.5-1.5b"))
        assert entry.hub
        assert entry.title.startswith("Qwen2.5")
        assert shelf.model_shelf(store).named("qwen2.5-1.5b").own

    @pytest.mark.parametrize(
        ("content", "because"),
        [(b"", "is empty"), (b"<html>", "does not begin with GGUF"), (None, "cut short")],
    )
    def test_what_is_no_sound_file_leaves_nothing(
        self, brought: Path, store: Path, content: bytes | None, because: str
    ) -> None:
        whole = brought.read_bytes()
        brought.write_bytes(whole[:-100] if content is None else content)
        with pytest.raises(ModelError, match=because):
            adding.add(brought, store, Given(name="mine"))
        assert not list(store.iterdir())

    @pytest.mark.parametrize("name", ["right-wrong", "minilm-marker", "a/b", "../a", "ä"])
    def test_names_that_cannot_be(self, brought: Path, store: Path, name: str) -> None:
        with pytest.raises(BadInputError):
            adding.add(brought, store, Given(name=name))
        assert not list(store.iterdir())

    def test_a_file_of_another_model_is_not_written_over(self, brought: Path, store: Path) -> None:
        adding.add(brought, store, Given(name="one"))
        with pytest.raises(BadInputError, match="a file of one"):
            adding.add(brought, store, Given(name="two"))
        assert [entry.name for entry in shelf.own_entries(store)] == ["one"]

    def test_other_kinds_of_file(self, tmp_path: Path, store: Path) -> None:
        (tmp_path / "m.safetensors").write_bytes(b"x")
        with pytest.raises(BadInputError, match="no GGUF file"):
            adding.add(tmp_path / "m.safetensors", store, Given())
        with pytest.raises(BadInputError, match="no file"):
            adding.add(tmp_path / "none.gguf", store, Given())

    def test_a_full_disk_is_seen_first(
        self, brought: Path, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = type("Usage", (), {"free": 10})
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
        with pytest.raises(BadInputError, match="too little room"):
            adding.add(brought, store, Given(name="mine"))
        assert not list(store.iterdir())

    def test_a_head_belongs_to_its_base(self, brought: Path, store: Path, tmp_path: Path) -> None:
        path = head_file(tmp_path, "mine")
        with pytest.raises(BadInputError, match="mine"):
            adding.add(path, store, Given(name="h"))
        adding.add(brought, store, Given(name="mine"))
        entry = adding.add(path, store, Given(name="h"))
        assert (entry.kind, entry.base) == ("head", "mine")

    def test_a_damaged_head(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "h.json").write_text("{}")
        with pytest.raises(ModelError, match="damaged") as caught:
            adding.add(tmp_path / "h.json", store, Given(name="h"))
        # Named as the user knows it, not as the copy that was looked at.
        assert str(tmp_path / "h.json") in caught.value.message


class TestRemove:
    @pytest.fixture
    def filled(self, brought: Path, store: Path, tmp_path: Path) -> Path:
        adding.add(brought, store, Given(name="mine"))
        adding.add(head_file(tmp_path, "mine"), store, Given(name="h"))
        return store

    def test_a_base_goes_with_its_heads(self, filled: Path) -> None:
        gone = removing.remove("mine", filled)
        assert {path.name for path in gone} == {"My-Model-1-.gguf", "h.head.json"}
        assert [path.name for path in filled.iterdir()] == ["catalogue.toml"]
        assert shelf.own_entries(filled) == ()

    def test_a_head_goes_alone(self, filled: Path) -> None:
        removing.remove("h", filled)
        assert [entry.name for entry in shelf.own_entries(filled)] == ["mine"]
        assert (filled / "My-Model-1-.gguf").exists()

    def test_files_may_stay(self, filled: Path) -> None:
        assert removing.remove("mine", filled, keep_files=True) == []
        assert (filled / "My-Model-1-.gguf").exists()
        assert shelf.own_entries(filled) == ()

    def test_an_adapter_keeps_its_base(self, filled: Path) -> None:
        base = shelf.model_shelf(filled).named("mine").entry
        adapter = msgspec.structs.replace(base, name="a", kind="adapter", base="mine")
        shelf.put(filled, [adapter])
        with pytest.raises(BadInputError, match="needed") as caught:
            removing.remove("mine", filled)
        assert "a" in caught.value.remedy
        assert (filled / "My-Model-1-.gguf").exists()

    @pytest.mark.parametrize("name", ["right-wrong", "minilm-marker", "qwen3-4b", "nothing"])
    def test_what_is_not_in_the_store(self, filled: Path, name: str) -> None:
        before = sorted(filled.iterdir())
        with pytest.raises(BadInputError):
            removing.remove(name, filled)
        assert sorted(filled.iterdir()) == before


def test_the_state_is_read_from_every_byte(brought: Path, store: Path) -> None:
    adding.add(brought, store, Given(name="mine"))
    model = shelf.model_shelf(store).named("mine")
    assert set(removing.state_of(model, hashes=True).values()) == {State.OK}
    path = store / "My-Model-1-.gguf"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert set(removing.state_of(model, hashes=False).values()) == {State.OK}
    assert set(removing.state_of(model, hashes=True).values()) == {State.DAMAGED}
