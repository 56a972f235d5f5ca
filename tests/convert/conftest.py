"""A tiny encoder that is built once for all tests of the conversion, and its catalogue entry."""

from pathlib import Path

import pytest

from runtime.judge.catalogue import Build, Entry, ModelFile, sha256
from tests import tiny_models

NAMES = ("model.safetensors", "config.json", "vocab.txt", "tokenizer.json")


@pytest.fixture(scope="session")
def tiny_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.write_sources(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_gguf(tiny_sources: Path) -> Path:
    return tiny_models.write_gguf(tiny_sources / "tiny-f16.gguf", tiny_sources)


@pytest.fixture
def entry(tiny_sources: Path) -> Entry:
    return Entry(
        name="tiny",
        kind="base",
        title="A tiny one",
        licence="Apache-2.0",
        source="https://example.org",
        file=(ModelFile(name="tiny-f16.gguf"), ModelFile(name="tiny-q8_0.gguf")),
        build=Build(
            wheel="tiny==1",
            wheel_folder="tiny/model",
            hub="http://127.0.0.1:9",
            sha256={name: sha256(tiny_sources / name) for name in NAMES},
        ),
    )
