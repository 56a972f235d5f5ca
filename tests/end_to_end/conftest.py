"""Kindmark as it is installed: a tiny real GGUF model under the default's name, the shipped heads.

The process is not sealed (a seal would outlive the test); ``test_offline`` does that in its own.
"""

import json
from pathlib import Path

import pytest

from runtime import offline
from runtime.judge.embedded import MODEL_FILE
from tests import tiny_models
from tests.end_to_end.class_sets import ROWS


@pytest.fixture(scope="session")
def built_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    sources = tiny_models.write_sources(tmp_path_factory.mktemp("sources"))
    tiny_models.write_gguf(folder / MODEL_FILE, sources)
    return folder


@pytest.fixture
def store(built_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use the tiny model; the folder is shared, so tests leave it as it is."""
    monkeypatch.setenv("KINDMARK_MODELS", str(built_store))
    monkeypatch.setenv("KINDMARK_CONFIG", str(built_store / "config"))
    monkeypatch.setattr(offline, "seal", lambda: None)
    return built_store


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "class.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path
