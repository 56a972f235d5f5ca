"""Classes, their learners, and the files that are written about them."""

from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.analysis import AnalysisScreen
from runtime.app.screens.desk.dialogs import AskClass, AskPlace
from runtime.app.screens.desk.learners import LearnersScreen
from runtime.desk.scope import Scope
from runtime.records.class_set import ClassSet
from runtime.records.store import Store
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.steps import answer_dialog, open_desk, shows, table
from tests.runtime.app.driving import Play, play, told, until
from tests.runtime.desk.fakes import marked
from tests.runtime.desk.making import short, written


@pytest.fixture
def taken(store: Store, class_: SchoolClass, tmp_path: Path) -> SchoolClass:
    rows = [short("=cmd|' /C calc'!A0", 1), short("60 cold ice", 2)]
    with ClassSet.open(written(tmp_path, rows)) as found:
        store.desk.take(found, "Ice", class_.id)
    return class_


async def fill_class(pilot: Play, name: str, days: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, AskClass))
    pilot.app.screen.query_one("#name", Input).value = name
    pilot.app.screen.query_one("#days", Input).value = days
    await pilot.press("enter")


class TestClasses:
    def test_one_is_made_changed_and_both_are_taken_back(
        self, app: KindmarkApp, store: Store
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("n")
            await fill_class(pilot, "4b", "30")
            await shows(pilot, "The class 4b was made")
            await pilot.press("s")
            await fill_class(pilot, "5b", "0")
            await shows(pilot, "for ever")
            assert store.classes.named("5b").retention_days == 0
            await pilot.press("u")
            await shows(pilot, "30 days")
            await pilot.press("u")
            await shows(pilot, "Taken back: “The class 4b was made")
            await pilot.press("u")
            await shows(pilot, "There is nothing to take back")

        play(app, script)

    def test_a_name_that_is_taken_is_refused_in_words(
        self, app: KindmarkApp, class_: SchoolClass
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("n")
            await fill_class(pilot, "4b", "0")
            await until(pilot, lambda: "There is a class '4b' already" in told(app))

        play(app, script)

    def test_one_is_dissolved_only_after_asking_and_its_learners_stay(
        self, app: KindmarkApp, store: Store, taken: SchoolClass
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("d")
            await shows(pilot, "Dissolve the class 4b?")
            await pilot.press("shift+tab", "enter")
            await shows(pilot, "The class 4b was dissolved")
            assert not store.classes.all()
            assert len(store.learners.all()) == 2
            await pilot.press("u")
            await shows(pilot, "The class 4b is here again")

        play(app, script)
        assert store.classes.named("4b").learners == 2

    def test_what_needs_review_stands_beside_its_class_and_its_set(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        store.classes.add("4a")
        with ClassSet.open(ice) as rows:
            session = store.desk.take(rows, "Ice", class_.id).session
        for answer in store.answers.of_session(session.id):
            store.marks.add(answer.id, marked([store.answers.item(answer.id)])[0])
        flagged = sum(one.needs_review for one in store.screens.results())

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("down")
            await until(pilot, lambda: table(pilot, "sets").row_count)
            for name in ("classes", "sets"):
                shown = table(pilot, name)
                assert f"! {flagged}" in map(str, shown.get_row_at(shown.row_count - 1))

        play(app, script)
        assert flagged


class TestFiles:
    @pytest.mark.parametrize(
        "wanted",
        [("x", "all.jsonl", '"table":"learners"'), ("r", "one.html", "Learner 1")],
        ids=["export", "report"],
    )
    def test_what_is_written_about_learners(
        self, app: KindmarkApp, taken: SchoolClass, tmp_path: Path, wanted: tuple[str, str, str]
    ) -> None:
        key, name, has = wanted

        async def script(pilot: Play) -> None:
            app.push_screen(LearnersScreen(taken))
            await until(pilot, lambda: isinstance(app.screen, LearnersScreen))
            await until(pilot, lambda: table(pilot, "learners").row_count == 2)
            await pilot.press(key)
            await answer_dialog(pilot, "place", str(tmp_path / name))
            await shows(pilot, "Written")

        play(app, script, (140, 45))
        assert has in (tmp_path / name).read_text("utf-8")

    def test_a_table_for_spreadsheets_runs_nothing(
        self, app: KindmarkApp, taken: SchoolClass, tmp_path: Path
    ) -> None:
        async def script(pilot: Play) -> None:
            app.push_screen(AnalysisScreen(Scope(class_id=taken.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
            await until(pilot, lambda: table(pilot, "questions").row_count)
            await pilot.press("x")
            await answer_dialog(pilot, "place", str(tmp_path / "a.csv"))
            await shows(pilot, "(2 rows)")

        play(app, script, (140, 45))
        assert ",'=cmd|" in (tmp_path / "a.csv").read_text("utf-8")

    def test_a_file_that_is_there_is_replaced_only_if_one_says_so_twice(
        self, app: KindmarkApp, taken: SchoolClass, tmp_path: Path
    ) -> None:
        place = tmp_path / "a.csv"
        place.write_text("mine", "utf-8")

        async def script(pilot: Play) -> None:
            app.push_screen(AnalysisScreen(Scope(class_id=taken.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
            await until(pilot, lambda: table(pilot, "questions").row_count)
            await pilot.press("x")
            await until(pilot, lambda: isinstance(app.screen, AskPlace))
            app.screen.query_one("#place", Input).value = str(place)
            await pilot.press("enter")
            await shows(pilot, "There is a file of this name already")
            assert place.read_text("utf-8") == "mine"
            await pilot.press("enter")
            await shows(pilot, "(2 rows)")

        play(app, script, (140, 45))
        assert place.read_text("utf-8") != "mine"

    def test_a_folder_that_is_not_there_is_named(
        self, app: KindmarkApp, taken: SchoolClass, tmp_path: Path
    ) -> None:
        def said(name: str) -> bool:
            return name in told(app)

        async def script(pilot: Play) -> None:
            app.push_screen(AnalysisScreen(Scope(class_id=taken.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
            await until(pilot, lambda: table(pilot, "questions").row_count)
            for key, name in (("x", "a.csv"), ("w", "a.html")):
                await pilot.press(key)
                await answer_dialog(pilot, "place", str(tmp_path / "none" / name))
                await until(pilot, partial(said, name))

        play(app, script, (140, 45))

    def test_old_work_goes_only_where_there_is_some(
        self, app: KindmarkApp, taken: SchoolClass
    ) -> None:
        async def script(pilot: Play) -> None:
            app.push_screen(LearnersScreen(taken))
            await until(pilot, lambda: isinstance(app.screen, LearnersScreen))
            await until(pilot, lambda: table(pilot, "learners").row_count == 2)
            await pilot.press("g")
            await shows(pilot, "No work is older than its class keeps it")

        play(app, script, (140, 45))
