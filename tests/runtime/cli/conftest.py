"""The command line without a model, and without sealing the process the tests run in."""

import pytest

from runtime.cli import demo, evaluate, grade, offline
from tests.runtime.cli.fakes import FakeMarker


@pytest.fixture(autouse=True)
def unsealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record that a command seals the process: a real seal would outlive the test."""
    sealed: list[str] = []
    monkeypatch.setattr(offline, "seal", lambda: sealed.append("sealed"))
    return sealed


@pytest.fixture
def marker(monkeypatch: pytest.MonkeyPatch) -> FakeMarker:
    """Mark with a fake in every command."""
    fake = FakeMarker()
    for command in (grade, demo, evaluate):
        monkeypatch.setattr(command, "open_marker", fake.open)
    monkeypatch.setattr(grade, "settings", fake.settings)
    return fake
