"""The first screen: who studies here, who is added, and what the demo class brings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Button, Input, OptionList, Select

from runtime.app import app as app_module
from runtime.app import demo
from runtime.app.app import KindmarkApp
from runtime.app.screens.base import KindmarkScreen
from runtime.app.screens.pin import NewPinDialog, PinDialog
from runtime.app.screens.profile import ProfileDialog
from runtime.app.screens.welcome import CARDS, LearnerCard, Welcome
from runtime.records.store import AVATARS, AgeBand, Store
from tests.runtime.app.driving import FakeWorker, Play, play, told, type_in, until, words_on


class Place(KindmarkScreen):
    """Stands for a screen of somebody else."""


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "place_of", lambda _place: Place)


def test_with_nobody_here_it_says_what_to_do(app: KindmarkApp) -> None:
    async def script(_pilot: Play) -> None:
        assert "Nobody is here yet" in words_on(app)

    play(app, script)


def test_a_learner_is_added_with_the_keyboard_alone(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        app.screen.query_one("#avatar", Select).value = "owl"
        await type_in(pilot, "Mia")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query(LearnerCard))

    play(app, script)
    [mia] = store.learners.all()
    assert (mia.nickname, mia.avatar, mia.age_band, mia.has_pin) == (
        "Mia",
        "owl",
        AgeBand.MIDDLE,
        False,
    )


def test_a_learner_with_a_bad_pin_is_not_half_added(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await type_in(pilot, "Mia")
        app.screen.query_one("#pin", Input).value = "12"
        await pilot.press("enter")
        await until(pilot, lambda: "4 to 12 digits" in words_on(app))
        assert app.screen.query_one("#nickname", Input).value == "Mia"

    play(app, script)
    assert store.learners.all() == []


def test_a_learner_without_a_pin_studies_at_once(app: KindmarkApp, store: Store) -> None:
    mia = store.learners.add("Mia", "owl", language="it")

    async def script(pilot: Play) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))
        assert app.learner == mia
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Welcome) and not app.learner)
        assert "Who are you?" in words_on(app)

    play(app, script)


def test_a_learner_with_a_pin_is_asked_for_it(app: KindmarkApp, store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    store.pins.set("4711", mia.id)

    async def script(pilot: Play) -> None:
        assert "Mia (PIN)" in words_on(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await type_in(pilot, "0000")
        await pilot.press("enter")
        await until(pilot, lambda: "That was not it" in words_on(app))
        await type_in(pilot, "4711")
        assert "4711" not in words_on(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))

    play(app, script)


def test_twenty_wrong_tries_only_make_one_wait(app: KindmarkApp, store: Store) -> None:
    mia = store.learners.add("Mia", "owl")
    store.pins.set("4711", mia.id)
    for _ in range(20):
        store.pins.check("0000", mia.id)

    async def script(pilot: Play) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: "Please wait" in words_on(app))
        assert app.screen.query_one("#pin", Input).disabled
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Welcome))

    play(app, script)


def test_the_desk_has_its_pin_set_by_its_first_visitor(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, NewPinDialog))
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await type_in(pilot, "4712")
        await pilot.press("enter")
        await until(pilot, lambda: "not the same" in words_on(app))
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))

    play(app, script)
    assert store.pins.check("4711").right


def test_the_desk_stays_shut_without_its_pin(app: KindmarkApp, store: Store) -> None:
    store.pins.set("4711")

    async def script(pilot: Play) -> None:
        app.go("desk")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Welcome))

    play(app, script)


def test_the_demo_class_comes_and_goes_in_one_step(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.click("#demo")
        await until(pilot, lambda: len(app.screen.query(LearnerCard)) == 6)
        assert "(demo)" in words_on(app)
        await until(pilot, lambda: "Remove" in str(app.screen.query_one("#demo", Button).label))
        await pilot.click("#demo")
        await until(pilot, lambda: "Nobody is here yet" in words_on(app))

    play(app, script, size=(120, 45))
    assert (store.learners.all(archived=True), store.classes.all(), store.sets.all()) == (
        [],
        [],
        [],
    )


def test_the_demo_class_leaves_everybody_else_alone(store: Store) -> None:
    store.learners.add("Amara (demo)", "owl")
    demo.load(store)
    demo.remove(store)
    assert [one.avatar for one in store.learners.all()] == ["owl"]


def test_a_school_is_searched(app: KindmarkApp, store: Store) -> None:
    for number in range(CARDS + 1):
        store.learners.add(f"Child {number}", AVATARS[number % len(AVATARS)])

    async def script(pilot: Play) -> None:
        options = app.screen.query_one(OptionList)
        assert options.option_count == CARDS + 1
        app.screen.query_one("#search").focus()
        await type_in(pilot, "24")
        await until(pilot, lambda: options.option_count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))
        assert app.learner
        assert app.learner.nickname == "Child 24"

    play(app, script)


def test_a_name_that_would_style_or_turn_the_screen_is_drawn_plainly(
    app: KindmarkApp, store: Store
) -> None:
    with store.database.write() as connection:
        # As an import from elsewhere may bring it; the dialog refuses such a name.
        store.learners.add("Mia", "owl")
        connection.execute("UPDATE learners SET nickname = ?", ("[red]a\x1b[31m\u202eb",))

    async def script(_pilot: Play) -> None:
        assert "[red]a␛[31m⟨RLO⟩b"[:21] in words_on(app)

    play(app, script)


@pytest.fixture
def second(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The same records, open in another program already."""
    with Store.open(tmp_path / "records") as second:
        yield second


def test_a_second_app_says_who_has_the_records_and_only_looks(second: Store) -> None:
    app = KindmarkApp(second, FakeWorker())

    async def script(pilot: Play) -> None:
        assert "open in another Kindmark" in told(app)
        assert "Only to look at" in words_on(app)
        assert app.screen.query_one("#add", Button).disabled
        await pilot.press("n")
        await until(pilot, lambda: "Close it there" in told(app))

    play(app, script, size=(120, 30))
