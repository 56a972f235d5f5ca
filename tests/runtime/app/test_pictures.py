"""How the shell's screens look, at two sizes, light and dark, to the last character.

pytest tests/runtime/app/test_pictures.py --snapshot-update      after looking at them
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.widgets import Input, Select

from runtime.app import demo
from runtime.app.app import KindmarkApp
from runtime.app.screens.help import HelpScreen
from runtime.app.screens.pin import PinDialog
from runtime.app.screens.profile import ProfileDialog
from runtime.app.screens.settings import SettingsScreen
from runtime.app.settings import AppSettings, Colours
from runtime.records.store import Store
from tests.runtime.app.driving import FakeWorker, Play, until, words_on

SMALL, LARGE = (80, 24), (140, 45)
Script = Callable[[Play, KindmarkApp], Awaitable[None]]
View = tuple[tuple[int, int], AppSettings]
Picture = Callable[[Script, View], bool]

LIGHT = AppSettings(language="en", colours=Colours.LIGHT, reduced_motion=True)


@pytest.fixture(
    params=[
        (SMALL, Colours.LIGHT),
        (SMALL, Colours.DARK),
        (LARGE, Colours.LIGHT),
        (LARGE, Colours.DARK),
    ],
    ids=["small-light", "small-dark", "large-light", "large-dark"],
)
def view(request: pytest.FixtureRequest) -> View:
    size, colours = request.param
    return size, AppSettings(language="en", colours=colours, reduced_motion=True)


@pytest.fixture
def picture(store: Store, snap_compare: Callable[..., bool]) -> Picture:
    """Play a script on an app with the demo class; compare with the picture beside this file."""
    demo.load(store)

    def compare(script: Script, view: View) -> bool:
        size, settings = view
        app = KindmarkApp(store, FakeWorker(), settings)

        async def play(pilot: Play) -> None:
            await until(pilot, lambda: app.focused and "f1" in words_on(app))
            await script(pilot, app)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=play)

    return compare


async def nothing(_pilot: Play, _app: KindmarkApp) -> None:
    """Look at the first screen."""


def test_who_are_you(picture: Picture, view: View) -> None:
    assert picture(nothing, view)


def test_a_learner_is_added(picture: Picture, view: View) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        app.screen.query_one("#avatar", Select).value = "owl"

    assert picture(script, view)


def test_a_profile_is_changed(picture: Picture, view: View, store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    store.pins.set("4711", mia.id)

    async def script(pilot: Play, app: KindmarkApp) -> None:
        await app.push_screen(ProfileDialog(store.learners.get(mia.id)))
        await until(pilot, lambda: "The profile of Mia" in words_on(app))

    assert picture(script, view)


def test_settings(picture: Picture, view: View) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))

    assert picture(script, view)


def test_a_pin_is_asked_for(picture: Picture, view: View, store: Store) -> None:
    store.pins.set("4711")

    async def script(pilot: Play, app: KindmarkApp) -> None:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))

    assert picture(script, view)


def test_help(picture: Picture, view: View) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Choose" in words_on(app))

    assert picture(script, view)


@pytest.mark.parametrize("colours", [Colours.CONTRAST_LIGHT, Colours.CONTRAST_DARK])
def test_large_text_with_much_contrast(picture: Picture, colours: Colours) -> None:
    settings = AppSettings(language="en", colours=colours, reduced_motion=True, large_text=True)
    assert picture(nothing, (SMALL, settings))


def test_in_italian(picture: Picture) -> None:
    settings = AppSettings(language="it", colours=Colours.LIGHT, reduced_motion=True)
    assert picture(nothing, (SMALL, settings))


def test_too_small(picture: Picture) -> None:
    async def script(pilot: Play, app: KindmarkApp) -> None:
        await pilot.resize_terminal(50, 12)
        await until(pilot, lambda: "too small" in words_on(app))

    assert picture(script, (SMALL, LIGHT))
