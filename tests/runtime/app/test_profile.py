"""A profile is changed by its owner or at the desk, and taken back; nobody changes another's."""

import pytest
from textual.widgets import Input, Select

from runtime.app.app import KindmarkApp
from runtime.app.screens.pin import PinDialog
from runtime.app.screens.profile import ProfileDialog
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.welcome import Welcome
from runtime.app.widgets.tick import Tick
from runtime.records.store import AgeBand, Store
from runtime.records.store.rows import Learner
from tests.runtime.app.driving import Play, play, told, type_in, until, words_on


@pytest.fixture
def mia(store: Store) -> Learner:
    return store.learners.add("Mia", "owl")


async def to_own_page(pilot: Play, app: KindmarkApp) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, StudyHome))


async def to_profile(pilot: Play, app: KindmarkApp) -> None:
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, ProfileDialog))


def put(app: KindmarkApp, **values: str) -> None:
    for name, value in values.items():
        app.screen.query_one(f"#{name}", Input).value = value


def test_a_learner_changes_everything_and_takes_it_back(
    app: KindmarkApp, store: Store, mia: Learner
) -> None:
    async def script(pilot: Play) -> None:
        await to_own_page(pilot, app)
        await to_profile(pilot, app)
        assert app.screen.query_one("#nickname", Input).value == "Mia"
        put(app, nickname="Zoe", pin="4711", again="4711")
        app.screen.query_one("#avatar", Select).value = "fox"
        app.screen.query_one("#age", Select).value = "7-9"
        await pilot.press("enter")
        await until(pilot, lambda: "The profile of Zoe was changed" in told(app))
        assert "Zoe" in words_on(app)
        changed = store.learners.get(mia.id)
        assert app.learner == changed
        assert (changed.nickname, changed.avatar, changed.age_band) == ("Zoe", "fox", AgeBand.YOUNG)
        assert store.pins.check("4711", mia.id).right
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Taken back" in told(app))
        assert app.learner == mia

    play(app, script)
    assert store.learners.get(mia.id) == mia


def test_another_language_is_spoken_at_once(app: KindmarkApp, mia: Learner) -> None:
    async def script(pilot: Play) -> None:
        await to_own_page(pilot, app)
        await to_profile(pilot, app)
        app.screen.query_one("#language", Select).value = "it"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: "Scegli" in words_on(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Choose a set" in words_on(app))

    play(app, script)


def test_who_has_a_pin_is_asked_for_it_once_more(
    app: KindmarkApp, store: Store, mia: Learner
) -> None:
    store.pins.set("4711", mia.id)

    async def script(pilot: Play) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        app.screen.query_one("#no-pin", Tick).value = True
        await pilot.click("#ok")
        await until(pilot, lambda: "was changed" in told(app))
        assert not store.pins.is_set(mia.id)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: store.pins.is_set(mia.id))
        assert store.pins.check("4711", mia.id).right

    play(app, script, size=(100, 40))


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        (("4711", "4712"), "not the same"),
        (("12", "12"), "4 to 12 digits"),
        (("4711", ""), "not the same"),
    ],
)
def test_a_bad_pin_changes_nothing(
    app: KindmarkApp, mia: Learner, pins: tuple[str, str], said: str
) -> None:
    async def script(pilot: Play) -> None:
        await to_own_page(pilot, app)
        await to_profile(pilot, app)
        put(app, nickname="Zoe", pin=pins[0], again=pins[1])
        await pilot.press("enter")
        await until(pilot, lambda: said in words_on(app))

    play(app, script)
    assert app.store.learners.get(mia.id) == mia


def test_nothing_changed_is_nothing_to_take_back(app: KindmarkApp, mia: Learner) -> None:
    async def script(pilot: Play) -> None:
        await to_own_page(pilot, app)
        await to_profile(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "nothing to take back" in told(app))

    play(app, script)


def test_the_next_child_takes_nothing_back(app: KindmarkApp, store: Store, mia: Learner) -> None:
    async def script(pilot: Play) -> None:
        await to_own_page(pilot, app)
        await to_profile(pilot, app)
        put(app, nickname="Zoe")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome) and "Zoe" in words_on(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Welcome))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "nothing to take back" in told(app))

    play(app, script)
    assert store.learners.get(mia.id).nickname == "Zoe"


def test_a_profile_is_changed_on_its_owners_page_alone(app: KindmarkApp, mia: Learner) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, Welcome)
        titles = [one.title for one in app.get_system_commands(app.screen)]
        assert "My profile" not in titles
        await to_own_page(pilot, app)
        titles = [one.title for one in app.get_system_commands(app.screen)]
        assert "My profile" in titles

    play(app, script)
