"""The first screen: who studies here, who is added, and what the demo class brings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Button, Input, OptionList, Select

from runtime.app import behind, demo
from runtime.app import places as places_module
from runtime.app.app import KindmarkApp, Start
from runtime.app.screens.base import KindmarkScreen
from runtime.app.screens.new_pin import NewPinDialog
from runtime.app.screens.pin import PinDialog
from runtime.app.screens.profile import ProfileDialog
from runtime.app.screens.welcome import CARDS, LearnerCard, Welcome
from runtime.marking.item import Item, Task
from runtime.records.rows import Row
from runtime.records.store import AVATARS, AgeBand, Store
from runtime.records.store.holder import Holder
from tests.runtime.app.driving import FakeWorker, Play, play, told, type_in, until, words_on


class Place(KindmarkScreen):
    """Stands for a screen of somebody else."""


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_module, "place_of", lambda _place: Place)


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


def test_who_has_just_come_is_under_the_enter_key(app: KindmarkApp, store: Store) -> None:
    store.learners.add("Aldo", "owl")

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: bool(app.screen.query(LearnerCard)))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await type_in(pilot, "Zoe")
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen.query(LearnerCard)) == 2)
        await until(pilot, lambda: "Zoe" in str(getattr(app.focused, "label", "")))

    play(app, script)


def test_a_learner_with_a_bad_pin_is_not_half_added(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await type_in(pilot, "Mia")
        for name in ("#pin", "#again"):
            app.screen.query_one(name, Input).value = "12"
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


def test_a_pin_that_is_too_short_is_told_at_once(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, NewPinDialog))
        await type_in(pilot, "24")
        await pilot.press("enter")
        await until(pilot, lambda: "Too short" in words_on(app))
        await type_in(pilot, "68")
        await pilot.press("enter")
        assert "Too short" not in words_on(app)
        await type_in(pilot, "2468")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))

    play(app, script)
    assert store.pins.check("2468").right


def test_a_pin_takes_digits_alone(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        for dialog in (NewPinDialog, PinDialog):
            # The key that opens it may come twice.
            await pilot.press("t")
            await until(pilot, lambda: isinstance(app.screen, dialog))  # noqa: B023
            await type_in(pilot, "t4x7")
            for field in app.screen.query(Input):
                field.focus()
                await type_in(pilot, "t1١-")
            values = [field.value for field in app.screen.query(Input)]
            assert [value.removeprefix("47") for value in values] == ["1\u0661"] * len(values)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Welcome))
            store.pins.set("4711")

    play(app, script)


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


def test_what_a_teacher_put_into_the_demo_class_outlives_it(store: Store) -> None:
    demo.load(store)
    [group] = store.classes.all()
    item = Item(id="1", task=Task.MATH, question="1 + 1", reference="2", answer="2", learner="Mia")
    row = Row(line=1, id="1", digest="", item=item, fields={})
    taken = store.desk.take([row], "Sums", group.id)
    demo.remove(store)
    assert [one.nickname for one in store.learners.all()] == ["Mia"]
    assert [one.name for one in store.classes.all()] == [group.name]
    assert len(store.answers.of_session(taken.session.id)) == 1


def test_a_school_is_searched(app: KindmarkApp, store: Store) -> None:
    for number in range(CARDS + 1):
        store.learners.add(f"Child {number}", AVATARS[number % len(AVATARS)])

    async def script(pilot: Play) -> None:
        assert app.screen.query_one(OptionList).option_count == CARDS + 1
        for _way in range(2):
            # The field waits for a name, also for who comes after.
            await type_in(pilot, "24")
            await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, Place))
            assert app.learner
            assert app.learner.nickname == "Child 24"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.focused, Input) and not app.focused.value)

    play(app, script)


def test_in_a_school_the_keys_leave_letters_to_names(app: KindmarkApp, store: Store) -> None:
    for number in range(CARDS + 1):
        store.learners.add(f"Child {number}", AVATARS[number % len(AVATARS)])
    store.learners.add("Tina", "owl")
    store.pins.set("4711")

    async def script(pilot: Play) -> None:
        assert "f3 Add a learner  f4 Teacher's desk" in words_on(app)
        await type_in(pilot, "tinx")
        await until(pilot, lambda: "Nobody here has that name." in words_on(app))
        await pilot.press("enter", "backspace")
        await until(pilot, lambda: "Tina" in words_on(app))
        await pilot.press("down")
        assert "n Add a learner  t Teacher's desk" in words_on(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))
        assert app.learner
        assert app.learner.nickname == "Tina"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))

    play(app, script)


def test_in_a_school_who_has_just_come_is_under_the_enter_key(
    app: KindmarkApp, store: Store
) -> None:
    for number in range(CARDS + 1):
        store.learners.add(f"Child {number}", AVATARS[number % len(AVATARS)])

    async def script(pilot: Play) -> None:
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await type_in(pilot, "Zoe")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, OptionList))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))
        assert app.learner
        assert app.learner.nickname == "Zoe"

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
        assert "open in another window or browser: process" in told(app)
        assert "Only to look at" in words_on(app)
        assert app.screen.query_one("#add", Button).disabled
        await pilot.press("n")
        await until(pilot, lambda: "Close it there" in told(app))

    play(app, script, size=(120, 30))


def test_a_second_app_hears_that_the_first_was_closed(
    second: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[bool] = [False]
    monkeypatch.setattr(Holder, "is_gone", property(lambda _one: gone[0]))
    monkeypatch.setattr(behind, "SECONDS", 0.05)
    app = KindmarkApp(second, FakeWorker(), start=Start(sealed=False))

    async def script(pilot: Play) -> None:
        await pilot.pause(0.2)
        assert "was closed" not in told(app)
        gone[0] = True
        await until(pilot, lambda: "The other Kindmark was closed" in told(app))

    play(app, script, size=(120, 30))


def test_the_desk_opens_to_who_may_only_look(store: Store, second: Store) -> None:
    store.pins.set("4711")
    app = KindmarkApp(second, FakeWorker())

    async def script(pilot: Play) -> None:
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, PinDialog))
        await type_in(pilot, "0000")
        await pilot.press("enter")
        await until(pilot, lambda: "That was not it" in words_on(app))
        await type_in(pilot, "4711")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Place))

    play(app, script, size=(120, 40))


def test_who_may_only_look_sets_no_pin(second: Store) -> None:
    app = KindmarkApp(second, FakeWorker())

    async def script(pilot: Play) -> None:
        await pilot.press("t")
        await until(pilot, lambda: "Close it there" in told(app))
        assert isinstance(app.screen, Welcome)

    play(app, script, size=(120, 40))
