"""A child or a teacher at the app who is killed with it: what they press, and what they saw.

driver = Driver(app, chance, seen)
driver.study(); driver.check(); driver.kill(1.5)
seen.saved                         texts of answers the screen said were kept
"""

import random
import re
import time

import msgspec

from benchmarks import app_keys
from benchmarks.terminal import Terminal

LEARNER, SET, CLASS = "Mia", "Sums", "4b"
_DONE = re.compile(r"(\d+) of \d+ answers")
_SUM = re.compile(r"(\d+) \+ (\d+)")


class Seen(msgspec.Struct):
    """What screens have said, through all kills."""

    tried: set[str] = msgspec.field(default_factory=set)
    """Answers for which the key was pressed that checks them."""
    saved: set[str] = msgspec.field(default_factory=set)
    verdicts: set[str] = msgspec.field(default_factory=set)
    asked: str = ""
    """The question with which the session goes on; "" if none is open, or who knows which."""
    early: set[str] = msgspec.field(default_factory=set)
    """Answers whose verdict was seen before their mark was on the disk."""
    resumed: int = 0
    """Sessions that went on with the question that was asked last."""
    marked: int = 0
    """Marks of the class set since the app was started."""
    changed: int = 0
    """Marks that the teacher has changed."""


class Driver:
    """Uses the app in a terminal, and notes what it says."""

    def __init__(self, app: Terminal, chance: random.Random, seen: Seen) -> None:
        self._app, self._chance, self._seen = app, chance, seen
        self._text = ""

    def kill(self, seconds: float) -> None:
        """Kill the app at a random moment of the next ``seconds``; note what it said until then."""
        end = time.monotonic() + self._chance.random() * seconds
        while (left := end - time.monotonic()) > 0:
            self._app.read(left)
            self._note()
        self._app.kill()
        # What the terminal has got is seen, even if nobody has read it yet.
        while self._app.read(0):
            pass
        self._note()

    # A child

    def study(self) -> None:
        """Go on with the session that is open, or begin one."""
        seen, app = self._seen, self._app
        app.see("Who are you?", LEARNER)
        app.rest()
        app.press("enter").see("Choose a set", "░", *(["Go on"] if seen.asked else []))
        app.rest()
        resumes = "Go on" in app.text
        app.press("enter")
        found = self._question()
        if seen.asked:
            assert found == seen.asked, f"{found} is asked, and it was {seen.asked}"
            seen.resumed += 1
        seen.asked = found
        if resumes:
            self.next()

    def _question(self) -> str:
        """Wait for a question, and return it."""
        app = self._app
        app.until(lambda: bool(_SUM.search(app_keys.asked(app))), "a question")
        app.rest()
        return app_keys.asked(app)

    def check(self) -> None:
        """Write an answer like no other, and have it checked."""
        token = self._chance.randrange(10**8, 10**9)
        self._text = f"{token}"
        found = _SUM.search(app_keys.asked(self._app))
        if found and self._chance.random() < 0.5:
            a, b = map(int, found.groups())
            self._text = f"{token} - {token} + {a} + {b} = {a + b}"
        self._app.type(self._text).see(self._text)
        self._seen.tried.add(self._text)
        self._app.press("ctrl+s")

    def see_verdict(self) -> None:
        """Wait for the verdict."""
        self._app.see("Try again")
        self._note()
        self._app.rest()

    def next(self) -> None:
        """Go on to the next question; after the last one, to the first of a new session."""
        app, before = self._app, app_keys.asked(self._app)
        self.go_on()
        app.until(
            lambda: (
                "That was it" in app.text
                or app_keys.asked(app) not in {before, ""}
                or "You have not checked this yet" in app.text
            ),
            "the next",
        )
        if "You have not checked this yet" in app.text:
            # What was typed before a kill stands in the editor again.
            self.go_on()
            app.until(
                lambda: "That was it" in app.text or app_keys.asked(app) not in {before, ""},
                "the next",
            )
        app.rest()
        if "That was it" in app.text:
            self._seen.asked = ""
            app.press("enter").see("Choose a set", "░")
            # The session that has ended is offered until the page has been filled again.
            app.lose("Go on")
            app.rest()
            app.press("enter")
            self._question()
        self._seen.asked = app_keys.asked(app)

    def go_on(self) -> None:
        """Press the key for the next question; which one it will be is not known before."""
        self._text = self._seen.asked = ""
        self._app.press("f5")

    def close(self) -> None:
        """Press the key that closes the app."""
        self._app.press("ctrl+q")

    def _note(self) -> None:
        screen = self._app.text
        if self._text and ("Your answer is kept" in screen or "Try again" in screen):
            self._seen.saved.add(self._text)
        if self._text and "Try again" in screen:
            self._seen.verdicts.add(self._text)
        if found := _DONE.search(screen):
            self._seen.marked = max(self._seen.marked, int(found[1]))

    # A teacher

    def mark(self) -> None:
        """Begin to mark the class set."""
        self._seen.marked = 0
        self._app.see("Who are you?", LEARNER)
        self._app.rest()
        app_keys.open_desk(self._app)
        self._app.see(f"Sets of {CLASS}")
        self._app.rest()
        self._app.press("k").see("answers", "Look at the marks")

    def change(self) -> None:
        """Look at the marks while others are made, and change one."""
        self._app.press("enter").see("any verdict", "Learner")
        self._app.rest()
        self._app.press("enter").see(" of ", "Accept", "What was written")
        self._app.rest()
        self._app.press("c").see("Changed.")
        self._seen.changed += 1
