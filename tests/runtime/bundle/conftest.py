"""A key, a sound bundle, and a store with a tiny model of the user's own."""

from pathlib import Path

import pytest

from runtime.judge.catalogue import Entry, ModelFile, sha256
from runtime.judge.shelf import put
from tests import tiny_models
from tests.runtime.bundle import small
from tests.runtime.bundle.small import Key


@pytest.fixture(scope="session")
def key() -> Key:
    return small.key()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, key: Key) -> bytes:
    """A sound bundle of two small files."""
    return small.bundle_bytes(tmp_path_factory.mktemp("sources"), key)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    return tiny_models.write_gguf(folder / "tiny-f16.gguf", tiny_models.write_sources(folder))


@pytest.fixture
def store(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model store with one model of the user's own, its card and a head on it."""
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "tiny-f16.gguf").write_bytes(tiny.read_bytes())
    (folder / "tiny.md").write_text("# Tiny\n")
    (folder / "tiny-head.json").write_text("{}")
    entries = [
        entry("tiny", "base", folder / "tiny-f16.gguf"),
        entry("tiny-head", "head", folder / "tiny-head.json", base="tiny"),
    ]
    put(folder, entries)
    monkeypatch.setenv("KINDMARK_MODELS", str(folder))
    return folder


def entry(name: str, kind: str, path: Path, base: str = "") -> Entry:
    assert kind in {"base", "head"}
    return Entry(
        name=name,
        kind="base" if kind == "base" else "head",
        title=name,
        licence="Apache-2.0",
        source="a test",
        file=(ModelFile(name=path.name, bytes=path.stat().st_size, sha256=sha256(path)),),
        base=base,
    )
