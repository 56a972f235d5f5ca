"""The terminal is asked for its background: one that answers, is silent, or talks nonsense.

The other end of a pseudo-terminal is played by the tests.
"""

import os
import pty
import select
import termios
import time
from collections.abc import Callable, Iterator

import pytest

from runtime.app.background import (
    NOTHING_HEARD,
    PATIENCE_SECONDS,
    Heard,
    Question,
    asking,
    is_dark,
)

_DONE = b"\x1b[?62;22c"


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """The terminal's end, and the program's, without echo as ``asking`` leaves it."""
    terminal, program = pty.openpty()
    quiet = termios.tcgetattr(program)
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(program, termios.TCSANOW, quiet)
    yield terminal, program
    os.close(terminal)
    os.close(program)


Hear = Callable[[bytes], Heard]


@pytest.fixture
def hear(ends: tuple[int, int]) -> Hear:
    terminal, program = ends

    def said(data: bytes) -> Heard:
        os.write(terminal, data)
        # What was written is there before it is read: nothing depends on how busy the machine is.
        while data and not select.select([program], [], [], 1)[0]:
            pass
        return Question(program).heard()

    return said


@pytest.mark.parametrize(
    ("colour", "dark"),
    [
        (b"rgb:1e1e/1e1e/2e2e", True),
        (b"rgb:ffff/ffff/ffff", False),
        (b"rgb:fd/f6/e3", False),
        (b"rgb:0/0/0", True),
        (b"rgba:0000/0000/0000/ffff", True),
        (b"rgb:/1/", None),
        (b"rgb:1/2", None),
        (b"#123456", None),
        (b"", None),
    ],
)
def test_a_colour_is_dark_or_light_or_none(colour: bytes, dark: bool | None) -> None:
    assert is_dark(colour) is dark


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
def test_a_terminal_that_answers(hear: Hear, end: bytes) -> None:
    assert hear(b"\x1b]11;rgb:ffff/ffff/ffff" + end + _DONE) == Heard(dark=False, here=True)


def test_a_terminal_that_does_not_know_the_question_is_not_waited_for(hear: Hear) -> None:
    started = time.thread_time(), time.monotonic()
    assert hear(_DONE) == Heard(here=True)
    assert time.monotonic() - started[1] < 10 * PATIENCE_SECONDS


def test_a_silent_terminal_is_not_waited_for_long(hear: Hear) -> None:
    assert hear(b"") == Heard(here=True)


@pytest.mark.parametrize("said", [b"\x1b]11;nonsense\x07", b"\x1b]11;rgb:zz/zz/zz\x1b\\"])
def test_nonsense_says_nothing(hear: Hear, said: bytes) -> None:
    assert hear(said + _DONE) == Heard(here=True)


def test_what_is_typed_meanwhile_is_kept_in_order(hear: Hear) -> None:
    heard = hear(b"n\x1b]11;rgb:0000/0000/0000\x07Mi\xc3\xa8" + _DONE + b"\r")
    assert heard == Heard(dark=True, typed=b"nMi\xc3\xa8\r", here=True)


def test_an_answer_without_an_end_is_taken_for_typing(hear: Hear) -> None:
    assert hear(b"\x1b]11;rgb:00") == Heard(typed=b"\x1b]11;rgb:00", here=True)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "vt100")])
def test_a_terminal_without_colours_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "isatty", lambda _number: True)
    monkeypatch.setattr(os, "write", lambda *_: pytest.fail("It was asked."))
    with asking() as question:
        assert question.heard() == Heard(here=True)


def test_a_pipe_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(os, "isatty", lambda _number: False)
    with asking() as question:
        assert question.heard() == NOTHING_HEARD
