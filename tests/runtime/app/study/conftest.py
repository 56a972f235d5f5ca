"""An app with one learner, one set, and a worker that marks maths at once and words when asked."""

from collections.abc import Iterator

import pytest

from runtime.app.app import KindmarkApp
from runtime.app.settings import AppSettings, Colours
from runtime.records.store import AgeBand, Store
from runtime.records.store.rows import Learner, QuestionSet
from tests.runtime.app.study.marking import MarkingFake
from tests.runtime.study import classroom


@pytest.fixture
def mia(store: Store) -> Learner:
    return store.learners.add("Mia", "owl", AgeBand.MIDDLE)


@pytest.fixture
def week(store: Store) -> QuestionSet:
    return store.sets.add("Week 1", classroom.rows(*classroom.ALL))


@pytest.fixture
def filled(store: Store, mia: Learner, week: QuestionSet) -> Store:
    """Return the store with the one learner and the one set."""
    del mia, week
    return store


@pytest.fixture
def worker() -> Iterator[MarkingFake]:
    with MarkingFake() as worker:
        yield worker


@pytest.fixture
def app(filled: Store, worker: MarkingFake) -> KindmarkApp:
    settings = AppSettings(language="en", colours=Colours.LIGHT, reduced_motion=True)
    return KindmarkApp(filled, worker, settings)
