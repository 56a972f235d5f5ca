"""A real marking process with a tiny model under the default's name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.judge.embedded import MODEL_FILE
from runtime.judge.worker.client import MarkingWorker


@pytest.fixture
def model_folder(tiny_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / MODEL_FILE).symlink_to(tiny_gguf)
    monkeypatch.setenv("KINDMARK_MODELS", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


@pytest.fixture
def worker(model_folder: Path) -> Iterator[MarkingWorker]:
    with MarkingWorker() as worker:
        yield worker
