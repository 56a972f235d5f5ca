"""A worker without a process: it marks at once, by rules that tests can tell beforehand."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from runtime.judge.worker.client import StoppedMarkingError, WorkerError
from runtime.marking.decision import Calibration
from runtime.marking.events import Event
from runtime.marking.item import Item
from runtime.marking.judgement import Case, Judgement
from runtime.marking.mark import Mark
from runtime.marking.marker import Marker

Told = Callable[[Event], None]

CALIBRATION = Calibration(
    review_below=0.75,
    maths={"equal": 0.97, "different": 0.96, "unreadable": 0.9},
)


class WordJudge:
    """Finds short answers right with the chance their first word names, essays as good as long."""

    provenance: ClassVar[dict[str, str]] = {"model": "words"}

    def close(self) -> None:
        """Nothing is open."""

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        return [_judged(case.item) for case in cases]


def _judged(item: Item) -> Judgement:
    if item.task == "essay":
        return Judgement(quality=min(1.0, len(item.text.split()) / 60))
    return Judgement(probability=float(item.text.split()[0]) / 100)


def marked(items: Sequence[Item]) -> list[Mark]:
    with Marker(WordJudge(), CALIBRATION) as marker:
        return marker.mark(items)


class FakeWorker:
    """Marks with ``WordJudge``; ``deadly`` answers end the process, ``held`` requests wait."""

    def __init__(self) -> None:
        self.requests: list[list[str]] = []
        self.written: list[bool] = []
        """Of which requests feedback was wanted."""
        self.deadly: set[str] = set()
        self.dead = False
        self.hold = False
        self.held: list[Future[list[Mark]]] = []
        self.asked: Callable[[], None] = lambda: None
        self.compared: list[tuple[str, ...]] = []

    def mark(
        self, items: Sequence[Item], *, feedback: bool = False, told: Told | None = None
    ) -> "Future[list[Mark]]":
        self.requests.append([item.text for item in items])
        self.written.append(feedback)
        future: Future[list[Mark]] = Future()
        if self.hold:
            self.held.append(future)
        elif self.dead or self.deadly & {item.text for item in items}:
            future.set_exception(WorkerError("The marking process has ended.", "Again."))
        else:
            marks = marked(items)
            for place, mark in enumerate(marks):
                if told:
                    told(Event(place=place, kind="done", mark=mark))
            future.set_result(marks)
        self.asked()
        return future

    def compare(self, texts: Sequence[str]) -> "Future[NDArray[np.float32]]":
        """Compare by the words that texts have in common."""
        self.compared.append(tuple(texts))
        future: Future[NDArray[np.float32]] = Future()
        future.set_result(products(texts))
        return future

    def stop(self, future: "Future[Any]") -> None:
        if not future.done():
            future.set_exception(StoppedMarkingError("Marking was stopped."))


def products(texts: Sequence[str]) -> NDArray[np.float32]:
    every = sorted({word for text in texts for word in text.lower().split()})
    vectors = np.array(
        [[float(word in text.lower().split()) for word in every] for text in texts], np.float32
    )
    return vectors @ vectors.T
