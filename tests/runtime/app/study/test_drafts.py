"""What is typed and not checked: kept as it is typed, there again, and never in the way."""

from typing import NoReturn

import pytest
from textual import events

from runtime.app.app import KindmarkApp
from runtime.app.screens.study import drafts
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.study.question import QuestionScreen
from runtime.app.settings import AppSettings
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.records.store import Store, StoreFullError
from runtime.records.store.rows import Learner, QuestionSet
from runtime.study.session import StudySession
from tests.runtime.app.driving import Play, play, texts_of, type_in, until
from tests.runtime.app.study.marking import (
    MarkingFake,
    asked,
    at_home,
    at_question,
    check,
    go_on,
    write,
)

SOON = 0.05


def kept(store: Store) -> list[str]:
    """Return all drafts there are."""
    with store.database.read() as connection:
        return [text for (text,) in connection.execute("SELECT text FROM drafts")]


def editor(app: KindmarkApp) -> WorkingEditor:
    return app.screen.query_one(WorkingEditor)


async def resume(pilot: Play, app: KindmarkApp) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))


def test_what_is_typed_is_kept_while_it_is_typed_and_goes_when_it_is_handed_in(
    app: KindmarkApp, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "KEEP_SECONDS", SOON)

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await type_in(pilot, "8/1")
        await until(pilot, lambda: kept(store) == ["8/1"])
        await type_in(pilot, "0")
        await until(pilot, lambda: kept(store) == ["8/10"])
        await check(pilot, app, "8/10")
        assert kept(store) == []

    play(app, script)
    assert kept(store) == []


def test_another_start_of_the_app_goes_on_with_what_was_typed(
    app: KindmarkApp, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "KEEP_SECONDS", 3600.0)

    async def first(pilot: Play) -> None:
        await at_question(pilot, app)
        await type_in(pilot, "19/1")
        # Ctrl+Q: however the app is left, what was typed is kept.
        await pilot.press("ctrl+q")

    play(app, first)
    assert kept(store) == ["19/1"]
    with MarkingFake() as worker:
        later = KindmarkApp(store, worker, AppSettings(language="en", reduced_motion=True))

        async def second(pilot: Play) -> None:
            await at_home(pilot, later)
            await resume(pilot, later)
            assert editor(later).text == "19/1"
            assert later.focused is editor(later)
            await check(pilot, later, "19/12")

        play(later, second)
    assert kept(store) == []


def test_what_is_left_by_esc_or_passed_over_comes_with_its_question(
    app: KindmarkApp, store: Store
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await type_in(pilot, "19/1")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome) and kept(store) == ["19/1"])
        await until(pilot, lambda: app.focused and app.focused.id == "resume")
        await resume(pilot, app)
        assert editor(app).text == "19/1"
        await pilot.press("f5")
        await until(pilot, lambda: "You have not checked this yet." in texts_of(app))
        await go_on(pilot, app)
        assert editor(app).text == ""
        assert kept(store) == ["19/1"]

    play(app, script)


def test_who_takes_out_what_was_typed_has_no_draft(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await type_in(pilot, "19")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome) and kept(store) == ["19"])
        await until(pilot, lambda: app.focused and app.focused.id == "resume")
        await resume(pilot, app)
        await write(pilot, app, "")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome) and kept(store) == [])

    play(app, script)


def test_another_try_is_a_draft_beside_the_answer_before(
    app: KindmarkApp, store: Store, mia: Learner, week: QuestionSet
) -> None:
    session = StudySession.start(store, mia, week.id)
    item_id = session.turn().item_id
    session.submit("8/10")
    session.keep_draft(item_id, "8/10")
    assert session.turn().unsent == ""
    session.keep_draft(item_id, "8/10 = 4/5")

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        await resume(pilot, app)
        assert editor(app).text == "8/10 = 4/5"
        assert editor(app).display

    play(app, script)


def test_a_full_disk_says_one_line_and_leaves_typing_alone(
    app: KindmarkApp, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "KEEP_SECONDS", SOON)

    def full() -> NoReturn:
        raise StoreFullError("The disk is full.", "Make room on this disk.")

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        with monkeypatch.context() as patch:
            patch.setattr(store.database, "write", full)
            await type_in(pilot, "19/")
            await until(pilot, lambda: "cannot be kept before you check it" in texts_of(app))
            await type_in(pilot, "12")
            assert editor(app).text == "19/12"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: app.focused and app.focused.id == "resume")
        await resume(pilot, app)
        # It was in memory.
        assert editor(app).text == "19/12"
        await check(pilot, app, "19/12")

    play(app, script)
    assert kept(store) == []


def test_an_old_terminal_that_pastes_key_by_key_is_taken_in_one_go(
    app: KindmarkApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserted: list[str] = []
    replace = WorkingEditor._replace_via_keyboard
    text = "because it dries\n" * 60

    def noted(one: WorkingEditor, insert: str, *places: tuple[int, int]) -> object:
        inserted.append(insert)
        return replace(one, insert, *places)

    monkeypatch.setattr(WorkingEditor, "_replace_via_keyboard", noted)

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        for one in text:
            key = {" ": "space", "\n": "enter"}.get(one, one)
            app.post_message(events.Key(key, "\r" if one == "\n" else one))
        app.post_message(events.Key("left", None))
        app.post_message(events.Key("x", "x"))
        await until(pilot, lambda: "x" in editor(app).text)

    play(app, script)
    # What moves the cursor comes after all that was typed before it.
    assert "".join(inserted) == f"{text}x"
    assert len(inserted) < len(text) / 10


def test_what_is_written_while_an_answer_is_marked_is_not_lost_behind_its_card(
    app: KindmarkApp, store: Store, worker: MarkingFake
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        worker.holding = True
        await write(pilot, app, "8/10")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: worker.held)
        await write(pilot, app, "8/10 is wrong, it must be")
        worker.let_go()
        await until(pilot, lambda: app.screen.query_one(StudyCard).display)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: kept(store) == ["8/10 is wrong, it must be"])

    play(app, script)
