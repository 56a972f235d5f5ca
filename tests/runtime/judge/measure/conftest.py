"""A probe so small that measuring it takes no time, and a place of its own for what is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.judge.engine import Model
from runtime.judge.measure.probe import TINY, write_probe


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINDMARK_STATE", str(tmp_path / "state"))
    return tmp_path / "state" / "machine.toml"


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_probe(tmp_path_factory.mktemp("probe"), "Q4_K_M", TINY)


@pytest.fixture
def probe_model(probe: Path) -> Iterator[Model]:
    with Model(probe) as model:
        yield model
