"""What can go wrong in a session, and that no answer is lost by it."""

import asyncio
import gc
import time
from concurrent.futures import Future
from typing import NoReturn

import pytest
from textual import events
from textual.widgets import Button

from runtime.app.app import KindmarkApp
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.study.question import QuestionScreen
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.errors import KindmarkError
from runtime.marking.item import Item, Task
from runtime.records.store import Store, StoreFullError
from runtime.records.store.rows import Learner, QuestionSet
from runtime.study.refusals import MOST_CHARS, MOST_LINES
from runtime.study.session import StudySession
from runtime.study.turn import Spot
from tests.runtime.app.driving import Play, play, texts_of, told, until, words_on
from tests.runtime.app.study.marking import (
    MarkingFake,
    asked,
    at_home,
    at_question,
    busy,
    check,
    go_on,
    said,
    write,
)
from tests.runtime.study import classroom


def test_while_an_answer_is_marked_one_can_go_on(
    app: KindmarkApp, worker: MarkingFake, store: Store
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        worker.holding = True
        await write(pilot, app, "8/10")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: worker.held)
        assert "Your answer is kept. I am looking at it." in texts_of(app)
        assert store.answers.count_pending() == 1
        await go_on(pilot, app)
        worker.let_go()
        trail = app.screen.query_one("StudyTrail")
        await until(pilot, lambda: trail.trail[0] is Spot.AGAIN)  # type: ignore[attr-defined]
        assert not app.screen.query_one(StudyCard).display
        assert asked(app).startswith("Solve")

    play(app, script)
    assert store.answers.count_pending() == 0


def test_the_next_question_can_be_checked_while_the_one_before_is_still_marked(
    app: KindmarkApp, worker: MarkingFake
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        worker.holding = True
        await write(pilot, app, "8/10")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: worker.held)
        worker.holding = False
        await go_on(pilot, app)
        await check(pilot, app, "x = 5")
        assert "Well done, that is right." in texts_of(app)
        worker.let_go()
        trail = app.screen.query_one("StudyTrail")
        await until(pilot, lambda: trail.trail[0] is Spot.AGAIN)  # type: ignore[attr-defined]
        assert "Well done, that is right." in texts_of(app)

    play(app, script)


