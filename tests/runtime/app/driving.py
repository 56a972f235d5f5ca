"""Drives the app in a test: a worker that answers at once, and waiting without sleeping.

play(app, script)                async def script(pilot): await pilot.press("n")
await until(pilot, lambda: isinstance(pilot.app.screen, ProfileDialog))
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np
from textual.pilot import Pilot
from textual.widgets import Static

from runtime.app.app import KindmarkApp
from runtime.judge.worker.client import MarkingWorker, Told
from runtime.marking.item import Item
from runtime.marking.mark import Mark

Play = Pilot[object]
_PATIENCE_SECONDS = 20.0


class FakeWorker(MarkingWorker):
    """Answers at once, without a process: every answer is right. ``fails`` has opening fail."""

    def __init__(self, fails: Exception | None = None) -> None:
        super().__init__(("no process is started",))
        self.fails = fails
        self.opened: list[str] = []

    def open(self, model: str = "", *, cascade: bool = True) -> "Future[str]":
        self.opened.append(model)
        return _done("A model", self.fails)

    def mark(
        self, items: Sequence[Item], *, feedback: bool = False, told: Told | None = None
    ) -> "Future[list[Mark]]":
        raise NotImplementedError

    def look(self, item: Item) -> "Future[str]":
        return _done(item.answer.strip())

    def compare(self, texts: Sequence[str]) -> "Future[Any]":
        return _done(np.eye(len(texts), dtype=np.float32))

    def stop(self, future: "Future[Any]") -> None:
        pass

    def close(self) -> None:
        pass


def _done(result: object, fails: Exception | None = None) -> "Future[Any]":
    future: Future[Any] = Future()
    if fails:
        future.set_exception(fails)
    else:
        future.set_result(result)
    return future


def play(
    app: KindmarkApp, script: Callable[[Play], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> None:
    """Run ``script`` on the app once its first screen is filled."""

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await script(pilot)

    asyncio.run(run())


async def until(pilot: Play, holds: Callable[[], object]) -> None:
    """Let the app work until something holds."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "It never came to that."
        await pilot.pause(0.01)
    await pilot.pause()


async def type_in(pilot: Play, text: str) -> None:
    """Type letters and digits."""
    for character in text:
        await pilot.press(character)


def words_on(app: KindmarkApp) -> str:
    """Return the words of all that stands on the screen, as drawn."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def texts_of(app: KindmarkApp) -> str:
    """Return the texts of all plain widgets of the screen."""
    return "\n".join(str(one.render()) for one in app.screen.query(Static))


def told(app: KindmarkApp) -> str:
    """Return what toasts have said."""
    return "\n".join(f"{one.title} {one.message}" for one in app._notifications)
