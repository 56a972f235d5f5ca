"""A program in a pseudo-terminal, driven with keys and read from the screen as people read it.

    with Terminal(["kindmark", "app"], env, size=(80, 24)) as terminal:
        terminal.see("Who are you?")
        terminal.press("tab", "enter").type("Mia")

What stands on the screen is worked out by a terminal emulator (pyte) from the bytes the program
writes. Nothing sleeps for a fixed time: ``see`` reads until the words stand there.
"""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PATIENCE_SECONDS = 60.0
"""For a slow machine with two cores that has other things to do."""

_QUIET_SECONDS = 0.15
"""A picture is written at once; what is quiet for so long has drawn all of it."""

Size = tuple[int, int]
"""Columns and lines, in characters."""

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "back-tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f8": "\x1b[19~",
}
"""What a terminal sends for keys; "ctrl+x" is worked out, and letters stand for themselves."""

# The child takes the terminal as its controlling one, as a shell's would: Ctrl-C, resizing and
# hanging up reach it, the first also where whoever starts us does not hear it (a shell's "&").
_TAKE = (
    "import os, signal, sys; os.close(os.open(os.ttyname(0), os.O_RDWR));"
    " signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A running program and its screen."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], size: Size = (80, 24)
    ) -> None:
        """Start ``command`` (its first word a whole path) in a terminal of ``size``."""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = bytearray()
        """All the program wrote."""
        self._master, slave = os.openpty()
        _set_size(slave, size)
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", _TAKE, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", **env},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.hang_up()

    # Reading

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, as last read."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen, as last read."""
        return "\n".join(self.lines)

    def see(self, *words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Read until all of ``words`` stand on the screen, and return it."""
        return self.until(lambda: all(one in self.text for one in words), words, seconds)

    def lose(self, *words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Read until none of ``words`` stands on the screen any more."""
        return self.until(
            lambda: not any(one in self.text for one in words), ("without", *words), seconds
        )

    def until(
        self, holds: Callable[[], bool], what: object = "", seconds: float = PATIENCE_SECONDS
    ) -> str:
        """Read until something holds. Raises ``AssertionError`` with the screen if it does not."""
        end = time.monotonic() + seconds
        while not holds():
            left = end - time.monotonic()
            if left <= 0 or not self.read(min(left, 1.0)):
                # What came last may be it.
                if holds():
                    break
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(f"Never seen: {what}. The screen is:\n{self.text}")
        return self.text

    def read(self, seconds: float) -> bool:
        """Read what the program writes within ``seconds``; whether there was anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            # How Linux says that nobody has the other end open any more.
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and line of the cursor: where the field with the focus is written in."""
        return self._screen.cursor.x, self._screen.cursor.y

    def background(self, column: int, line: int) -> str:
        """Return the colour behind a character, as "#rrggbb" where the program gives it so."""
        return f"#{self._screen.buffer[line][column].bg}"

    def rest(self, quiet: float = _QUIET_SECONDS, seconds: float = PATIENCE_SECONDS) -> str:
        """Read until nothing was written for ``quiet`` seconds, and return the screen."""
        end = time.monotonic() + seconds
        while self.read(quiet) and time.monotonic() < end:
            pass
        return self.text

    # Writing

    def press(self, *keys: str) -> Self:
        """Press keys, by the names of ``KEYS``, "ctrl+s" or a letter."""
        return self.type("".join(map(_sent, keys)))

    def type(self, text: str) -> Self:
        """Type text, as fast as a terminal sends it."""
        data = text.encode()
        while data:
            # The program may not read before its screen was read.
            _, ready, _ = select.select([], [self._master], [], 0.05)
            if ready:
                data = data[os.write(self._master, data[:1024]) :]
            self.read(0)
        return self

    def go(self, *keys: str) -> Self:
        """Press keys that bring one from field to field, each once the one before has."""
        for key in keys:
            self.rest(_QUIET_SECONDS)
            before = self.cursor
            self.press(key)
            self.until(lambda: self.cursor != before, f"a move of the cursor by {key}")  # noqa: B023
            self.rest(_QUIET_SECONDS)
        return self

    def paste(self, text: str) -> Self:
        """Paste text, marked as pasted (bracketed paste)."""
        return self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, lines: int) -> Self:
        """Give the window another size."""
        self._screen.resize(lines, columns)
        _set_size(self._master, (columns, lines))
        return self

    # Ending

    def end(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Read until the program has ended by itself, and return its exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.1)
        while self.read(0):
            pass
        return self.process.wait(1)

    def signal(self, number: int) -> Self:
        """Send a signal to the program."""
        self.process.send_signal(number)
        return self

    def hang_up(self) -> None:
        """Close the window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def kill(self) -> None:
        """Kill the program and all it started (SIGKILL)."""
        started = _children(self.process.pid)
        for one in (self.process.pid, *started):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()


def _sent(key: str) -> str:
    if key.startswith("ctrl+"):
        return chr(ord(key[-1].upper()) & 0x1F)
    return KEYS.get(key, key)


def _children(parent: int) -> list[int]:
    """Return what a program has started; elsewhere than on Linux that ends by itself."""
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{parent}/task").iterdir()
        return [int(one) for task in tasks for one in (task / "children").read_text().split()]
    return []


def _set_size(descriptor: int, size: Size) -> None:
    columns, lines = size
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
