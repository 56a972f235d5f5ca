"""The desk of a class that was never marked, with a worker that marks by rules tests can tell."""

from pathlib import Path

import pytest

from runtime.app.app import KindmarkApp
from runtime.app.settings import AppSettings, Colours
from runtime.records.store import Store
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.desk.making import short, written


@pytest.fixture
def worker() -> DeskWorker:
    return DeskWorker()


@pytest.fixture
def app(store: Store, worker: DeskWorker) -> KindmarkApp:
    settings = AppSettings(language="en", colours=Colours.LIGHT, reduced_motion=True)
    return KindmarkApp(store, worker, settings)


@pytest.fixture
def class_(store: Store) -> SchoolClass:
    return store.classes.add("4b", retention_days=365)


@pytest.fixture
def ice(tmp_path: Path) -> str:
    """A file with four answers: two of them speak of density, two of cold."""
    texts = ["55 dense less ice", "56 dense less water", "60 cold ice", "58 cold water"]
    return written(tmp_path, [short(text, n) for n, text in enumerate(texts)], "ice.jsonl")
