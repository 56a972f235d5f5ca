"""A teacher reads marks in the teacher's language, whichever was in use when they were made."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import words
from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.settings import AppSettings, Colours
from runtime.desk import Desk
from runtime.records.store import Store
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.desk_worker import DeskWorker
from tests.runtime.app.desk.steps import shows
from tests.runtime.app.driving import Play, play, until
from tests.runtime.desk.making import lines, marked, short


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    words.use("en")


def test_why_an_answer_is_wrong_is_said_in_the_language_in_use(
    store: Store, worker: DeskWorker, class_: SchoolClass, tmp_path: Path
) -> None:
    row = short("7 : 2 = 3.4", 1, task="math", question="7 : 2", reference="3.5")
    desk = Desk(store, worker)
    [line] = lines(desk, marked(desk, tmp_path, [row], class_.id))
    desk.close()
    settings = AppSettings(language="it", colours=Colours.LIGHT, reduced_motion=True)

    async def script(pilot: Play) -> None:
        pilot.app.push_screen(AnswerScreen([line.answer_id], 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        await shows(pilot, "La risposta finale è diversa da quella giusta.")
        await shows(pilot, "La tua risposta finale 3.4 non è ancora giusta.")

    play(KindmarkApp(store, worker, settings), script)
