"""What can go wrong at the desk, and what is said then."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.widgets import Input

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.doings import doings_of
from runtime.app.screens.desk.home import DeskHome
from runtime.app.screens.desk.learners import LearnersScreen
from runtime.app.screens.desk.taking_in import TakingIn
from runtime.app.settings import AppSettings
from runtime.desk.importing import Tries
from runtime.marking.mark import Mark
from runtime.records.class_set import ClassSet
from runtime.records.store import Store, StoreFullError
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.app.desk.steps import (
    mark_all,
    open_answer,
    open_desk,
    shows,
    table,
    take_in,
    to_answers,
)
from tests.runtime.app.driving import Play, play, told, until, words_on
from tests.runtime.desk.making import short, written

HOSTILE = "7 \x1b[31mred\x1b]0;title\x07 \u202edrow [bold]b[/bold]"
WIDE = (140, 45)


async def preview(pilot: Play, path: str) -> None:
    await pilot.press("i")
    await until(pilot, lambda: isinstance(pilot.app.screen, TakingIn))
    pilot.app.screen.query_one("#path").value = path  # type: ignore[attr-defined]
    await pilot.press("enter")


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [("none.jsonl", None), ("empty.csv", "")],
    )
    def test_a_file_that_cannot_be_used_is_named(
        self,
        app: KindmarkApp,
        class_: SchoolClass,
        tmp_path: Path,
        name: str,
        content: str | None,
    ) -> None:
        if content is not None:
            (tmp_path / name).write_text(content, "utf-8")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, str(tmp_path / name))
            await until(pilot, lambda: name in told(app))

        play(app, script)

    def test_enter_takes_what_is_suggested_where_no_such_file_is(
        self, app: KindmarkApp, class_: SchoolClass, tmp_path: Path
    ) -> None:
        (tmp_path / "sets").mkdir()
        content = "question,answer,right answer,max_score\n1/2 + 1/4,3/4,3/4,2\n"
        (tmp_path / "sets" / "week7.csv").write_text(content, "utf-8")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, str(tmp_path / "set"))
            field = app.screen.query_one("#path", Input)
            await until(pilot, lambda: field.value == f"{tmp_path / 'sets'}{os.sep}")
            await pilot.press("w", "e", "enter")
            await shows(pilot, "can be taken in")
            await shows(pilot, "Not used: max_score.")

        play(app, script, WIDE)

    def test_rows_with_problems_are_named_and_left_out(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, tmp_path: Path
    ) -> None:
        rows = [short("60 cold", 1), short("70 dense", 2, task="poem"), short("5", 3, id="s1")]
        path = written(tmp_path, rows)

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, path)
            await shows(pilot, "2 rows have problems")
            assert [str(table(pilot, "rows").get_row_at(n)[0]) for n in range(3)] == ["2", "3", "1"]
            assert "already used in line 1" in str(table(pilot, "rows").get_row_at(1)[1])

        play(app, script, WIDE)
        assert not store.screens.results()

    def test_what_was_shown_is_kept_although_the_file_is_gone(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, ice)
            await shows(pilot, "4 answers can be taken in")
            Path(ice).unlink()
            await pilot.press("ctrl+t")
            await until(pilot, lambda: isinstance(app.screen, DeskHome))

        play(app, script)
        assert len(store.screens.results()) == 4

    def test_the_same_file_again_brings_nothing(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await preview(pilot, ice)
            await shows(pilot, "4 answers are here already, taken in on")
            await shows(pilot, "No answer of this file can be taken in")
            await pilot.press("ctrl+t")
            await until(pilot, lambda: "no new answer" in told(app))

        play(app, script)
        assert len(store.screens.results()) == 4

    def test_what_another_class_has_is_said_as_soon_as_it_is_named(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        store.classes.add("4a")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("down")
            await take_in(pilot, ice)
            table(pilot, "classes").focus()
            await pilot.press("up")
            await preview(pilot, ice)
            await shows(pilot, "4 answers can be taken in")
            Path(ice).unlink()
            app.screen.query_one("#class").value = "4B"  # type: ignore[attr-defined]
            await shows(pilot, "4 answers are here already")

        play(app, script)

    def test_a_table_with_other_headings_says_what_was_taken_for_what(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, tmp_path: Path
    ) -> None:
        path = tmp_path / "verifica.csv"
        path.write_text(
            "Nome;Domanda;Risposta;Voto\nMia;Perché?;Sì\nMia;Perché?;No;\nLeo;Perché?;Sì\n",
            "cp1252",
        )

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, str(path))
            for words in (
                "2 answers can be taken in",
                "Nome = the learner, Domanda = the question, Risposta = the answer",
                "Not used: Voto",
                "read as Windows-1252",
                "1 answer too many: Mia answered a question again",
            ):
                await shows(pilot, words)
            app.screen.query_one("#task").value = "essay"  # type: ignore[attr-defined]
            await shows(pilot, "2 answers can be taken in (essays 2)")
            app.screen.query_one("#tries").value = Tries.EVERY  # type: ignore[attr-defined]
            await shows(pilot, "3 answers can be taken in")
            await pilot.press("ctrl+t")
            await until(pilot, lambda: isinstance(app.screen, DeskHome))

        play(app, script, WIDE)
        assert {one.text for one in store.screens.results()} == {"Sì", "No"}

    def test_a_table_without_answers_names_its_columns_and_what_is_needed(
        self, app: KindmarkApp, class_: SchoolClass, tmp_path: Path
    ) -> None:
        path = tmp_path / "marks.csv"
        path.write_text("Student,Grade\nMia,5\n", "utf-8")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, str(path))
            await until(pilot, lambda: "Its heading has: Student, Grade." in told(app))
            assert "question, prompt, domanda" in told(app)

        play(app, script)


class TestHostileText:
    def test_nothing_a_child_or_a_file_says_reaches_the_terminal_as_a_command(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, tmp_path: Path
    ) -> None:
        path = written(tmp_path, [short(HOSTILE, 1, learner="M\u202ea[i]")], "w[b].jsonl")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await preview(pilot, path)
            await shows(pilot, "1 answer can be taken in")
            check(words_on(app))
            await pilot.press("ctrl+t")
            await until(pilot, lambda: isinstance(app.screen, DeskHome))
            await until(pilot, lambda: table(pilot, "sets").row_count)
            check(words_on(app))
            await mark_all(pilot)
            await to_answers(pilot)
            check(words_on(app))
            await open_answer(pilot, "red")
            check(words_on(app))
            assert "[bold]b[/bold]" in words_on(app)
            assert "⟨RLO⟩" in words_on(app)

        def check(drawn: str) -> None:
            assert not {"\x1b", "\x07", "\u202e"} & set(drawn)

        play(app, script, WIDE)


class TestTheStore:
    def test_a_full_disk_ends_the_job_in_words(
        self,
        app: KindmarkApp,
        store: Store,
        class_: SchoolClass,
        ice: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def full(_marked: Iterable[tuple[int, Mark]]) -> int:
            raise StoreFullError("The disk is full.", "Make room and mark again.")

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            monkeypatch.setattr(store.marks, "add_many", full)
            monkeypatch.setattr(store.marks, "add", lambda _id, mark: full([(_id, mark)]))
            table(pilot, "sets").focus()
            await pilot.press("k")
            await shows(pilot, "Marking has ended early")
            await shows(pilot, "The disk is full. Make room and mark again.")

        play(app, script)
        assert store.answers.count_pending() == 4

    def test_a_second_app_looks_and_says_who_has_the_records(
        self, store: Store, class_: SchoolClass, ice: str, worker: DeskWorker
    ) -> None:
        with ClassSet.open(ice) as rows:
            store.desk.take(rows, "Ice", class_.id)
        with Store.open(store.places.folder) as second:
            app = KindmarkApp(second, worker, AppSettings(language="en"))

            async def script(pilot: Play) -> None:
                app.push_screen(DeskHome())
                await until(pilot, lambda: isinstance(app.screen, DeskHome))
                await until(pilot, lambda: table(pilot, "sets").row_count)
                table(pilot, "sets").focus()
                await pilot.press("k")
                await until(pilot, lambda: "open in another Kindmark" in told(app))
                await pilot.press("enter")
                await until(pilot, lambda: table(pilot, "answers").row_count == 4)

            play(app, script)
        assert store.answers.count_pending() == 4


class TestTheWindow:
    def test_it_may_be_resized_while_marking(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str, worker: DeskWorker
    ) -> None:
        worker.marking.hold = True

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            table(pilot, "sets").focus()
            await pilot.press("k")
            await until(pilot, lambda: worker.marking.held)
            await pilot.resize_terminal(40, 10)
            await shows(pilot, "This window is too small")
            await pilot.resize_terminal(80, 24)
            worker.marking.hold = False
            await pilot.press("p", "p")
            await until(pilot, lambda: not doings_of(app).busy)
            await shows(pilot, "Every answer has a mark")

        play(app, script)
        assert store.answers.count_pending() == 0


class TestErasing:
    def test_it_asks_first_with_nothing_chosen_and_then_proves_it(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await pilot.press("l")
            await until(pilot, lambda: isinstance(app.screen, LearnersScreen))
            await until(pilot, lambda: table(pilot, "learners").row_count == 4)
            await pilot.press("e")
            await shows(pilot, "cannot be taken back")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, LearnersScreen))
            assert len(store.learners.all()) == 4
            await pilot.press("e")
            await shows(pilot, "answers: 1")
            await pilot.press("shift+tab", "enter")
            await shows(pilot, "no trace is left")

        play(app, script, WIDE)
        assert [one.nickname for one in store.learners.all()] == [
            "Learner 1",
            "Learner 2",
            "Learner 3",
        ]
