"""From the own page to the end of a session, with the keyboard alone."""

from textual.widgets import Button, OptionList

from runtime.app.app import KindmarkApp
from runtime.app.screens.study.farewell import FarewellScreen
from runtime.app.screens.study.home import StudyHome
from runtime.app.screens.study.question import QuestionScreen
from runtime.app.screens.welcome import Welcome
from runtime.app.widgets.study_card import StudyCard
from runtime.app.widgets.study_editor import WorkingEditor
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from tests.runtime.app.driving import Play, play, texts_of, until, words_on
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


def test_from_the_name_to_the_end_with_a_wrong_answer_a_hint_and_a_right_one(
    app: KindmarkApp, store: Store
) -> None:
    async def script(pilot: Play) -> None:
        # Choose the name, then the set.
        assert isinstance(app.screen, Welcome)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: isinstance(app.focused, OptionList))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        assert asked(app).startswith("Work out 3/4 + 5/6.")
        # Type a wrong answer; leave the editor with Tab and press Check.
        await pilot.press(*"8/10", "tab", "enter")
        card = app.screen.query_one(StudyCard)
        await until(pilot, lambda: card.display)
        assert "Not there yet." in texts_of(app)
        # Two hints, then another try.
        await pilot.press("f3")
        await until(pilot, lambda: "1. Read the question again" in said(app, "HintLadder"))
        await pilot.press("f3")
        await until(pilot, lambda: "2. " in said(app, "HintLadder"))
        assert app.focused is app.screen.query_one("#again", Button)
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is app.screen.query_one(WorkingEditor))
        assert said(app, "#status") == "Have another go. A hint can help."
        await check(pilot, app, "9/12 + 10/12 = 19/12")
        assert not app.screen.query_one("HintLadder").display
        assert "Well done, that is right." in texts_of(app)
        # Next, without an answer, up to the end.
        await pilot.press("enter")
        await until(pilot, lambda: asked(app).startswith("Solve"))
        for _ in range(3):
            await go_on(pilot, app)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, FarewellScreen))
        assert "You have worked on 1 question." in texts_of(app)
        assert "You stayed with 1 question until it was right." in texts_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: "1 day this month" in texts_of(app))

    play(app, script)
    [session] = store.sessions.of_learner(1)
    assert session.ended is not None
    assert [one.text for one in store.answers.of_session(session.id)] == [
        "8/10",
        "9/12 + 10/12 = 19/12",
    ]
    assert [one.rung for one in store.sessions.hints(session.id)] == [0, 1]
    assert store.answers.count_pending() == 0


