"""Takes the README's pictures: the app itself, the demo class, and the model that marks it.

    python -m benchmarks.screens                 examples/screens/*.svg
    python -m benchmarks.screens --folder /tmp/s --language it

Keys are pressed as a child and a teacher would press them; what stands in the pictures is what
came of them. The records lie in a folder that is removed again.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from textual.pilot import Pilot

from runtime.app import demo
from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.doings import doings_of
from runtime.app.screens.desk.table import ReviewTable
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.study.question import QuestionScreen
from runtime.app.settings import AppSettings, Colours
from runtime.app.widgets.study_card import StudyCard
from runtime.desk import Scope
from runtime.judge.worker.client import MarkingWorker
from runtime.records.store import Store

SIZE = 100, 30
LEARNER = "Amara (demo)"
WORKING = "3/4 = 9/12", "9/12 + 10/12 = 20/12", "20/12 = 5/3"
"""A slip in the second line of the first question, "Work out 3/4 + 5/6."."""

_FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_PATIENCE_SECONDS = 120.0
_SETTLED_SECONDS = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    """Take three pictures and print where they are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--folder", type=Path, default=Path("examples/screens"))
    parser.add_argument("--language", default="en")
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder)) as store,
        MarkingWorker() as worker,
    ):
        demo.load(store)
        for colours, script in ((Colours.LIGHT, _study), (Colours.DARK, _desk)):
            settings = AppSettings(language=args.language, colours=colours, reduced_motion=True)
            asyncio.run(_run(KindmarkApp(store, worker, settings), script, args.folder))
    for picture in sorted(args.folder.glob("*.svg")):
        sys.stdout.write(f"{picture}\n")
    return 0


Script = Callable[[Pilot[object], KindmarkApp, Path], Coroutine[None, None, None]]


async def _run(app: KindmarkApp, script: Script, folder: Path) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await script(pilot, app, folder)


async def _study(pilot: Pilot[object], app: KindmarkApp, folder: Path) -> None:
    """A child's working with a slip, and what is said of it."""
    (learner,) = (one for one in app.store.learners.all() if one.nickname == LEARNER)
    app.learner = learner
    app.push_screen(StudyHome())
    await _until(pilot, lambda: isinstance(app.screen, StudyHome))
    await _settle(pilot)
    await pilot.press("enter")
    await _until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    await _settle(pilot)
    await pilot.press(*(_key(character) for character in "\n".join(WORKING)))
    await pilot.press("ctrl+s")
    await _until(pilot, lambda: app.screen.query_one(StudyCard).display)
    await pilot.press("f3", "f3")
    await _save(pilot, app, folder / "study.svg")


async def _desk(pilot: Pilot[object], app: KindmarkApp, folder: Path) -> None:
    """The demo class, marked: the answers that need a look first, and one of them."""
    (session,) = (one for one in app.store.screens.sessions(_demo_class(app)) if one.answers > 1)
    scope = Scope(session_id=session.id)
    doings = doings_of(app)
    doings.mark(session.id, demo.SET)
    await _until(pilot, lambda: doings.progress is not None and doings.progress.ended)
    app.clear_notifications()
    app.push_screen(ReviewTable(scope, demo.SET))
    await _until(pilot, lambda: isinstance(app.screen, ReviewTable))
    await _save(pilot, app, folder / "desk.svg")
    await pilot.press("enter")
    await _until(pilot, lambda: isinstance(app.screen, AnswerScreen))
    await _save(pilot, app, folder / "answer.svg")


def _demo_class(app: KindmarkApp) -> int:
    return next(one.id for one in app.store.classes.all() if one.name == demo.CLASS)


def _key(character: str) -> str:
    names = {"\n": "enter", " ": "space", "/": "slash", "+": "plus", "=": "equals_sign"}
    return names.get(character, character)


async def _save(pilot: Pilot[object], app: KindmarkApp, path: Path) -> None:
    await _settle(pilot)
    drawn = app.export_screenshot(title="Kindmark")
    # The font would be fetched from elsewhere; the reader's own monospaced one does.
    path.write_text(_FONT.sub("", drawn), "utf-8")


async def _settle(pilot: Pilot[object]) -> None:
    """Let what comes a moment later, such as a reading of the answer, be drawn."""
    await pilot.pause(_SETTLED_SECONDS)
    await pilot.pause()


async def _until(pilot: Pilot[object], holds: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("The app did not come to what is to be seen.")
        await pilot.pause(0.05)


if __name__ == "__main__":
    sys.exit(main())
