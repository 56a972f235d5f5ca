"""T: the answers to mark first, by the keyboard alone."""

from pathlib import Path

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.records.store.rows import SchoolClass
from tests.runtime.app.desk.steps import mark_all, open_desk, shows, take_in, to_answers
from tests.runtime.app.driving import Play, play, told, until, words_on
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
        await shows(pilot, "Y shows what follows for 3 others.")
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
        await shows(pilot, "There is nothing here to mark first. No mark waits for your eye.")
        assert not told(app)
        await pilot.press("f")
        await shows(pilot, "Nothing here waits for your eye. F shows the other answers too.")
        await pilot.press("f")
        await until(pilot, lambda: "Nothing here waits" not in words_on(app))
        await pilot.press("escape")
        await until(pilot, lambda: "K marks them" not in words_on(app))

    play(app, script)
