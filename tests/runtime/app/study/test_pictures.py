"""How the screens of a session look, at two sizes, light and dark, to the last character.

pytest tests/runtime/app/study/test_pictures.py --snapshot-update      after looking at them
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.widgets import TextArea

from runtime.app.app import KindmarkApp
from runtime.app.screens.study.farewell import FarewellScreen
from runtime.app.settings import AppSettings, Colours
from runtime.records.store import Store
from tests.runtime.app.driving import Play, until
from tests.runtime.app.study.marking import (
    MarkingFake,
    asked,
    at_home,
    at_question,
    check,
    go_on,
    said,
    write,
)

SMALL, LARGE = (80, 24), (140, 45)
Picture = Callable[[Callable[[Play, KindmarkApp], Awaitable[None]]], bool]


@pytest.fixture(
    params=[
        (SMALL, Colours.LIGHT),
        (SMALL, Colours.DARK),
        (LARGE, Colours.LIGHT),
        (LARGE, Colours.DARK),
    ],
    ids=["small-light", "small-dark", "large-light", "large-dark"],
)
def picture(
    request: pytest.FixtureRequest,
    filled: Store,
    worker: MarkingFake,
    snap_compare: Callable[..., bool],
) -> Picture:
    """Play a script on the app and compare what it comes to with the picture beside this file."""
    size, colours = request.param
    settings = AppSettings(language="en", colours=colours, reduced_motion=True)
    app = KindmarkApp(filled, worker, settings)

    def compare(script: Callable[[Play, KindmarkApp], Awaitable[None]]) -> bool:
        async def play(pilot: Play) -> None:
            await script(pilot, app)
            for area in app.screen.query(TextArea):
                area.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=play)

    return compare


def test_own_page(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await at_home(pilot, app)

    assert picture(script)


def test_writing_with_a_hint(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await at_question(pilot, app)
        await write(pilot, app, "3/4 = 9/12\n5/6 = 10/12\n9/12 + 10/12 = 18/12")
        await until(pilot, lambda: said(app, "#preview") == "I read this as 18/12")
        await pilot.press("f3")
        await until(pilot, lambda: "Read the question again" in said(app, "HintLadder"))

    assert picture(script)


def test_first_wrong_line(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await at_question(pilot, app)
        await check(pilot, app, "3/4 = 9/12\n5/6 = 10/12\n9/12 + 10/12 = 18/12")

    assert picture(script)


def test_text_beside_its_source(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await at_question(pilot, app)
        while not asked(app).startswith("Summarise"):
            await go_on(pilot, app)
        await check(pilot, app, "Bees carry pollen becuase they drink nectar.\nIt is yellow dust.")

    assert picture(script)


def test_the_end(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await at_question(pilot, app)
        await check(pilot, app, "8/10")
        for _ in range(4):
            await go_on(pilot, app)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, FarewellScreen))

    assert picture(script)
