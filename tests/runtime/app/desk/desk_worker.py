"""The app's fake worker, marking as the desk's does."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from runtime.judge.worker.client import Told
from runtime.marking.item import Item
from runtime.marking.mark import Mark
from tests.runtime.app.driving import FakeWorker
from tests.runtime.desk.fakes import FakeWorker as Marking


class DeskWorker(FakeWorker):
    """``marking`` has the switches: ``hold`` lets requests wait, ``dead`` fails them."""

    def __init__(self) -> None:
        super().__init__()
        self.marking = Marking()

    def mark(
        self, items: Sequence[Item], *, feedback: bool = False, told: Told | None = None
    ) -> "Future[list[Mark]]":
        return self.marking.mark(items, feedback=feedback, told=told)

    def compare(self, texts: Sequence[str]) -> "Future[Any]":
        return self.marking.compare(texts)

    def stop(self, future: "Future[Any]") -> None:
        self.marking.stop(future)
