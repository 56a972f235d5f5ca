"""Steps through the desk that several tests take, by the keyboard alone."""

from textual.widgets import DataTable, Input

from runtime.app.app import KindmarkApp
from runtime.app.screens.desk.answer import AnswerScreen
from runtime.app.screens.desk.dialogs import DeskDialog
from runtime.app.screens.desk.doings import doings_of
from runtime.app.screens.desk.home import DeskHome
from runtime.app.screens.desk.marking import MarkingScreen
from runtime.app.screens.desk.table import ReviewTable
from runtime.app.screens.desk.taking_in import TakingIn
from tests.runtime.app.driving import Play, until, words_on


def app_of(pilot: Play) -> KindmarkApp:
    assert isinstance(pilot.app, KindmarkApp)
    return pilot.app


def table(pilot: Play, name: str) -> "DataTable[object]":
    return pilot.app.screen.query_one(f"#{name}", DataTable)


async def shows(pilot: Play, words: str) -> None:
    """Wait until words stand on the screen; line ends of wrapped text do not count."""
    try:
        await until(pilot, lambda: words in " ".join(words_on(app_of(pilot)).split()))
    except AssertionError:
        raise AssertionError(f"{words!r} does not stand in\n{words_on(app_of(pilot))}") from None


async def open_desk(pilot: Play) -> None:
    """Go to the desk; its first visitor sets the PIN."""
    app_of(pilot).go("desk")
    await shows(pilot, "Choose a PIN")
    await pilot.press(*"1234", "enter", *"1234", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, DeskHome))
    await pilot.pause()


async def take_in(pilot: Play, path: str) -> None:
    """Type the name of a file and take it in as the preview suggests."""
    await pilot.press("i")
    await until(pilot, lambda: isinstance(pilot.app.screen, TakingIn))
    pilot.app.screen.query_one("#path", Input).value = path
    await pilot.press("enter")
    await shows(pilot, "can be taken in")
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, DeskHome))
    await until(pilot, lambda: table(pilot, "sets").row_count)


async def mark_all(pilot: Play) -> None:
    """Mark the first set of the class to its end."""
    table(pilot, "sets").focus()
    await pilot.press("k")
    await until(pilot, lambda: isinstance(pilot.app.screen, MarkingScreen))
    await until(pilot, lambda: not doings_of(app_of(pilot)).busy)
    await shows(pilot, "Every answer has a mark")


async def to_answers(pilot: Play) -> None:
    """From a job that is done, look at the marks."""
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewTable))
    await until(pilot, lambda: table(pilot, "answers").row_count)


async def open_answer(pilot: Play, text: str) -> None:
    """Open the answer of a text from the table."""
    rows = table(pilot, "answers")
    places = [n for n in range(rows.row_count) if text in str(rows.get_row_at(n)[-1])]
    rows.focus()
    rows.move_cursor(row=places[0])
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
    await shows(pilot, text)


async def answer_dialog(pilot: Play, field: str, words: str) -> None:
    """Type into a dialog and keep it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, DeskDialog))
    pilot.app.screen.query_one(f"#{field}", Input).value = words
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, DeskDialog))
