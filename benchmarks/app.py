"""How soon the app is there, how soon its screens are, and whether it stalls while it marks.

    python -m benchmarks.app                     first paint: from the start of the process
    python -m benchmarks.app --screens           each screen over 10,000 answers by 200 learners:
                                                 until it is filled and drawn; then the desk's inner
                                                 screens over one class of them all (app_desk)
    python -m benchmarks.app --stall 500         the longest stall while so many answers are marked
    python -m benchmarks.app --json              the figures as data

First paint is the time until the first screen's text comes out of a pseudo-terminal, over
``--runs`` processes (the first of them, which fills caches, is left out); ``cpu`` is what the
process had used by then. Stalls are how late a task of the app's own loop is woken that wants to be
every 5 ms; the marking is the real thing, in its own process, with the model that is installed.
"""

import argparse
import asyncio
import fcntl
import json
import os
import pty
import resource
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from benchmarks.app_desk import desk_screens
from benchmarks.app_loop import Heartbeat, Turns
from benchmarks.store import fill
from runtime.app.app import PLACES, KindmarkApp, Start, place_of
from runtime.app.screens.welcome import Welcome
from runtime.judge.worker.client import MarkingWorker
from runtime.marking.item import Item, Task
from runtime.records.rows import Row
from runtime.records.store import Store

if TYPE_CHECKING:
    from runtime.desk.progress import Progress

_FIRST_WORDS = b"Who are you?"
_IDLE_SECONDS = 10.0
_OPENINGS = 6
_PATIENCE_SECONDS = 60.0
_SIZE = (120, 40)
Figures = dict[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its figures."""
    args = _parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["KINDMARK_CONFIG"] = str(place / "config")
        if args.stall:
            figures = asyncio.run(_stall(place / "records", args.stall))
        elif args.screens:
            figures = asyncio.run(_screens(place / "records", args.learners))
            figures |= asyncio.run(desk_screens(place / "one class", args.learners))
        else:
            figures = _first_paint(place / "records", args.runs)
    print(json.dumps(figures, indent=2) if args.json else _table(figures))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="processes; default 10")
    parser.add_argument("--screens", action="store_true", help="time every screen")
    parser.add_argument("--learners", type=int, default=200, metavar="N", help="default 200")
    parser.add_argument("--stall", type=int, default=0, metavar="N", help="mark N answers")
    parser.add_argument("--json", action="store_true", help="data instead of a table")
    return parser.parse_args(argv)


def _first_paint(folder: Path, runs: int) -> Figures:
    with Store.open(folder) as store:
        fill(store, 200, 25)
    found = [_painted(folder) for _ in range(runs + 1)][1:]
    walls, cpus = zip(*found, strict=True)
    return {
        "first paint, median (s)": statistics.median(walls),
        "first paint, longest (s)": max(walls),
        "cpu, median (s)": statistics.median(cpus),
    }


def _painted(folder: Path) -> tuple[float, float]:
    """Return seconds until the first words of one process, and those it computed for."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm-256color", "KINDMARK_RECORDS": str(folder)}
        os.execv(sys.executable, [sys.executable, "-m", "runtime.cli.main", "app"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _SIZE[1], _SIZE[0], 0, 0))
    seen = b""
    while _FIRST_WORDS not in seen:
        if not select.select([terminal], [], [], _PATIENCE_SECONDS)[0]:
            raise TimeoutError(f"The app did not paint: {seen!r}")
        seen += os.read(terminal, 1 << 16)
    wall, cpu = time.perf_counter() - started, _cpu_seconds(pid)
    os.write(terminal, b"\x11")
    _drain(terminal)
    os.waitpid(pid, 0)
    os.close(terminal)
    return wall, cpu


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _drain(terminal: int) -> None:
    """Read until the process has let go of its terminal, or it could not end."""
    try:
        while os.read(terminal, 1 << 16):
            pass
    except OSError:
        return


