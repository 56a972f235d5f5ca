"""Garbage is looked for when nobody waits."""

import gc
from collections.abc import Iterator

import pytest

from runtime.app import collecting


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Passes over the young so far, as tests set them; Python's own settings stay."""
    counted = [0]
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, counted[0]))
    monkeypatch.setattr(gc, "collect", lambda: counted.__setitem__(0, 0))
    before = gc.get_threshold()
    yield counted
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.parametrize(
    ("so_far", "idle", "done"),
    [(0, 60.0, False), (100, 60.0, True), (100, 0.5, False), (10_000, 0.5, True)],
)
def test_when_all_is_looked_through(
    passes: list[int], so_far: int, idle: float, done: bool
) -> None:
    passes[0] = so_far
    assert collecting.collect(idle) is done
    assert passes[0] == (0 if done else so_far)


def test_all_is_never_looked_through_in_the_middle_of_work(passes: list[int]) -> None:
    collecting.begin()
    assert gc.get_threshold()[2] > 100_000
    assert gc.get_freeze_count()
