"""The command line without a model, and without sealing the process the tests run in."""

from pathlib import Path

import pytest

from runtime import offline
from runtime.cli import demo, evaluate, grade
from tests.runtime.cli.fakes import FakeMarker


@pytest.fixture(autouse=True)
def unsealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record that a command seals the process: a real seal would outlive the test."""
    sealed: list[str] = []
    monkeypatch.setattr(offline, "seal", lambda: sealed.append("sealed"))
    return sealed


@pytest.fixture(autouse=True)
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the user who runs the tests has chosen is none of their business."""
    monkeypatch.setenv("KINDMARK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def marker(monkeypatch: pytest.MonkeyPatch) -> FakeMarker:
    """Mark with a fake in every command."""
    fake = FakeMarker()
    for command in (grade, demo, evaluate):
        monkeypatch.setattr(command, "open_marker", fake.open)
    monkeypatch.setattr(grade, "settings", fake.settings)
    return fake
