"""The way of a teacher: take a set in, mark, review, change, see what follows, report."""

from pathlib import Path

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.analysis import AnalysisScreen
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.changes import ChangesDialog
from runtime.app.screens.desk.doings import doings_of
from runtime.app.screens.desk.home import DeskHome
from runtime.app.screens.desk.table import ReviewTable
from runtime.desk.scope import Scope
from runtime.marking.mark import Verdict
from runtime.preferences import Preferences, keep
from runtime.records.class_set import ClassSet
from runtime.records.store import Store
from runtime.records.store.rows import SchoolClass
from runtime.records.store.screens import ResultLine
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.app.desk.steps import (
    answer_dialog,
    mark_all,
    open_answer,
    open_desk,
    shows,
    table,
    take_in,
    to_answers,
)
from tests.runtime.app.driving import Play, play, told, until, words_on

WIDE = (140, 45)


def result(store: Store, text: str) -> ResultLine:
    (found,) = (one for one in store.screens.results() if one.text == text)
    return found


class TestTheWholeWay:
    def test_from_the_file_to_the_report(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str, tmp_path: Path
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await open_answer(pilot, "60 cold ice")
            await pilot.press("w")
            await shows(pilot, "Y shows what follows for 3 others.")
            assert result(store, "58 cold water").verdict is Verdict.CORRECT
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, ChangesDialog))
            await until(pilot, lambda: table(pilot, "changes").row_count)
            await pilot.press("enter")
            await shows(pilot, "The other marks follow yours")
            assert result(store, "58 cold water").verdict is Verdict.INCORRECT
            await pilot.press("u")
            await shows(pilot, "Taken back")
            assert result(store, "58 cold water").verdict is Verdict.CORRECT
            assert result(store, "60 cold ice").verdict is Verdict.INCORRECT
            await pilot.press("u")
            await shows(pilot, "Taken back: “Changed")
            assert result(store, "60 cold ice").verdict is Verdict.CORRECT
            await pilot.press("escape", "r")
            await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
            await until(pilot, lambda: table(pilot, "questions").row_count)
            await pilot.press("w")
            await answer_dialog(pilot, "place", str(tmp_path / "report.html"))
            await shows(pilot, "Written")

        play(app, script, WIDE)
        assert "Why does ice float?" in (tmp_path / "report.html").read_text("utf-8")

    def test_an_import_is_taken_out_again_by_one_key(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            assert len(store.screens.results()) == 4
            await pilot.press("u")
            await until(pilot, lambda: not table(pilot, "sets").row_count)

        play(app, script)
        assert not store.screens.results()
        assert not store.learners.all()

    def test_a_class_is_made_on_the_way(self, app: KindmarkApp, store: Store, ice: str) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await pilot.press("i")
            await until(pilot, lambda: not isinstance(app.screen, DeskHome))
            screen = app.screen
            screen.query_one("#path").value = ice  # type: ignore[attr-defined]
            await pilot.press("enter")
            await shows(pilot, "4 answers can be taken in")
            screen.query_one("#class").value = "5a"  # type: ignore[attr-defined]
            await shows(pilot, "The class 5a is new and will be made")
            await pilot.press("ctrl+t")
            await until(pilot, lambda: isinstance(app.screen, DeskHome))
            await shows(pilot, "4 answers of “ice” were taken in. K marks them")
            assert store.classes.named("5a").learners == 4
            await pilot.press("u")
            await shows(pilot, "“ice” was taken out again")

        play(app, script)
        assert not store.classes.all()
        assert not store.learners.all()

    def test_an_import_whose_answers_have_marks_is_not_taken_out_without_asking(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await pilot.press("escape", "u")
            await shows(pilot, "4 marks go with it")
            await pilot.press("enter")
            await until(pilot, lambda: "“ice” stays" in told(app))
            assert len(store.screens.results()) == 4
            await pilot.press("u")
            await shows(pilot, "4 marks go with it")
            await pilot.press("shift+tab", "enter")
            await shows(pilot, "“ice” was taken out again")

        play(app, script)
        assert not store.screens.results()


class TestReviewing:
    def test_accepting_and_commenting_are_kept_as_the_desks_word(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await open_answer(pilot, "55 dense less ice")
            await pilot.press("a")
            await shows(pilot, "your word")
            await pilot.press("m")
            await answer_dialog(pilot, "words", "Well reasoned [b]")
            await shows(pilot, "Well reasoned [b]")

        play(app, script, WIDE)
        kept = store.overrides.current(result(store, "55 dense less ice").answer_id)
        assert kept and (kept.verdict, kept.comment) == (Verdict.CORRECT, "Well reasoned [b]")

    def test_points_off_the_scale_are_refused_in_words(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await open_answer(pilot, "60 cold ice")
            for typed in ("7", "many"):
                await pilot.press("s")
                await answer_dialog(pilot, "words", typed)
            await until(pilot, lambda: "no number of points" in told(app))
            assert "Give 0 to 1 points" in told(app)

        play(app, script, WIDE)
        assert store.overrides.current(result(store, "60 cold ice").answer_id) is None

    def test_next_and_previous_keep_the_order_the_table_had(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await open_answer(pilot, "55 dense less ice")
            await pilot.press("a")
            await shows(pilot, "your word")
            await pilot.press("n")
            await shows(pilot, "56 dense less water")
            await pilot.press("b", "b")
            await shows(pilot, "This is the first one")

        play(app, script, WIDE)

    def test_search_and_filters_narrow_the_table(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await pilot.press("slash", *"cold")
            await until(pilot, lambda: table(pilot, "answers").row_count == 2)
            await pilot.press("enter")
            assert app.focused is table(pilot, "answers")
            await open_answer(pilot, "60 cold ice")
            await pilot.press("a")
            await shows(pilot, "your word")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ReviewTable))
            assert "✓▌ to review" not in words_on(app)
            await pilot.press("f")
            await until(pilot, lambda: table(pilot, "answers").row_count == 1)
            assert "✓▌ to review" in words_on(app)

        play(app, script)


class TestMarking:
    def test_leaving_the_screen_stops_nothing_and_a_quiet_line_says_so(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str, worker: DeskWorker
    ) -> None:
        worker.marking.hold = True

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            table(pilot, "sets").focus()
            await pilot.press("k")
            await until(pilot, lambda: worker.marking.held)
            await pilot.press("escape")
            await shows(pilot, "Marking: 0 of 4")
            worker.marking.hold = False
            doings = doings_of(app)
            await pilot.press("k", "p")
            await shows(pilot, "Paused")
            await pilot.press("p")
            await until(pilot, lambda: not doings.busy)
            assert app.job_line == ""

        play(app, script)
        assert store.answers.count_pending() == 0

    def test_the_app_may_end_while_it_marks(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str, worker: DeskWorker
    ) -> None:
        worker.marking.hold = True

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            table(pilot, "sets").focus()
            await pilot.press("k")
            await until(pilot, lambda: worker.marking.held)

        play(app, script)
        assert not doings_of(app).busy
        assert store.answers.count_pending() == 4

    def test_what_is_marked_already_is_not_marked_again(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await pilot.press("escape", "k")
            await until(pilot, lambda: "Every answer of this set has a mark" in told(app))

        play(app, script)

    def test_whoever_was_interrupted_is_told_what_waits(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        with ClassSet.open(ice) as rows:
            store.desk.take(rows, "Ice", class_.id)

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await shows(pilot, "4 answers wait to be marked")
            await pilot.press("k")
            await shows(pilot, "Every answer has a mark")
            await shows(pilot, "need your eye" if flagged() > 1 else "needs your eye")

        def flagged() -> int:
            return sum(one.needs_review for one in store.screens.results())

        play(app, script)
        assert store.answers.count_pending() == 0

    def test_a_language_model_may_be_kept_from_writing(
        self, app: KindmarkApp, class_: SchoolClass, ice: str, worker: DeskWorker
    ) -> None:
        keep(Preferences(model="a-large-one"))
        worker.marking.hold = True

        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await pilot.press("k")
            await shows(pilot, "The model also writes a reason and feedback")
            await pilot.press("f")
            await shows(pilot, "Marks only")
            job = doings_of(app).job
            assert job and not job.writing

        play(app, script)


class TestAnalysis:
    def test_a_mistake_leads_to_its_answers(
        self, app: KindmarkApp, store: Store, class_: SchoolClass, ice: str
    ) -> None:
        async def script(pilot: Play) -> None:
            await open_desk(pilot)
            await take_in(pilot, ice)
            await mark_all(pilot)
            await to_answers(pilot)
            await open_answer(pilot, "60 cold ice")
            await pilot.press("w")
            await shows(pilot, "your word")
            app.push_screen(AnalysisScreen(Scope(class_id=class_.id), "4b"))
            await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
            await until(pilot, lambda: table(pilot, "mistakes").row_count)
            table(pilot, "mistakes").focus()
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, AnswerScreen))
            await shows(pilot, "60 cold ice")
            await pilot.press("escape")
            table(pilot, "questions").focus()
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ReviewTable))

        play(app, script)
