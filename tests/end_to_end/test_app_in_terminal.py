"""The app as a process in a terminal, with keys alone: from a new profile to a printed report."""

import csv
from pathlib import Path

import pytest

from benchmarks import app_keys
from benchmarks.terminal import Size, Terminal
from runtime.app.themes import DARK, LIGHT
from runtime.errors import ExitCode
from runtime.records.store import Store

FORMULA = "=cmd|' /C calc'!A0"
CLASS = """\
id,learner,task,question,reference,answer
1,Ada,math,What is 3 + 4?,7,3 + 4 = 7
2,Ben,math,What is 3 + 4?,7,3 + 4 = 8
3,Cleo,math,What is 3 + 4?,7,=cmd|' /C calc'!A0
4,Ada,math,What is 1/2 + 1/4?,3/4,1/2 + 1/4 = 3/4
5,Ben,math,What is 1/2 + 1/4?,3/4,1/2 + 1/4 = 2/6
6,Ada,short_answer,Why do plants grow?,Plants need light.,Plants need light.
7,Ben,short_answer,Why do plants grow?,Plants need light.,The cat sat on the mat.
"""
RIGHT = {
    "What is 3 + 4?": ("3 + 4", "= 7"),
    "What is 1/2 + 1/4?": ("1/2 + 1/4", "= 3/4"),
    "Why do plants grow?": ("Plants need light.",),
}
WRONG = {
    "What is 3 + 4?": ("3 + 4", "= 8"),
    "What is 1/2 + 1/4?": ("1/2 + 1/4", "= 2/6"),
}
BOTH = [((80, 24), "dark"), ((140, 45), "light"), ((80, 24), "light"), ((140, 45), "dark")]


@pytest.mark.parametrize(("size", "colours"), BOTH)
def test_from_profile_to_report(store: Path, tmp_path: Path, size: Size, colours: str) -> None:
    file = tmp_path / "sets" / "4b.csv"
    file.parent.mkdir()
    file.write_text(CLASS)
    with app_keys.start(tmp_path, size, colours) as app:
        app_keys.add_learner(app, "Mia")
        assert app.background(0, 0) == (DARK if colours == "dark" else LIGHT).panel
        app_keys.open_desk(app, new=True)
        app_keys.take_in(app, file, "4b")
        app.press("escape").see("Who are you?")
        study(app)
        app_keys.open_desk(app)
        app_keys.mark(app)
        review(app)
        write_report(app, tmp_path)
        app.press("ctrl+q")
        assert app.end() == ExitCode.DONE
    check_records(tmp_path)


def study(app: Terminal) -> None:
    """A session: a hint, a wrong answer, a right one, the other questions, the end."""
    app.rest()
    app_keys.begin_study(app)
    question = app_keys.asked(app)
    app.press("f3").see("1. ")
    if question in WRONG:
        screen = app_keys.check(app, *WRONG[question])
        assert "↻" in screen
        assert "✓ Well done" not in screen
        app.press("f4").see("Check")
        app.rest()
        app.press(*["backspace"] * len("".join(WRONG[question])), "backspace")
    app.lose("= 8", "= 2/6")
    for number in range(1, len(RIGHT) + 1):
        if number > 1:
            question = app_keys.see_question(app, number)
        screen = app_keys.check(app, *RIGHT[question])
        assert "✓" in screen or question not in WRONG
        app.press("f5")
    app.see("That was it for now", "You have worked on 3 questions.")
    app.rest()
    app.press("enter").see("Choose a set", "of 3")
    app.press("escape").see("Who are you?")
    app.rest()


def review(app: Terminal) -> None:
    """The least sure answer: changed, commented on, the comment taken back and made again."""
    app.until(lambda: app.text.index("Cleo") < app.text.index("Ada"), "what needs review first")
    app.see(FORMULA)
    app.press("enter").see(" of 7", "please look at it", "Accept")
    app.rest()
    app.press("c").see("Changed. U takes it back.", "your word")
    app.press("m").see("Comment")
    app.rest()
    app.type("Well tried").press("enter").see("Your comment is kept.", "Well tried")
    app.press("u").see("Taken back: “Your comment is kept.”")
    app.lose("Well tried")
    app.press("escape").see("any verdict", "✎ 1 by you")
    app.rest()


def write_report(app: Terminal, folder: Path) -> None:
    """Which questions were hard; the report and the table, where they are suggested."""
    app.press("r").see("7 answers", "Tells apart", "What went wrong")
    app.rest()
    for key, asked, ending in (("w", "a report", ".html"), ("x", "a table", ".csv")):
        app.press(key).see(f"Write {asked}")
        app.rest()
        written = folder / f"4b{ending}"
        app.press("enter").see("Written:")
        # The words may still be those about the file before.
        app.until(written.exists, written)
        app.rest()


def check_records(folder: Path) -> None:
    """The report, the table and the store say what was seen."""
    page = (folder / "4b.html").read_text("utf-8")
    assert "Class report: 4b" in page
    assert all(one in page for one in ("Ada", "Ben", "Cleo", "What is 1/2 + 1/4?"))
    with (folder / "4b.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert not any(value.startswith("=") for row in rows for value in row.values())
    with Store.open(folder / "records") as records:
        assert records.recovery is None
        assert records.answers.count_pending() == 0
        (mia,) = (one for one in records.learners.all() if one.nickname == "Mia")
        (session,) = records.sessions.of_learner(mia.id)
        assert session.ended is not None
        assert len(records.answers.of_session(session.id)) >= len(RIGHT)