def test_the_first_wrong_line_is_pointed_at_in_the_childs_own_working(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await check(pilot, app, "3/4 = 9/12\n5/6 = 10/12\n9/12 + 10/12 = 18/12")
        own = said(app, ".card-own").splitlines()
        assert own == ["✓ 1  3/4 = 9/12", "✓ 2  5/6 = 10/12", "➤ 3  9/12 + 10/12 = 18/12"]
        assert "Lines 1 to 2 are right." in said(app, ".card-right")

    play(app, script)


def test_before_it_counts_one_sees_how_it_is_read(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await write(pilot, app, "3 1/2 cm")
        await until(pilot, lambda: said(app, "#preview") == "I read this as 3 1/2 cm")
        await write(pilot, app, "hm")
        await until(pilot, lambda: said(app, "#preview") == "I see no number yet.")

    play(app, script)
    assert store.answers.count_pending() == 0


def test_a_text_has_its_words_counted_and_its_traits_told(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        while not asked(app).startswith("Summarise"):
            await go_on(pilot, app)
        await write(pilot, app, "Bees carry pollen becuase they drink nectar.")
        await until(pilot, lambda: said(app, "#preview") == "7 words")
        await check(pilot, app, "Bees carry pollen becuase they drink nectar.")
        assert "did you mean “because”?" in said(app, ".card-look")
        assert "✓ You cover the important parts." in said(app, ".card-right")
        own = app.screen.query_one(".card-own").render()
        assert any("underline" in str(span.style) for span in own.spans)  # type: ignore[union-attr]

    play(app, script)


def test_a_card_is_scrolled_whatever_has_the_focus(app: KindmarkApp) -> None:
    text = "Bees carry pollen becuase they drink nectar. " * 40

    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        while not asked(app).startswith("Summarise"):
            await go_on(pilot, app)
        await check(pilot, app, text)
        card = app.screen.query_one(StudyCard)
        assert isinstance(app.focused, Button)
        await pilot.press("pagedown", "pagedown")
        await until(pilot, lambda: card.scroll_y > card.scrollable_content_region.height)
        await pilot.press("pageup", "pageup", "pageup")
        await until(pilot, lambda: card.scroll_y == 0)

    play(app, script)


def test_the_source_stands_beside_a_wide_answer_and_behind_a_narrow_one(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        while not asked(app).startswith("Summarise"):
            await go_on(pilot, app)
        assert "Yellow dust" not in words_on(app)
        await pilot.press("f8")
        await until(pilot, lambda: "Yellow dust" in words_on(app))
        assert not app.screen.query_one("#work").is_on_screen
        await pilot.press("f8")
        await until(pilot, lambda: app.focused is app.screen.query_one(WorkingEditor))
        await pilot.resize_terminal(140, 45)
        await until(pilot, lambda: "Yellow dust" in words_on(app))
        assert app.screen.query_one(WorkingEditor).is_on_screen

    play(app, script)


def test_one_comes_back_to_where_one_stopped(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await check(pilot, app, "8/10")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        go = app.screen.query_one("#resume", Button)
        await until(pilot, lambda: go.display and app.focused is go)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        assert "Not there yet." in texts_of(app)
        assert app.screen.query_one(WorkingEditor).text == "8/10"

    play(app, script)


def test_what_was_not_checked_yet_is_there_again(app: KindmarkApp, store: Store) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await write(pilot, app, "3/4 = 9/12")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        await until(pilot, lambda: app.focused is app.screen.query_one("#resume", Button))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        assert app.screen.query_one(WorkingEditor).text == "3/4 = 9/12"

    play(app, script)
    assert store.answers.count_pending() == 0


def test_what_a_teacher_has_changed_is_seen_on_the_own_page_and_on_the_card(
    app: KindmarkApp, store: Store
) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await check(pilot, app, "8/10")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StudyHome))
        go = app.screen.query_one("#resume", Button)
        await until(pilot, lambda: go.display and app.focused is go)
        store.overrides.change(1, Verdict.CORRECT, 1.0, who="desk")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen) and asked(app))
        await until(pilot, lambda: "Your teacher has looked at your answer." in texts_of(app))
        assert "Well done, that is right." in texts_of(app)

    play(app, script)
    assert store.progress.schedule(1) == []


def test_how_questions_are_chosen_is_open_to_see(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_home(pilot, app)
        await pilot.press("h")
        await until(pilot, lambda: "30%  chance that a skill is known" in texts_of(app))

    play(app, script)


def test_help_explains_the_question_and_its_keys(app: KindmarkApp) -> None:
    async def script(pilot: Play) -> None:
        await at_question(pilot, app)
        await pilot.press("f1")
        await until(pilot, lambda: "Try again" in words_on(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))

    play(app, script)


def test_another_language_leaves_the_answer_and_the_card_where_they_were(
    app: KindmarkApp, worker: MarkingFake
) -> None:
    async def script(pilot: Play) -> None:
        screen = await at_question(pilot, app)
        await write(pilot, app, "not finished")
        await screen.retell()
        await pilot.pause()
        assert app.screen.query_one(WorkingEditor).text == "not finished"
        await check(pilot, app, "8/10")
        await screen.retell()
        await until(pilot, lambda: app.screen.query_one(StudyCard).display)
        assert "Not there yet." in texts_of(app)

    play(app, script)
    assert len(worker.marked) == 1
