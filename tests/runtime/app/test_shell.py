"""What every screen has: help, settings, the palette, undo, errors in words, small windows."""

import gc
from pathlib import Path

import msgspec
import pytest
from textual.widgets import Input, OptionList, Select
from textual.worker import WorkerFailed

from runtime.app import behind
from runtime.app.app import KindmarkApp, Start
from runtime.app.screens.base import KindmarkScreen
from runtime.app.screens.help import HelpScreen
from runtime.app.screens.palette import Palette
from runtime.app.screens.profile import ProfileDialog
from runtime.app.screens.settings import SettingsScreen
from runtime.app.screens.welcome import CARDS, LearnerCard, Welcome
from runtime.app.settings import AppSettings, Colours, read
from runtime.app.widgets.too_small import TooSmall
from runtime.errors import BadInputError, ModelError
from runtime.records.store import Store
from tests.runtime.app.driving import FakeWorker, Play, play, told, type_in, until, words_on


def test_f1_explains_the_screen_and_its_keys(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen) and "Key" in words_on(app))
        assert "Choose yourself with the arrow keys" in words_on(app)
        assert "Add a learner" in words_on(app)
        await pilot.press("f1")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))

    play(app, script, size=(100, 60))


def test_escape_does_not_leave_the_first_screen(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        before = app.screen
        await pilot.press("escape")
        assert app.screen is before
        assert "Back" not in words_on(app)

    play(app, script)


def test_another_language_is_spoken_at_once_on_every_screen(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        app.screen.query_one("#language", Select).value = "it"
        await until(pilot, lambda: "Impostazioni" in words_on(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Chi sei?" in words_on(app))

    play(app, script)
    assert read().language == "it"


def test_what_was_typed_outlives_a_change_of_language(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await type_in(pilot, "Mia")
        await app.choose(msgspec.structs.replace(app.settings, language="it"))
        await until(pilot, lambda: "Soprannome" in words_on(app))
        assert app.screen.query_one("#nickname", Input).value == "Mia"
        assert app.focused is app.screen.query_one("#nickname")

    play(app, script)


def test_settings_hold_at_once_and_are_kept(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        app.screen.query_one("#colours", Select).value = Colours.CONTRAST_DARK.value
        await until(pilot, lambda: app.theme == "kindmark-contrast-dark")
        app.screen.query_one("#reduced_motion", Select).value = "on"
        await until(pilot, lambda: app.animation_level == "none")
        app.screen.query_one("#large_text", Select).value = "on"
        await until(pilot, lambda: app.has_class("-large-text"))

    play(app, script)
    assert read() == app.settings
    assert (read().colours, read().reduced_motion, read().large_text) == (
        Colours.CONTRAST_DARK,
        True,
        True,
    )


def test_settings_that_cannot_be_kept_hold_for_today(
    app: KindmarkApp, settings_folder: Path
) -> None:
    settings_folder.write_text("a file is in the way")

    async def script(pilot: Play) -> None:
        await app.choose(msgspec.structs.replace(app.settings, colours=Colours.DARK))
        await until(pilot, lambda: "holds for today" in told(app))
        assert app.theme == "kindmark-dark"

    play(app, script)


def test_the_palette_has_our_commands_in_our_language(app: KindmarkApp) -> None:
    async def script(_pilot: Play) -> None:
        found = [command.title for command in app.get_system_commands(app.screen)]
        for title in ("Settings", "Teacher's desk", "Models", "Italiano", "Dark", "Help", "Quit"):
            assert found.count(title) == 1

    play(app, script)


def test_the_palette_does_what_the_keys_of_the_screen_do(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await type_in(pilot, "demo")
        await until(pilot, lambda: "Here also by the key F6" in words_on(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Welcome))
        await until(pilot, lambda: "The demo class is here" in told(app))

    play(app, script)
    assert store.learners.all()


def test_the_palette_says_in_our_words_that_nothing_fits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Palette, "_NO_MATCHES_COUNTDOWN", 0.01)
    app = KindmarkApp(store, FakeWorker(), AppSettings(language="it"))

    async def script(pilot: Play) -> None:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await type_in(pilot, "zzz")
        await until(pilot, lambda: "Qui nulla ha questo nome." in words_on(app))
        await pilot.press("backspace", "backspace", "backspace")
        await until(pilot, lambda: "Qui nulla" not in words_on(app))

    play(app, script)


@pytest.mark.filterwarnings("error")
def test_work_that_is_ended_before_it_began_leaves_nothing_behind(app: KindmarkApp) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        done.append(number)

    async def script(pilot: Play) -> None:
        for number in range(3):
            app.screen.start(work(number), group="one", exclusive=True)  # type: ignore[attr-defined]
        await until(pilot, lambda: done)

    play(app, script)
    gc.collect()
    assert done == [2]


def test_a_window_of_a_few_cells_ends_nothing(app: KindmarkApp, store: Store) -> None:
    for number in range(CARDS + 1):
        store.learners.add(f"Learner {number}", "owl")

    async def script(pilot: Play) -> None:
        assert app.screen.query(OptionList)
        for size in ((5, 2), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until(pilot, lambda: "Learner 1" in words_on(app))

    play(app, script)


def test_a_small_window_shows_a_sentence_and_a_larger_one_everything(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProfileDialog))
        await pilot.resize_terminal(50, 12)
        await until(pilot, lambda: "too small: 50 by 12" in " ".join(words_on(app).split()))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Nickname" in words_on(app))
        assert not app.screen.query_one(TooSmall).display
        await type_in(pilot, "Mia")
        assert app.screen.query_one("#nickname", Input).value == "Mia"

    play(app, script)


def test_nothing_is_done_unseen(app: KindmarkApp, store: Store) -> None:
    store.learners.add("Mia", "owl")

    async def script(pilot: Play) -> None:
        first = app.screen
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "too small" in words_on(app))
        for key in ("enter", "n", "t", "f1", "f2", "ctrl+p", "tab"):
            await pilot.press(key)
        await pilot.pause()
        assert app.screen is first
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.focused, LearnerCard))

    play(app, script)


def test_a_window_that_grows_has_the_focus_of_one_that_was_large(
    app: KindmarkApp, store: Store
) -> None:
    store.learners.add("Mia", "owl")

    async def script(pilot: Play) -> None:
        assert app.focused is None
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.focused, LearnerCard))

    play(app, script, size=(40, 10))


class Failing(KindmarkScreen):
    """Fails in every way a screen can."""

    BINDINGS = [  # noqa: RUF012
        ("x", "fail", ""),
        ("w", "work", ""),
        ("d", "defect", ""),
        ("e", "work_with_defect", ""),
    ]

    def action_defect(self) -> None:
        secret = "what a child wrote"
        raise ValueError(len(secret))

    def action_work_with_defect(self) -> None:
        self.start(self._defective())

    async def _defective(self) -> None:
        self.action_defect()

    def action_fail(self) -> None:
        raise BadInputError("The key failed.", "Press another.")

    def action_work(self) -> None:
        self.start(self._work())

    async def _work(self) -> None:
        raise BadInputError("The work failed.", "Try [red]again[/].")


def test_errors_are_told_with_their_remedy_and_end_nothing(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await app.push_screen(Failing())
        await pilot.press("x")
        await until(pilot, lambda: "The key failed. Press another." in told(app))
        await pilot.press("w")
        await until(pilot, lambda: "The work failed. Try [red]again[/]." in told(app))

    play(app, script)


@pytest.mark.parametrize("key", ["d", "e"])
def test_a_defect_ends_it_and_shows_no_text_of_a_child(
    app: KindmarkApp, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def script(pilot: Play) -> None:
        await app.push_screen(Failing())
        await pilot.press(key)

    with pytest.raises((ValueError, WorkerFailed), match="18"):
        play(app, script)
    assert isinstance(app.defect, ValueError)
    said = capsys.readouterr()
    assert "what a child wrote" not in said.out + said.err


def test_what_was_done_is_taken_back_by_a_key(app: KindmarkApp) -> None:
    undone: list[str] = []

    async def undo() -> None:
        undone.append("gone")

    async def script(pilot: Play) -> None:
        app.did("The set was removed.", undo)
        await until(pilot, lambda: "Ctrl+Z" in told(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: undone)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "nothing to take back" in told(app))

    play(app, script)
    assert undone == ["gone"]


@pytest.fixture
def started(store: Store, worker: FakeWorker) -> KindmarkApp:
    return KindmarkApp(store, worker, start=Start("some-model", sealed=False))


def test_the_model_is_loaded_behind_the_first_screen(
    started: KindmarkApp, worker: FakeWorker
) -> None:
    async def script(pilot: Play) -> None:
        await until(pilot, lambda: worker.opened and not started.model_line)

    play(started, script)
    assert worker.opened == ["some-model"]


def test_without_a_model_it_says_so_and_stays_usable(
    started: KindmarkApp, worker: FakeWorker
) -> None:
    worker.fails = ModelError("The file is missing.", "kindmark doctor")

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: "The file is missing. kindmark doctor" in told(started))
        assert "No model: maths is marked" in words_on(started)

    play(started, script, size=(120, 30))


def test_the_process_is_sealed_once_the_loop_is_up(
    store: Store, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[str] = []
    monkeypatch.setattr(behind, "seal", lambda: sealed.append("sealed"))
    app = KindmarkApp(store, worker, start=Start())

    async def script(pilot: Play) -> None:
        await until(pilot, lambda: sealed)

    play(app, script)
    assert sealed == ["sealed"]
