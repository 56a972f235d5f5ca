"""The app as a process of its own in a pseudo-terminal, whose other end the tests play."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

_PATIENCE_SECONDS = 60.0
_LIGHT, _DARK = b"48;2;251;250;246", b"48;2;22;24;29"
"""How the backgrounds of the two themes are drawn."""
_ANSWERS = {
    "light": b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62c",
    "dark": b"\x1b]11;rgb:1111/1111/1111\x07\x1b[?62c",
    "nonsense": b"\x1b]11;\xff!!\x07\x1b[?62c",
    "silent": b"",
}


class Terminal:
    """A terminal that the app runs in."""

    def __init__(self, folder: Path, answer: bytes, typed: bytes = b"") -> None:
        self._answer = answer
        self.seen = b""
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            os.environ |= {
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "KINDMARK_RECORDS": str(folder / "records"),
                "KINDMARK_CONFIG": str(folder / "config"),
            }
            os.execv(sys.executable, [sys.executable, "-m", "runtime.cli.main", "app"])
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.write(self._end, typed)

    def until(self, words: bytes) -> None:
        """Read until something was drawn; answer when asked."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while words not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            if select.select([self._end], [], [], 1.0)[0]:
                self.seen += os.read(self._end, 1 << 16)
            if self._answer and b"\x1b]11;?" in self.seen:
                os.write(self._end, self._answer)
                self._answer = b""

    def close(self) -> int:
        """Ask the app to end, and return how it did."""
        os.kill(self.pid, signal.SIGTERM)
        try:
            while os.read(self._end, 1 << 16):
                pass
        except OSError:
            # The app has let go of the terminal.
            pass
        os.close(self._end)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.mark.parametrize("said", _ANSWERS)
def test_the_app_has_the_colours_of_its_terminal(said: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, _ANSWERS[said])
    terminal.until(b"Who are you?")
    assert (_LIGHT in terminal.seen) is (said == "light")
    assert (_DARK in terminal.seen) is (said != "light")
    assert terminal.close() == 0


def test_what_is_typed_before_it_is_there_is_typed_into_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, b"", typed=b"n")
    terminal.until(b"Nickname")
    assert terminal.close() == 0


def test_it_ends_with_a_terminal_that_goes_without_a_word(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    places = {
        "TERM": "xterm-256color",
        "KINDMARK_RECORDS": str(tmp_path / "records"),
        "KINDMARK_CONFIG": str(tmp_path / "config"),
    }
    # In a session of its own and with no terminal that controls it, nobody sends it a signal.
    with subprocess.Popen(
        [sys.executable, "-m", "runtime.cli.main", "app"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | places,
        start_new_session=True,
    ) as app:
        os.close(theirs)
        try:
            _read_until(ours, b"Who are you?")
            os.close(ours)
            assert app.wait(_PATIENCE_SECONDS) == 0
        finally:
            app.kill()


def _read_until(end: int, words: bytes) -> None:
    seen = b""
    while words not in seen:
        assert select.select([end], [], [], _PATIENCE_SECONDS)[0], seen[-2000:]
        seen += os.read(end, 1 << 16)
