"""The app in a terminal, by its keys: what a child and a teacher press, and what they wait for.

    with start(folder) as app:
        add_learner(app, "Mia")
        open_desk(app, new=True)
        take_in(app, folder / "4b.csv", "4b")

Each step ends when the screen shows that it is done.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.terminal import Size, Terminal

PIN = "2468"
COMMAND = (sys.executable, "-m", "runtime.cli.main", "app")
BACKGROUND = {"dark": "15;0", "light": "0;15"}
"""What a terminal says of its colours in ``COLORFGBG``, which the app's theme follows."""


def environment(folder: Path, colours: str = "dark") -> dict[str, str]:
    """Return an environment in which all of the app's files lie in ``folder``.

    Models are looked for where they are for the caller.
    """
    kept = ("PATH", "KINDMARK_MODELS", "SYSTEMROOT")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "HOME": str(folder),
        "KINDMARK_RECORDS": str(folder / "records"),
        "KINDMARK_CONFIG": str(folder / "config"),
        "KINDMARK_CACHE": str(folder / "cache"),
        "KINDMARK_STATE": str(folder / "state"),
        "LANG": "C.UTF-8",
        "COLORTERM": "truecolor",
        "COLORFGBG": BACKGROUND[colours],
    }


def start(
    folder: Path,
    size: Size = (80, 24),
    colours: str = "dark",
    more: Mapping[str, str] | None = None,
) -> Terminal:
    """Start the app with its records in ``folder``; ``more`` goes into its environment."""
    return Terminal(COMMAND, {**environment(folder, colours), **(more or {})}, size)


def add_learner(app: Terminal, name: str) -> None:
    """Make a profile, from the first screen and back to it."""
    app.see("Who are you?", "n Add a learner")
    app.press("n").see("Nickname")
    app.rest()
    app.type(name).see(name)
    app.press("enter").lose("Nickname")
    app.see("Who are you?", name)
    app.rest()


def open_desk(app: Terminal, *, new: bool = False) -> None:
    """Go to the desk by its PIN, or by choosing one."""
    app.press("t").see("Choose a PIN" if new else "The PIN of")
    app.rest()
    app.type(PIN).see("••••")
    if new:
        app.go("enter").type(PIN)
    app.press("enter").see("Teacher's desk", "i Take in")
    app.rest()


def take_in(app: Terminal, file: Path, class_name: str) -> None:
    """Take a class set in, from the desk and back to it."""
    app.press("i").see("The file: class.csv")
    app.rest()
    app.type(str(file)).see(file.name)
    app.press("enter").see("can be taken in", "Another file")
    app.rest()
    app.type(class_name)
    app.rest()
    app.press("ctrl+t").see(f"Sets of {class_name}", "To mark")
    app.rest()


def begin_study(app: Terminal) -> None:
    """From the first screen, where the learner has the focus, to the first question of a set."""
    app.press("enter").see("Choose a set", "░")
    app.rest()
    app.press("enter")
    see_question(app, 1)


def see_question(app: Terminal, number: int) -> str:
    """Wait for a question of a session, and return what is asked."""
    said = f"Question {number} of "
    # Before the question is known, there is none of them.
    app.until(lambda: said in app.text and f"{said}0" not in app.text, said)
    app.rest()
    return asked(app)


def asked(app: Terminal) -> str:
    """Return the question on the screen."""
    found = re.search(r"^ +(\S.*\?)$", app.text, re.MULTILINE)
    return found[1] if found else ""


def check(app: Terminal, *lines: str) -> str:
    """Write an answer where one is asked for, have it checked, and return the screen."""
    for number, line in enumerate(lines):
        app.press(*(["enter"] if number else [])).type(line)
    app.rest()
    app.press("ctrl+s")
    app.see("Try again")
    return app.rest()


def mark(app: Terminal) -> None:
    """Have the chosen set of the desk marked, and look at its marks."""
    app.press("k").see("Every answer has a mark.", "100%")
    app.press("enter").see("any verdict", "Learner")
    app.rest()