async def _screens(folder: Path, learners: int) -> Figures:
    figures: Figures = {}
    with Store.open(folder) as store, MarkingWorker() as worker:
        fill(store, learners, 25)
        app = KindmarkApp(store, worker)
        async with app.run_test(size=_SIZE) as pilot:
            await app.workers.wait_for_complete()
            app.learner = store.learners.all()[0]
            for name, kind in _kinds().items():
                times = []
                for _ in range(_OPENINGS):
                    times.append(await _opened(app, kind))
                    app.pop_screen()
                    await pilot.pause()
                walls, cpus = zip(*times, strict=True)
                figures[f"{name}: first (s)"] = walls[0]
                figures[f"{name}: median (s)"] = statistics.median(walls[1:])
                figures[f"{name}: median cpu (s)"] = statistics.median(cpus[1:])
    return figures


def _kinds() -> dict[str, type[Screen[None]]]:
    return {"welcome": Welcome, **{name: place_of(name) for name in PLACES}}


async def _opened(app: KindmarkApp, kind: type[Screen[None]]) -> tuple[float, float]:
    """Return the seconds until a screen is filled and drawn, and those of computing."""
    wall, cpu = time.perf_counter(), time.process_time()
    await app.push_screen(kind())
    await app.workers.wait_for_complete()
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await drawn.wait()
    return time.perf_counter() - wall, time.process_time() - cpu


async def _stall(folder: Path, answers: int) -> Figures:
    from runtime.desk.desk import Desk  # noqa: PLC0415 - no part of what paints first

    with Store.open(folder) as store, MarkingWorker() as worker:
        taken = store.desk.take(_answers(answers), "Benchmark", store.classes.add("Class").id)
        app = KindmarkApp(store, worker, start=Start(sealed=False))
        async with app.run_test(size=_SIZE):
            await app.workers.wait_for_complete()
            # What this machine does to a program that does nothing, to be held against.
            async with Heartbeat() as idle:
                await asyncio.sleep(_IDLE_SECONDS)
            started, usage = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
            async with Heartbeat() as beat:
                with Turns() as turns, Desk(store, worker) as desk:
                    job = desk.mark(taken.session.id, partial(_follow, app))
                    await asyncio.to_thread(job.wait)
            seconds = time.perf_counter() - started
            used = resource.getrusage(resource.RUSAGE_SELF)
    late = sorted(beat.late)
    return {
        "answers marked": answers - len(_pending(folder)),
        "seconds": seconds,
        "cpu of the app (s)": used.ru_utime + used.ru_stime - usage.ru_utime - usage.ru_stime,
        "longest stall (ms)": 1000 * late[-1],
        "longest turn of the loop, cpu (ms)": 1000 * turns.longest,
        "stall, 99.9 % (ms)": 1000 * late[int(0.999 * (len(late) - 1))],
        "longest stall without marking (ms)": 1000 * max(idle.late),
        "stall, median (ms)": 1000 * statistics.median(late),
    }


def _follow(app: KindmarkApp, progress: "Progress") -> None:
    """Show the progress in a line of the screen, as the desk does; called by the job's thread."""
    app.call_later(setattr, app, "job_line", f"{progress.done}")


def _pending(folder: Path) -> list[int]:
    """Return the answers of a closed store that have no mark."""
    with Store.open(folder) as store:
        return [one.answer_id for one in store.answers.pending()]


def _answers(count: int) -> list[Row]:
    """Return answers in maths and in words, half and half, of questions of 25 answers each."""
    rows = []
    for number in range(count):
        question = number // 25
        if question % 2:
            item = Item(
                id=f"r{number}",
                task=Task.SHORT_ANSWER,
                question=f"Why do plants need light? ({question})",
                reference="Light gives them the energy to make their food.",
                answer=f"They use it to make food, I think, because of the sun {number}.",
                learner=f"Child {number % 25}",
            )
        else:
            item = Item(
                id=f"r{number}",
                task=Task.MATH,
                question=f"Work out {question + 2} x 12.",
                reference=str((question + 2) * 12),
                answer=f"{question + 2} x 10 = {(question + 2) * 10}\nanswer {number}",
                learner=f"Child {number % 25}",
            )
        rows.append(Row(line=number, id=item.id, digest="", item=item, fields={}))
    return rows


def _table(figures: Figures) -> str:
    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {value:10.3f}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
