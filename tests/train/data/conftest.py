"""A simulator small enough to foretell what it makes."""

import sys
from types import SimpleNamespace

import pytest

from tests.train.data.makers import simulate_sums


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put one simulator, ``sums``, in the place of all others."""
    fake = SimpleNamespace(SIMULATORS={"sums": simulate_sums})
    monkeypatch.setitem(sys.modules, "train.simulate", fake)
