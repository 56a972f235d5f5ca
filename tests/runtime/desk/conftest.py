"""A desk over a store in a temporary folder, with a worker that marks at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.desk import Desk
from runtime.records.store import Store
from tests.runtime.desk.fakes import CALIBRATION, FakeWorker


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "records") as opened:
        yield opened


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def desk(store: Store, worker: FakeWorker) -> Iterator[Desk]:
    with Desk(store, worker, CALIBRATION) as opened:
        yield opened
