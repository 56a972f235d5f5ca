"""The desk's inner screens over one class with all there is: how soon they stand, how they stall.

    figures = asyncio.run(desk_screens(folder, learners=200))

``python -m benchmarks.app --screens`` prints them after those of the screens one can go to. For
each step: the milliseconds until what was asked for is filled and drawn, and those the process
computed in them, all its threads together; the longest stall of the loop, and the longest turn of
it in CPU milliseconds, both until all work behind the screen is done.
"""

import asyncio
import json
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from benchmarks.app_loop import Heartbeat, Turns
from benchmarks.store import fill
from runtime.app import collecting
from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.analysis import AnalysisScreen
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.base import StatusLine
from runtime.app.screens.desk.dialogs import AskPlace
from runtime.app.screens.desk.learners import LearnersScreen
from runtime.app.screens.desk.table import ReviewTable
from runtime.app.screens.desk.taking_in import TakingIn
from runtime.app.settings import AppSettings
from runtime.app.widgets.top_line import TopLine
from runtime.desk.scope import Scope
from runtime.judge.worker.client import MarkingWorker
from runtime.records.store import Store

Figures = dict[str, float]

SIZE = (140, 45)
ROUNDS = 4
"""The first fetches modules and style sheets, and is shown apart."""
_ROWS = 5000
_PAGES = 12
_PATIENCE_SECONDS = 60.0
_CALM_SECONDS = 0.6
"""What goes on behind a screen after it was drawn has begun and mostly ended by then."""


class Taken(NamedTuple):
    """What a step took, in milliseconds."""

    drawn: float
    cpu: float
    stall: float
    turn: float


class Trial:
    """Steps through the desk in one app, each of them measured."""

    def __init__(self, pilot: Pilot[object], app: KindmarkApp, folder: Path) -> None:
        self.pilot, self.app = pilot, app
        self.report, self.set = folder / "report.html", folder / "set.jsonl"
        self.taken: dict[str, list[Taken]] = {}

    async def step(
        self, name: str, do: Callable[[], Awaitable[object]], done: Callable[[], object]
    ) -> None:
        """Do something and wait until it stands on the screen, then until all is calm."""
        with Turns() as turns:
            async with Heartbeat() as beat:
                started, computed = time.perf_counter(), time.process_time()
                await do()
                await self._until(done)
                await self._drawn()
                seconds = time.perf_counter() - started
                cpu = time.process_time() - computed
                await asyncio.sleep(_CALM_SECONDS)
        times = (seconds, cpu, max(beat.late), turns.longest)
        self.taken.setdefault(name, []).append(Taken(*(1000 * one for one in times)))

    async def opened(self, name: str, screen: Screen[None], done: Callable[[], object]) -> None:
        """Open a screen."""

        async def push() -> None:
            self.app.push_screen(screen)

        await self.step(name, push, lambda: screen.is_current and screen.is_mounted and done())

    async def pressed(self, name: str, key: str, done: Callable[[], object]) -> None:
        """Press a key."""

        async def press() -> None:
            # Not the pilot's own way: it waits for the screen to be idle, and some more.
            self.app.simulate_key(key)

        await self.step(name, press, done)

    async def back(self) -> None:
        """Leave the screen."""
        self.app.pop_screen()
        await self.pilot.pause()

    async def _drawn(self) -> None:
        drawn = asyncio.Event()
        self.app.screen.call_after_refresh(drawn.set)
        await drawn.wait()

    async def _until(self, done: Callable[[], object]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.app.screen} says: {self.said()!r}")
            await asyncio.sleep(0.001)

    def rows(self, table: str) -> int:
        """Return how many rows a table of the screen has; 0 before it is there."""
        found = self.app.screen.query(f"#{table}")
        return found.first(DataTable).row_count if found else 0

    def row(self, table: str) -> int:
        """Return the row the cursor of a table is on."""
        return self.app.screen.query_one(f"#{table}", DataTable).cursor_row

    def said(self, kind: type[Static] = StatusLine) -> str:
        """Return what the status line (or the first of another kind) says."""
        found = self.app.screen.query(kind)
        return str(found.first().render()) if found else ""


async def desk_screens(folder: Path, learners: int) -> Figures:
    """Return the figures of every step: of its first time, and the median of the others."""
    with Store.open(folder) as store, MarkingWorker() as worker:
        fill(store, learners, learners)
        async with _trial(store, worker, folder) as trial:
            write_set(trial.set)
            for _ in range(ROUNDS):
                await _review(trial)
                await _learners(trial)
                await _analysis(trial)
                await _import(trial)
    return _figures(trial.taken)


@asynccontextmanager
async def _trial(store: Store, worker: MarkingWorker, folder: Path) -> AsyncIterator[Trial]:
    app = KindmarkApp(store, worker, AppSettings(language="en", reduced_motion=True))
    async with app.run_test(size=SIZE) as pilot:
        await app.workers.wait_for_complete()
        # As the app does once its first screen stands (runtime/app/behind.py).
        collecting.begin()
        yield Trial(pilot, app, folder)


