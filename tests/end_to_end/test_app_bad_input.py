"""What goes wrong around the app, in a terminal: it is said in a sentence, and nothing is lost."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from benchmarks import app_keys
from benchmarks.app_keys import COMMAND, environment, start
from benchmarks.terminal import Terminal
from runtime.errors import ExitCode
from runtime.marking.item import Item, Task
from runtime.records.rows import Row
from runtime.records.store import AVATARS, Store

pytestmark = pytest.mark.usefixtures("store")
ANSWERS = 40
HOSTILE = "\x1b[2J\x1b]0;gone\x07\N{RIGHT-TO-LEFT OVERRIDE}=cmd|calc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records with a learner, a desk with its PIN, and a class set that waits for its marks."""
    rows = [
        Row(line=number, id=f"r{number}", digest="", item=sum_item(number))
        for number in range(1, ANSWERS + 1)
    ]
    with Store.open(tmp_path / "records") as records:
        records.learners.add("Mia", AVATARS[0])
        group = records.classes.add("4b")
        records.pins.set(app_keys.PIN)
        records.desk.take(rows, "Sums", group.id)
    return tmp_path


def sum_item(number: int) -> Item:
    question = f"What is {number} + 3?"
    answer = f"{number} + 3 = {number + 3}"
    return Item(id="", task=Task.MATH, question=question, reference=f"{number + 3}", answer=answer)


def first_screen(app: Terminal) -> None:
    app.see("Who are you?", "Mia")
    app.rest()


def to_question(app: Terminal) -> None:
    first_screen(app)
    app_keys.begin_study(app)


def answered(folder: Path) -> list[str]:
    """Return what was answered in study sessions, once it is seen that the store is whole."""
    with Store.open(folder / "records") as records:
        assert records.recovery is None
        with records.database.read() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (mia,) = (one for one in records.learners.all() if one.nickname == "Mia")
        sessions = records.sessions.of_learner(mia.id)
        return [one.text for session in sessions for one in records.answers.of_session(session.id)]


