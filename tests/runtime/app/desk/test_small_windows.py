"""What must be in sight at 80 columns by 24 lines, however much there is to show."""

from pathlib import Path

import msgspec
import pytest
from textual.widgets import Button

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.analysis import AnalysisScreen
from runtime.app.screens.desk.changes import ChangesDialog
from runtime.app.settings import AppSettings
from runtime.desk import Desk, Scope
from runtime.desk.recalibrating import Change, Recalibration
from runtime.marking.mark import Mark, Verdict
from runtime.records.store import Store
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.app.desk.steps import shows, table
from tests.runtime.app.driving import Play, play, until, words_on
from tests.runtime.desk.making import marked, sums


def change(number: int) -> Change:
    before = Mark(
        id=f"r{number}",
        verdict=Verdict.CORRECT,
        score=1.0,
        max_score=1.0,
        confidence=0.6,
        needs_review=True,
    )
    after = msgspec.structs.replace(before, verdict=Verdict.INCORRECT, score=0.0)
    return Change(
        answer_id=number,
        row_id=before.id,
        learner=f"Learner {number}",
        text="cold " * 30,
        before=before,
        after=after,
        mark_id=number,
    )


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("large_text", [False, True])
def test_the_buttons_stand_below_any_number_of_changes(
    store: Store, language: str, large_text: bool
) -> None:
    found = Recalibration(
        item_id=1,
        answer_id=1,
        question="Why?",
        known=1,
        changes=tuple(map(change, range(60))),
        surer=tuple(map(change, range(5))),
        overrides=frozenset(),
    )
    settings = AppSettings(language=language, large_text=large_text, reduced_motion=True)
    app = KindmarkApp(store, DeskWorker(), settings)

    async def script(pilot: Play) -> None:
        app.push_screen(ChangesDialog(found))
        await until(pilot, lambda: isinstance(app.screen, ChangesDialog))
        await until(pilot, lambda: table(pilot, "changes").row_count == 60)
        dialog = app.screen.query_one(".dialog").content_region
        for button in app.screen.query(Button):
            assert dialog.contains_region(button.region)
        assert table(pilot, "changes").region.height > 4
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, ChangesDialog))

    play(app, script, size=(80, 24))


@pytest.mark.parametrize("language", ["en", "it"])
def test_what_was_hard_is_whole_but_for_long_texts(
    store: Store, tmp_path: Path, language: str
) -> None:
    with Desk(store, DeskWorker()) as desk:
        rows = [{**row, "question": "1/3 + 1/4? " * 20} for row in sums(["2/7"] * 12 + ["7/12"])]
        scope = marked(desk, tmp_path, rows, store.classes.add("4b").id)
    app = KindmarkApp(store, DeskWorker(), AppSettings(language=language, reduced_motion=True))

    async def script(pilot: Play) -> None:
        app.push_screen(AnalysisScreen(Scope(session_id=scope.session_id), "4b"))
        await until(pilot, lambda: isinstance(app.screen, AnalysisScreen))
        await until(pilot, lambda: table(pilot, "mistakes").row_count)
        await shows(pilot, "Learner 0,")
        await shows(pilot, "the same wrong answer" if language == "en" else "stessa risposta")
        for name in ("questions", "mistakes"):
            assert table(pilot, name).virtual_size.width <= table(pilot, name).size.width
        assert "…" in words_on(app)

    play(app, script, size=(80, 24))
