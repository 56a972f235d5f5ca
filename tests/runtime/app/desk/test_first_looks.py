"""T: the answers to mark first, by the keyboard alone."""

from pathlib import Path

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.steps import mark_all, open_desk, shows, take_in, to_answers
from tests.runtime.app.driving import Play, play, told, until
from tests.runtime.desk.making import short, written


async def _to_the_table(pilot: Play, path: str) -> None:
    await open_desk(pilot)
    await take_in(pilot, path)
    await mark_all(pilot)
    await to_answers(pilot)


def test_a_few_answers_open_that_say_most_about_the_others(
    app: KindmarkApp, class_: SchoolClass, ice: str
) -> None:
    async def script(pilot: Play) -> None:
        await _to_the_table(pilot, ice)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, AnswerScreen))
        await shows(pilot, "1 of 4")
        await shows(pilot, "These say most about the other answers to “Why does ice float?”.")
        await pilot.press("w")
        await shows(pilot, "1 other mark would change")
        await pilot.press("escape", "t")
        await shows(pilot, "1 of 3")

    play(app, script)


def test_where_nothing_waits_it_says_so(
    app: KindmarkApp, class_: SchoolClass, tmp_path: Path
) -> None:
    path = written(tmp_path, [short("99 dense ice", 1), short("98 dense", 2)], "sure.jsonl")

    async def script(pilot: Play) -> None:
        await _to_the_table(pilot, path)
        await pilot.press("t")
        await until(pilot, lambda: "There is nothing here to mark first." in told(app))

    play(app, script)
