"""How the desk looks, at two sizes, light and dark, to the last character.

pytest tests/runtime/app/desk/test_pictures.py --snapshot-update      after looking at them
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.analysis import AnalysisScreen
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.home import DeskHome
from runtime.app.screens.desk.table import ReviewTable
from runtime.app.screens.desk.taking_in import TakingIn
from runtime.app.settings import AppSettings, Colours
from runtime.desk import Desk, Scope
from runtime.records.store import Store
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.app.desk.steps import shows, table
from tests.runtime.app.driving import until
from tests.runtime.desk.making import essays, marked, short, sums, written

SMALL, LARGE = (80, 24), (140, 45)
LOOKS = [(size, colours) for size in (SMALL, LARGE) for colours in (Colours.LIGHT, Colours.DARK)]
Before = Callable[[Pilot[Any]], Awaitable[None]]
Snap = Callable[..., bool]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with Store.open(tmp_path / "records", clock=lambda: noon) as store:
        yield store


@pytest.fixture
def scope(store: Store, tmp_path: Path) -> Scope:
    """A marked class set: words, a sum with working, an essay."""
    class_id = store.classes.add("4b", retention_days=365).id
    store.classes.add("5a")
    texts = ["55 dense less ice", "56 dense less water", "60 cold ice", "98 water is heavy"]
    rows = [
        *(short(text, n) for n, text in enumerate(texts)),
        *({**row, "id": f"m{n}"} for n, row in enumerate(sums(["2/7", "4/12 + 3/12 = 7/12"]))),
        *({**row, "id": f"e{n}"} for n, row in enumerate(essays([24]))),
    ]
    with Desk(store, DeskWorker()) as desk:
        return marked(desk, tmp_path, rows, class_id)


@pytest.fixture(params=LOOKS, ids=["small-light", "small-dark", "large-light", "large-dark"])
def look(request: pytest.FixtureRequest) -> tuple[tuple[int, int], Colours]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def compared(
    snap_compare: Snap, store: Store, look: tuple[tuple[int, int], Colours]
) -> Callable[[Before], bool]:
    """Compare what is drawn after some steps with the picture that was kept."""
    size, colours = look
    settings = AppSettings(language="en", colours=colours, reduced_motion=True)
    app = KindmarkApp(store, DeskWorker(), settings)
    return lambda before: snap_compare(app, terminal_size=size, run_before=before)


def test_the_desk(compared: Callable[[Before], bool], scope: Scope) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(DeskHome())
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskHome))
        await until(pilot, lambda: table(pilot, "sets").row_count)

    assert compared(before)


def test_the_answers(compared: Callable[[Before], bool], scope: Scope) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(ReviewTable(scope, "Week 9"))
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewTable))
        await until(pilot, lambda: table(pilot, "answers").row_count == 7)
        await shows(pilot, "7 answers")

    assert compared(before)


@pytest.mark.parametrize("text", ["60 cold ice", "2/7"], ids=["words", "sum"])
def test_one_answer(
    compared: Callable[[Before], bool], store: Store, scope: Scope, text: str
) -> None:
    (one,) = (line for line in store.screens.results() if line.text == text)

    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(AnswerScreen([one.answer_id], 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await shows(pilot, text)

    assert compared(before)


def test_what_else_would_change(
    compared: Callable[[Before], bool], store: Store, scope: Scope
) -> None:
    (one,) = (line for line in store.screens.results() if line.text == "60 cold ice")

    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(AnswerScreen([one.answer_id], 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await shows(pilot, "60 cold ice")
        await pilot.press("w")
        await shows(pilot, "Y shows")
        await pilot.press("y")
        await shows(pilot, "Apply")

    assert compared(before)


def test_a_set_on_its_way_in(compared: Callable[[Before], bool], tmp_path: Path) -> None:
    path = written(tmp_path, [short("5 a", 1), short("9 b", 2, task="poem")], "week.jsonl")

    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(TakingIn(None))
        await until(pilot, lambda: isinstance(pilot.app.screen, TakingIn))
        pilot.app.screen.query_one("#path").value = path  # type: ignore[attr-defined]
        await pilot.press("enter")
        await shows(pilot, "1 answer can be taken in")

    assert compared(before)


def test_what_was_hard(compared: Callable[[Before], bool], scope: Scope) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(AnalysisScreen(scope, "Week 9"))
        await until(pilot, lambda: isinstance(pilot.app.screen, AnalysisScreen))
        await until(pilot, lambda: table(pilot, "questions").row_count == 3)
        await shows(pilot, "of the points")
        await shows(pilot, "What went wrong")

    assert compared(before)
