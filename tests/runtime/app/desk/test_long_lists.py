"""Lists that are longer than the screen: only what one comes near to is fetched and drawn."""

import asyncio
from pathlib import Path

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.learners import LearnersScreen
from runtime.app.screens.desk.skills import SkillsScreen
from runtime.app.screens.desk.table import PAGE, ReviewTable
from runtime.app.widgets.long_table import LongTable
from runtime.app.widgets.tables import AT_ONCE, Table, fill_table
from runtime.desk.scope import Scope
from runtime.records.class_set import ClassSet
from runtime.records.store import Store
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.steps import shows, table
from tests.runtime.app.driving import Play, play, until, words_on
from tests.runtime.desk.making import short, written

MANY = 3 * PAGE


@pytest.fixture
def year(store: Store, class_: SchoolClass, tmp_path: Path) -> SchoolClass:
    """A class of many learners with an answer each."""
    with ClassSet.open(
        written(tmp_path, [short(f"{n:03} cold ice", n) for n in range(MANY)])
    ) as rows:
        store.desk.take(rows, "Ice", class_.id)
    return class_


class TestTheAnswers:
    def test_the_last_one_is_a_key_away_and_opens_in_its_place(
        self, app: KindmarkApp, year: SchoolClass
    ) -> None:
        async def script(pilot: Play) -> None:
            app.push_screen(ReviewTable(Scope(class_id=year.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, ReviewTable))
            await until(pilot, lambda: table(pilot, "answers").row_count == MANY)
            await shows(pilot, "000 cold ice")
            await pilot.press("ctrl+end")
            await shows(pilot, f"{MANY - 1:03} cold ice")
            await pilot.press("pageup", "pageup", "pageup", "pageup", "pageup", "pageup")
            await until(pilot, lambda: "   –  " not in words_on(app))
            await pilot.press("ctrl+end", "enter")
            await until(pilot, lambda: isinstance(app.screen, AnswerScreen))
            await shows(pilot, f"{MANY} of {MANY}")
            await pilot.press("escape")
            await shows(pilot, f"{MANY - 1:03} cold ice")
            assert table(pilot, "answers").cursor_row == MANY - 1

        play(app, script)

    def test_what_is_left_by_a_filter_shows_from_anywhere(
        self, app: KindmarkApp, year: SchoolClass
    ) -> None:
        async def script(pilot: Play) -> None:
            app.push_screen(ReviewTable(Scope(class_id=year.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, ReviewTable))
            await until(pilot, lambda: table(pilot, "answers").row_count == MANY)
            await pilot.press("ctrl+end", "slash", *"007")
            await shows(pilot, "007 cold ice")
            assert table(pilot, "answers").row_count == 1
            await pilot.press("backspace", "backspace", "backspace")
            await until(pilot, lambda: table(pilot, "answers").row_count == MANY)
            await shows(pilot, "000 cold ice")

        play(app, script)


class TestTheLearners:
    def test_all_of_them_come_and_one_shows_what_was_practised(
        self, app: KindmarkApp, store: Store, year: SchoolClass
    ) -> None:
        first = store.screens.learners(year.id)[0]
        store.progress.learned(first.id, "math:fractions", known=0.62, tries=5, correct=3)

        async def script(pilot: Play) -> None:
            app.push_screen(LearnersScreen(year))
            await until(pilot, lambda: isinstance(app.screen, LearnersScreen))
            await until(pilot, lambda: table(pilot, "learners").row_count == MANY)
            await pilot.press("k")
            await until(pilot, lambda: isinstance(app.screen, SkillsScreen))
            await shows(pilot, "62 % · 5 tries · 3 right")
            assert "Fractions" in words_on(app)
            await shows(pilot, "15 % chance of a right answer without knowing the skill")
            await pilot.press("escape", "down", "enter")
            await shows(pilot, "Nothing yet")

        play(app, script, (140, 45))


class Alone(App[None]):
    """One of Textual's tables, one of ours and a long one, with the same rows."""

    def compose(self) -> ComposeResult:
        for kind in (DataTable, Table):
            yield kind(id=kind.__name__, cursor_type="row", zebra_stripes=True)
        yield LongTable(id="LongTable")

    def on_mount(self) -> None:
        rows = [[Text(f"{n}", justify="right"), Text(f"日本 {n}", style="bold")] for n in range(9)]
        for kind in ("DataTable", "Table"):
            fill_table(self.query_one(f"#{kind}", DataTable), ["N", "Two words"], rows)
        known = dict(enumerate(rows))
        self.query_one(LongTable).show(["N", "Two words"], len(rows), known)


def drawn(table: "DataTable[Text]") -> list[tuple[str, object]]:
    """Return each character a table draws in its style, without what a click on it would tell."""
    segments = (one for y in range(12) for one in table.render_line(y))
    return [
        (character, one.style.clear_meta_and_links() if one.style else None)
        for one in segments
        for character in one.text
    ]


def test_all_kinds_of_tables_look_alike() -> None:
    app = Alone()

    async def script() -> None:
        async with app.run_test(size=(40, 45)) as pilot:
            for one in app.query(DataTable):
                one.styles.height = 15
                one.move_cursor(row=2)
            app.set_focus(None)
            await pilot.pause()
            plain, ours, long = map(drawn, app.query(DataTable))
            assert plain == ours
            assert plain == long

    asyncio.run(script())


def test_filling_a_table_anew_ends_what_went_before() -> None:
    app = Alone()

    async def script() -> None:
        async with app.run_test() as pilot:
            own = app.query_one("#Table", DataTable)
            fill_table(own, ["N"], ([Text(str(n))] for n in range(3 * AT_ONCE)))
            assert own.row_count == AT_ONCE
            fill_table(own, ["N"], ([Text("again")] for _ in range(AT_ONCE + 1)))
            while own.row_count <= AT_ONCE:
                await pilot.pause()
            assert {str(own.get_row_at(n)[0]) for n in range(own.row_count)} == {"again"}
            assert own.row_count == AT_ONCE + 1

    asyncio.run(script())


def test_rows_that_were_drawn_before_they_were_measured_are_drawn_again() -> None:
    app = Alone()

    async def script() -> None:
        async with app.run_test(size=(40, 45)) as pilot:
            own = app.query_one("#Table", Table)
            fill_table(own, ["N", "Words"], [[Text("1"), Text("ab")]])
            await pilot.pause()
            fill_table(own, ["N", "Words"], [[Text("1"), Text("wider than its heading")]])
            drawn(own)
            await pilot.pause()
            assert "wider than its heading" in "".join(
                character for character, _style in drawn(own)
            )

    asyncio.run(script())
