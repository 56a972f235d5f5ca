"""An app over records of its own, with a worker that answers at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import words
from runtime.app.app import KindmarkApp
from runtime.app.settings import AppSettings, Colours
from runtime.records.store import Store
from tests.runtime.app.driving import FakeWorker


@pytest.fixture(autouse=True)
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the user who runs the tests has chosen is none of their business."""
    monkeypatch.setenv("KINDMARK_CONFIG", str(tmp_path / "config"))
    for name in ("LC_ALL", "LC_MESSAGES", "COLORFGBG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    yield tmp_path / "config"
    words.use("en")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "records") as store:
        yield store


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def app(store: Store, worker: FakeWorker) -> KindmarkApp:
    return KindmarkApp(store, worker, AppSettings(language="en", colours=Colours.LIGHT))