class TestTheTerminal:
    def test_a_small_window_says_so_and_forgets_nothing(self, folder: Path) -> None:
        with start(folder) as app:
            to_question(app)
            app.type("1 + 2").see("1 + 2")
            app.rest()
            app.resize(40, 10).see("too small", "60", "by 18")
            app.resize(20, 5).rest()
            app.resize(5, 2).rest()
            app.resize(100, 30).see("Question 1", "1 + 2", "Check")
            app.press("ctrl+s").see("Try again")

    @pytest.mark.parametrize(
        "changed",
        [
            {"TERM": "vt100", "COLORTERM": ""},
            {"TERM": "linux", "COLORTERM": ""},
            {"NO_COLOR": "1"},
            {"LANG": "", "LC_ALL": "C"},
            {"LANG": "en_US.ISO-8859-1"},
        ],
        ids=str,
    )
    def test_few_colours_and_old_locales_do(self, folder: Path, changed: dict[str, str]) -> None:
        with start(folder, more=changed) as app:
            to_question(app)
            screen = app_keys.check(app, "1")
            assert "↻" in screen or "✓" in screen
            app.press("ctrl+q")
            assert app.end() == ExitCode.DONE

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"TERM": "dumb"}, "cannot place text"),
            ({"PYTHONIOENCODING": "latin-1"}, "needs UTF-8"),
            (
                {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
                "needs UTF-8",
            ),
        ],
    )
    def test_what_it_cannot_be_drawn_in_is_said(
        self, folder: Path, changed: dict[str, str], said: str
    ) -> None:
        with start(folder, more=changed) as app:
            app.see(said)
            assert app.end() == ExitCode.BAD_INPUT

    def test_without_a_terminal_it_says_so(self, folder: Path) -> None:
        ended = subprocess.run(
            COMMAND,
            check=False,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert ended.returncode == ExitCode.BAD_INPUT
        assert b"needs a terminal" in ended.stderr
        assert b"Traceback" not in ended.stderr

    def test_resized_while_marking_every_answer_gets_its_mark(self, folder: Path) -> None:
        with start(folder) as app:
            first_screen(app)
            app_keys.open_desk(app)
            app.press("k").see("Marking")
            for size in ((140, 45), (40, 10), (61, 18), (200, 60), (80, 24)):
                app.resize(*size).read(0.05)
            app.see("Every answer has a mark.", f"{ANSWERS} of {ANSWERS}")
        with Store.open(folder / "records") as records:
            assert records.answers.count_pending() == 0


class TestThePeople:
    def test_wrong_pins_make_one_wait_also_after_a_restart(self, folder: Path) -> None:
        for _ in range(2):
            with start(folder) as app:
                first_screen(app)
                app.press("t").see("The PIN of")
                app.rest()
                while "Please wait" not in app.text:
                    app.type("9999").press("enter")
                    app.until(lambda: "not it" in app.text or "Please wait" in app.text)
                    app.rest()
                assert "i Take in" not in app.text

    def test_a_book_that_is_pasted_is_refused(self, folder: Path) -> None:
        with start(folder) as app:
            to_question(app)
            app.type("1 + 3").see("1 + 3")
            app.paste("x" * 1_000_000).see("longer than I can read: 1,000,005", "1 + 3")
            app.press("ctrl+s").see("Try again")
        assert answered(folder) == ["1 + 3"]

    def test_a_paste_that_comes_key_by_key_is_taken_in(self, folder: Path) -> None:
        text = " ".join(f"w{number}" for number in range(3000))
        with start(folder) as app:
            to_question(app)
            app.type(f"{text} LAST").see("LAST")
            app.press("ctrl+s").see("Try again")
        assert answered(folder) == [f"{text} LAST"]

    def test_what_is_pasted_does_nothing_to_the_terminal(self, folder: Path) -> None:
        with start(folder) as app:
            to_question(app)
            before = len(app.raw)
            # Terminals take ESC itself out of what is pasted.
            app.paste(f"7 {HOSTILE} [bold red]loud[/]".replace("\x1b", "")).see("[bold red]loud[/]")
            app.rest()
            app.press("ctrl+s").see("Try again", "[bold red]loud[/]")
            app.rest()
            harmless(app, before)
        assert len(answered(folder)) == 1

    def test_what_is_taken_in_does_nothing_to_the_terminal(self, folder: Path) -> None:
        file = folder / "hostile.jsonl"
        item = {"id": "1", "task": "math", "question": f"2? {HOSTILE}", "reference": "2"}
        item |= {"learner": f"Eve {HOSTILE}", "answer": f"2 {HOSTILE}"}
        file.write_text(json.dumps(item) + "\n", "utf-8")
        with start(folder, (140, 45)) as app:
            first_screen(app)
            app_keys.open_desk(app)
            before = len(app.raw)
            app.press("i").see("The file: class.csv")
            app.rest()
            app.type(str(file)).see(file.name)
            app.press("enter").see("can be taken in", "⟨RLO⟩")
            # What was shown is what is kept, whatever becomes of the file.
            file.unlink()
            app.press("ctrl+t").see("Sets of 4b", "hostile")
            app.rest()
            app_keys.mark(app)
            app.press("enter").see("What was written", "Eve")
            app.rest()
            harmless(app, before)

    def test_a_formula_is_written_as_text(self, folder: Path) -> None:
        file = folder / "in" / "formulas.csv"
        file.parent.mkdir()
        file.write_text("id,learner,task,question,reference,answer\n1,+Eve,math,2?,2,=1+1\n")
        with start(folder) as app:
            first_screen(app)
            app_keys.open_desk(app)
            app.press("i").see("The file: class.csv")
            app.rest()
            app.type(str(file)).see(file.name)
            app.press("enter").see("can be taken in")
            app.press("ctrl+t").see("Sets of 4b", "formulas")
            app.rest()
            app_keys.mark(app)
            app.press("r").see("Tells apart")
            app.rest()
            app.press("x").see("Write a table")
            app.rest()
            app.press("enter").see("Written:")
        written = (folder / "formulas.csv").read_bytes()
        assert b"'+Eve" in written
        assert b"'=1+1" in written


def harmless(app: Terminal, before: int) -> None:
    """Nothing that was pasted or read has reached the terminal as a command."""
    since = bytes(app.raw[before:])
    assert b"\x1b]0;gone" not in since
    assert b"\x1b[2J" not in since
    assert "\N{RIGHT-TO-LEFT OVERRIDE}".encode() not in since


class TestTheStore:
    def test_a_second_app_says_who_has_it_and_only_looks(self, folder: Path) -> None:
        with start(folder) as app:
            first_screen(app)
            with start(folder) as second:
                second.see("Who are you?", "Only to look at", f"process {app.process.pid}")
                second.rest()
                second.press("n").rest()
                assert "Nickname" not in second.text
                second.press("ctrl+q")
                assert second.end() == ExitCode.DONE
            app_keys.begin_study(app)
            app_keys.check(app, "1")
        assert answered(folder) == ["1"]

    def test_a_damaged_store_is_replaced_by_the_last_backup(self, folder: Path) -> None:
        file = folder / "records" / "records.sqlite3"
        whole = bytearray(file.read_bytes())
        whole[3 * 4096 : 12 * 4096] = os.urandom(9 * 4096)
        file.write_bytes(whole)
        with start(folder, (140, 45)) as app:
            app.see("Mia", "The records were damaged.", "No answer is missing")
            app.rest()
            app_keys.begin_study(app)
            app_keys.check(app, "1")
        assert [one.read_bytes() for one in (folder / "records" / "damaged").glob("*3")] == [whole]
        assert answered(folder) == ["1"]

    def test_a_full_disk_is_said_and_the_answer_stays_on_the_screen(self, folder: Path) -> None:
        # No file may grow beyond 200 KiB: the write-ahead log comes there after a few answers.
        limited = ["/bin/bash", "-c", 'ulimit -f 200; exec "$0" "$@"', *COMMAND]
        with Terminal(limited, environment(folder), (160, 40)) as app:
            to_question(app)
            for number in range(100):
                app.paste(f"{number} because\n" + "I counted on my fingers.\n" * 300)
                app.see("on my fingers.")
                app.rest()
                app.press("ctrl+s")
                app.until(lambda: "Try again" in app.text or "could not be kept" in app.text)
                if "could not be kept" in app.text:
                    break
                app.press("f5").lose("on my fingers.")
                app.rest()
            app.see("The disk is full", "on my fingers.")
        assert len(answered(folder)) == number

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_what_was_checked_outlives_signals(self, folder: Path, number: int) -> None:
        with start(folder) as app:
            to_question(app)
            app_keys.check(app, "1")
            app.signal(number)
            app.end()
        assert answered(folder) == ["1"]

    def test_what_was_checked_outlives_the_window(self, folder: Path) -> None:
        with start(folder) as app:
            to_question(app)
            app_keys.check(app, "1")
            app.hang_up()
            app.process.wait(60)
        assert answered(folder) == ["1"]

    def test_ctrl_z_takes_typing_back_and_stops_nothing(self, folder: Path) -> None:
        with start(folder) as app:
            to_question(app)
            app.type("98765").see("98765")
            app.press("ctrl+z").lose("98765")
            app_keys.check(app, "1")

    def test_records_that_cannot_be_made_are_said(self, tmp_path: Path) -> None:
        (tmp_path / "records").write_text("a file, not a folder")
        with start(tmp_path) as app:
            app.see("The records cannot be used", "cannot be made")
            assert app.end() == ExitCode.BAD_INPUT

    def test_without_a_home_it_works_and_says_what_is_not_kept(self, folder: Path) -> None:
        nowhere = "/proc/none"
        more = {"HOME": nowhere, "KINDMARK_CONFIG": nowhere}
        more |= {"KINDMARK_CACHE": nowhere, "KINDMARK_STATE": nowhere}
        with start(folder, more=more) as app:
            first_screen(app)
            app.press("f2").see("Reduced motion")
            app.rest()
            app.press("enter").see("Italiano")
            app.press("down", "enter").see("app.toml", "vale per oggi")
            app.press("escape").see("Chi sei?")