async def _review(trial: Trial) -> None:
    screen = ReviewTable(Scope(class_id=1), "Class 0")
    await trial.opened("review table", screen, lambda: trial.rows("answers"))
    await trial.app.workers.wait_for_complete()
    for page in range(_PAGES):
        at = trial.row("answers")
        await trial.pressed(
            "review table: first page down" if page == 0 else "review table: page down",
            "pagedown",
            partial(_moved, trial, at),
        )
    done = partial(_moved, trial, trial.row("answers"))
    await trial.pressed("review table: last row", "ctrl+end", done)
    for narrowed in (True, False):
        done = partial(_narrowed, screen, narrowed)
        await trial.pressed("review table: to review only, or all", "f", done)
    for typed in ("17 pieces", ""):

        async def search(typed: str = typed) -> None:
            screen.query_one("#search", Input).value = typed

        # Of which 250 ms are waited for the rest of what is typed.
        await trial.step("review table: search", search, partial(_narrowed, screen, bool(typed)))
    await _answers(trial)
    await trial.back()


def _moved(trial: Trial, row: int) -> bool:
    return trial.row("answers") > row


def _narrowed(screen: ReviewTable, narrowed: bool) -> bool:
    return ("shown" in str(screen.query_one("#counts", Static).render())) is narrowed


async def _answers(trial: Trial) -> None:
    app = trial.app
    trial.app.screen.query_one("#answers", DataTable).focus().move_cursor(row=0)
    await trial.pilot.pause()

    def shows(number: int) -> bool:
        titles = app.screen.query(TopLine) if isinstance(app.screen, AnswerScreen) else ()
        return any(f"· {number:,} " in one.title for one in titles)

    await trial.pressed("answer", "enter", lambda: shows(1))
    await trial.pressed("answer: the next", "n", lambda: shows(2))
    await trial.pressed("answer: changed, what follows is found", "p", lambda: "Y " in trial.said())
    await trial.pressed("what would change", "y", lambda: trial.rows("changes"))
    await trial.pressed("what would change: applied", "enter", lambda: "follow" in trial.said())
    await trial.pressed("undo", "u", lambda: "Taken back" in trial.said())
    await trial.back()


async def _learners(trial: Trial) -> None:
    class_ = trial.app.store.classes.get(1)
    await trial.opened("learners", LearnersScreen(class_), lambda: trial.rows("learners"))
    last = class_.learners - 1
    await trial.pressed("learners: last row", "ctrl+end", lambda: trial.row("learners") == last)
    await trial.pressed("learner: report asked for", "r", lambda: _asks(trial, trial.report))
    await trial.pressed("learner: report written", "enter", lambda: "Written" in trial.said())
    await trial.back()


def _asks(trial: Trial, place: Path) -> bool:
    """Put a place into a dialog once it is there."""
    if isinstance(trial.app.screen, AskPlace) and (fields := trial.app.screen.query("#place")):
        fields.first(Input).value = str(place.with_stem(f"report-{time.monotonic_ns()}"))
        return True
    return False


async def _analysis(trial: Trial) -> None:
    # The mistakes of the first question come after all questions; the first time, while nothing of
    # the class was read yet.
    screen = AnalysisScreen(Scope(class_id=1), "Class 0")
    await trial.opened("item analysis: with mistakes", screen, lambda: trial.rows("mistakes"))
    await trial.back()
    screen = AnalysisScreen(Scope(class_id=1), "Class 0")
    await trial.opened("item analysis", screen, lambda: trial.rows("questions"))
    await trial.pressed("item analysis: the next question", "down", lambda: trial.row("questions"))
    await trial.back()


async def _import(trial: Trial) -> None:
    screen = TakingIn(trial.app.store.classes.get(1))
    await trial.opened("import", screen, lambda: screen.query("#path"))
    screen.query_one("#path", Input).value = str(trial.set)
    await trial.pressed("import: preview of 5,000 rows", "enter", lambda: trial.rows("rows"))
    await trial.back()


def write_set(path: Path) -> None:
    """Write a class set, of which some rows have problems."""
    chance = random.Random(0)
    with path.open("w", encoding="utf-8") as file:
        for number in range(_ROWS):
            row = {
                "id": f"r{number}",
                "task": "poem" if number % 500 == 0 else "math",
                "question": f"Work out {number // 200 + 2} x 12.",
                "reference": str((number // 200 + 2) * 12),
                "answer": f"I counted {chance.random():.6f}, so {chance.randint(20, 300)}",
                "learner": f"Child {number % 200}",
            }
            file.write(json.dumps(row) + "\n")


def _figures(taken: dict[str, list[Taken]]) -> Figures:
    figures: Figures = {}
    for name, times in taken.items():
        first, *others = times
        rest = others or [first]
        figures[f"{name}: first (ms)"] = first.drawn
        figures[f"{name}: median (ms)"] = statistics.median(one.drawn for one in rest)
        figures[f"{name}: median cpu (ms)"] = statistics.median(one.cpu for one in rest)
        figures[f"{name}: longest stall (ms)"] = max(one.stall for one in times)
        figures[f"{name}: longest turn, cpu (ms)"] = max(one.turn for one in times)
    return figures
