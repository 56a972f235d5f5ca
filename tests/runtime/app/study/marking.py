"""A worker that marks with the real marker, without a process; and ways through the screens."""

from collections.abc import Sequence
from concurrent.futures import Future

import msgspec
from textual.widgets import Button, Static

from runtime.app.app import KindmarkApp
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.study.question import QuestionScreen
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.judge.worker.client import Told
from runtime.judge.worker.process import reading_of
from runtime.marking.decision import Calibration, uses_judge
from runtime.marking.events import Event
from runtime.marking.item import Item
from runtime.marking.mark import Mark, Verdict
from runtime.marking.marker import Marker
from tests.runtime.app.driving import FakeWorker, Play, until

_RATES = {"equal": 0.99, "different": 0.99}


class MarkingFake(FakeWorker):
    """Marks maths by evidence, and calls every text partly right.

    While ``holding``, marks wait in ``held`` until ``let_go``; with ``fails`` marking fails.
    """

    def __init__(self) -> None:
        super().__init__()
        self._marker = Marker(None, Calibration(review_below=0.8, maths=_RATES))
        self.holding = False
        self.held: list[tuple[Future[list[Mark]], list[Mark]]] = []
        self.marked: list[Item] = []

    def mark(
        self, items: Sequence[Item], *, feedback: bool = False, told: Told | None = None
    ) -> "Future[list[Mark]]":
        future: Future[list[Mark]] = Future()
        if self.fails:
            future.set_exception(self.fails)
            return future
        self.marked += items
        marks = [self._mark(item) for item in items]
        if self.holding:
            self.held.append((future, marks))
            return future
        for place, mark in enumerate(marks):
            if told:
                told(Event(place=place, kind="verdict", mark=mark))
        future.set_result(marks)
        return future

    def let_go(self) -> None:
        """Hand over what was held."""
        while self.held:
            future, marks = self.held.pop(0)
            future.set_result(marks)

    def look(self, item: Item) -> "Future[str]":
        future: Future[str] = Future()
        future.set_result(reading_of(item))
        return future

    def close(self) -> None:
        self._marker.close()

    def _mark(self, item: Item) -> Mark:
        (mark,) = self._marker.mark([item])
        if not uses_judge(item):
            return mark
        return msgspec.structs.replace(
            mark, verdict=Verdict.PARTIAL, confidence=0.9, needs_review=False
        )


async def at_home(pilot: Play, app: KindmarkApp) -> StudyHome:
    """Go to the page of the one learner there is."""
    app.learner = app.store.learners.all()[0]
    app.go("study")
    await until(pilot, lambda: isinstance(app.screen, StudyHome))
    assert isinstance(app.screen, StudyHome)
    await app.workers.wait_for_complete()
    await pilot.pause()
    return app.screen


async def at_question(pilot: Play, app: KindmarkApp) -> QuestionScreen:
    """Begin with the first set."""
    await at_home(pilot, app)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
    assert isinstance(app.screen, QuestionScreen)
    return app.screen


async def write(pilot: Play, app: KindmarkApp, text: str) -> None:
    """Write an answer."""
    app.screen.query_one(WorkingEditor).text = text
    await pilot.pause()


async def check(pilot: Play, app: KindmarkApp, text: str) -> StudyCard:
    """Write an answer, have it checked, and wait for the card."""
    await write(pilot, app, text)
    await pilot.press("ctrl+s")
    card = app.screen.query_one(StudyCard)
    await until(pilot, lambda: card.display and not busy(app))
    return card


async def go_on(pilot: Play, app: KindmarkApp) -> None:
    """Go to the next question and wait until it is shown."""
    before = asked(app)
    await pilot.press("f5")
    await until(pilot, lambda: asked(app) != before)


def busy(app: KindmarkApp) -> bool:
    """Whether an answer is being checked."""
    return app.screen.query_one("#check", Button).disabled


def asked(app: KindmarkApp) -> str:
    """Return the question on the screen."""
    return said(app, "#asked")


def said(app: KindmarkApp, what: str) -> str:
    """Return the text of one widget of the screen, "" if it is not there."""
    found = app.screen.query(what).results(Static)
    return "\n".join(str(one.render()) for one in found)