def test_without_a_model_a_text_waits_and_is_marked_when_it_is_there(
    app: KindmarkApp, worker: MarkingFake
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        while not asked(app).startswith("Why"):
            await go_on(pilot, app)
        app.model_line = "The model is loading; maths works already"
        worker.holding = True
        await write(pilot, app, "It dries.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "still getting ready to read texts" in texts_of(app))
        worker.let_go()
        await until(pilot, lambda: app.screen.query_one(StudyCard).display)

    play(app, script)


def test_an_answer_that_cannot_be_marked_is_kept_and_checking_again_does_not_double_it(
    app: KindmarkApp, worker: MarkingFake, store: Store
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        worker.fails = KindmarkError("The marking process has ended.", "It is started again.")
        await write(pilot, app, "8/10")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "could not be looked at yet" in texts_of(app))
        worker.fails = None
        await check(pilot, app, "8/10")

    play(app, script)
    [answer] = store.answers.of_session(1)
    assert answer.mark_id is not None


def test_with_a_full_disk_the_answer_stays_in_the_editor(
    app: KindmarkApp, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> NoReturn:
        raise StoreFullError("The disk is full.", "Make room on this disk.")

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        monkeypatch.setattr(store.database, "write", full)
        await write(pilot, app, "19/12")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "could not be kept" in texts_of(app))
        assert app.screen.query_one(WorkingEditor).text == "19/12"
        monkeypatch.undo()
        await check(pilot, app, "19/12")

    play(app, script)
    assert len(store.answers.of_session(1)) == 1


def test_a_pasted_book_is_refused_kindly_and_what_was_written_stays(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await write(pilot, app, "3/4")
        app.post_message(events.Paste("a" * 1_000_000))
        await until(pilot, lambda: "longer than I can read: 1,000,003" in texts_of(app))
        assert app.screen.query_one(WorkingEditor).text == "3/4"
        await pilot.press("space")
        assert len(app.screen.query_one(WorkingEditor).text) == 4

    play(app, script)


def test_too_long_an_answer_is_refused_and_stays_in_the_editor(
    app: KindmarkApp, store: Store
) -> None:
    text = "12 " * (MOST_CHARS // 3) + "345"

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await write(pilot, app, text)
        await until(pilot, lambda: "longer than I can read: 20,001" in said(app, "#preview"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "It is still here." in texts_of(app))
        assert app.screen.query_one(WorkingEditor).text == text

    play(app, script)
    assert store.answers.of_session(1) == []


@pytest.mark.parametrize(
    "text",
    ["word " * 3999, "3/4 = 9/12\n" * MOST_LINES, "a" * MOST_CHARS],
    ids=["one paragraph", "many lines", "one word"],
)
def test_no_paste_and_no_key_after_it_holds_the_screen_up(
    app: KindmarkApp, worker: MarkingFake, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    # The real one reads in a process of its own.
    monkeypatch.setattr(worker, "look", lambda _item: Future())

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        gc.collect()
        gc.freeze()
        # 50 ms is the aim; on a slow machine, with coverage, it may be several times that.
        assert await longest_turn(app, text[:-1]) < 0.25

    play(app, script)
    gc.unfreeze()


async def longest_turn(app: KindmarkApp, text: str) -> float:
    """Paste a text, press a key, and return the longest turn of the loop in seconds of CPU time."""
    editor = app.screen.query_one(WorkingEditor)
    app.post_message(events.Paste(text))
    longest, pressed = 0.0, False
    for _ in range(400):
        before = time.thread_time()
        await asyncio.sleep(0.001)
        longest = max(longest, time.thread_time() - before)
        if len(editor.text) == len(text) and not pressed:
            pressed = True
            app.post_message(events.Key("x", "x"))
    assert len(editor.text) == len(text) + 1
    return longest


def test_nothing_written_is_nothing_to_check(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "a guess is fine" in texts_of(app))
        assert not busy(app)

    play(app, script)
    assert store.answers.of_session(1) == []


def test_what_is_pasted_is_kept_exactly_and_drawn_without_doing_anything(
    app: KindmarkApp, store: Store
) -> None:
    text = "\x1b[31mred\x07 \u202eabc [b]bold[/b]"

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        app.post_message(events.Paste(text))
        await until(pilot, lambda: app.screen.query_one(WorkingEditor).text == text)
        await pilot.pause()
        for _ in range(2):
            drawn = words_on(app)
            assert "␛[31mred␇" in drawn
            assert "[b]bold[/b]" in drawn
            assert not set("\x1b\x07\u202e") & set(drawn)
            if not app.screen.query_one(StudyCard).display:
                await check(pilot, app, text)

    play(app, script)
    assert store.answers.of_session(1)[0].text == text


def test_a_question_cannot_style_the_screen(app: KindmarkApp, store: Store) -> None:
    evil = Item(id="1", task=Task.MATH, question="[red]2 + 2[/red]\x1b[2J?", reference="4")
    store.sets.add("[b]Evil", classroom.rows(evil))

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        assert "[b]Evil" in words_on(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        assert "[red]2 + 2[/red]␛[2J?" in words_on(app)

    play(app, script)


def test_a_set_that_is_removed_meanwhile_loses_nothing(
    app: KindmarkApp, store: Store, week: QuestionSet
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        store.sets.archive(week.id)
        await check(pilot, app, "19/12")
        await go_on(pilot, app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: app.screen.query_one("#resume", Button).display)
        assert "There is no set yet." in words_on(app)

    play(app, script)


def test_answers_that_a_killed_program_left_are_marked_quietly(
    app: KindmarkApp, store: Store, mia: Learner, week: QuestionSet
) -> None:
    before = StudySession.start(store, mia, week.id)
    before.submit("8/10")
    before.end()

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        await until(pilot, lambda: store.answers.count_pending() == 0)

    play(app, script)


def test_a_session_that_was_killed_while_marking_goes_on_with_the_card(
    app: KindmarkApp, store: Store, mia: Learner, week: QuestionSet, worker: MarkingFake
) -> None:
    StudySession.start(store, mia, week.id).submit("8/10")
    worker.fails = KindmarkError("No model.", "Wait.")

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        worker.fails = None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        await until(pilot, lambda: app.screen.query_one(StudyCard).display)
        assert "Not there yet." in texts_of(app)

    play(app, script)
    assert store.answers.count_pending() == 0


def test_with_records_open_elsewhere_it_says_so(
    app: KindmarkApp, store: Store, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere() -> NoReturn:
        raise StoreFullError("These records are open in another Kindmark.", "Close it there.")

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        monkeypatch.setattr(store.database, "write", elsewhere)
        await pilot.press("enter")
        await until(pilot, lambda: "open in another Kindmark" in told(app))
        assert isinstance(app.screen, StudyHome)
        monkeypatch.undo()

    play(app, script)


def test_a_check_takes_in_all_that_was_typed_before_it(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        for character in "19/12":
            app.post_message(events.Key(character, character))
        app.post_message(events.Key("ctrl+s", None))
        await until(pilot, lambda: app.screen.query_one(StudyCard).display)

    play(app, script)
    assert [one.text for one in store.answers.of_session(1)] == ["19/12"]


def test_what_was_not_checked_is_not_passed_over_by_one_key(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await write(pilot, app, "19/12")
        await pilot.press("f5")
        await until(pilot, lambda: "You have not checked this yet." in texts_of(app))
        assert asked(app).startswith("Work out")
        await go_on(pilot, app)
        assert asked(app).startswith("Solve")
        # The same with the button.
        await write(pilot, app, "x = 5")
        app.screen.query_one("#next", Button).press()
        await until(pilot, lambda: "You have not checked this yet." in texts_of(app))
        assert asked(app).startswith("Solve")

    play(app, script)


def test_a_second_app_says_who_has_the_records(app: KindmarkApp, store: Store) -> None:
    def taken() -> NoReturn:
        raise StoreFullError("These records are open in another Kindmark.", "Close it there.")

    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "need_to_write", taken)
            await pilot.press("enter")
            await until(pilot, lambda: "open in another Kindmark" in told(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))

    play(app, script)


def test_in_a_low_window_there_is_room_to_write(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await pilot.resize_terminal(60, 18)
        await pilot.pause()
        assert app.screen.query_one(WorkingEditor).size.height >= 7
        assert app.screen.query_one("#check").region.height == 1

    play(app, script, (80, 24))


def test_the_hint_is_far_from_the_check(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        hint, check_ = app.screen.query_one("#hint").region, app.screen.query_one("#check").region
        assert hint.y + 12 < check_.y
        assert hint.x > check_.right + 12
        assert said(app, "HintLadder") or not app.screen.query_one("HintLadder").display

    play(app, script)
