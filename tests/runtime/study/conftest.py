"""A store with one learner and one set, a clock that can be set, and a marker for maths."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.marking.decision import Calibration
from runtime.marking.marker import Marker
from runtime.records.store import AgeBand, Store
from runtime.records.store.rows import Learner, QuestionSet
from tests.runtime.study import classroom


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, days: float) -> None:
        """Set the clock on, or with a negative number back."""
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    with Store.open(tmp_path / "records", clock=clock) as opened:
        yield opened


@pytest.fixture
def mia(store: Store) -> Learner:
    return store.learners.add("Mia", "owl", AgeBand.MIDDLE)


@pytest.fixture
def week(store: Store) -> QuestionSet:
    return store.sets.add("Week 1", classroom.rows(*classroom.ALL))


@pytest.fixture(scope="session")
def marker() -> Iterator[Marker]:
    rates = {"equal": 0.99, "different": 0.99}
    with Marker(None, Calibration(review_below=0.8, maths=rates)) as opened:
        yield opened
