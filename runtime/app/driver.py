"""Textual's terminal driver, with a sieve before it: what is typed comes in, and nothing else.

    KindmarkApp(..., terminal=heard)            app.run() uses it

It begins with what was typed before it was there. A late answer of the terminal is not taken for
typing, nor is a control sequence inside pasted text: Textual's own would take that for keys.
"""

import codecs
import os
import re
import selectors

from textual import constants
from textual._xterm_parser import XTermParser
from textual.driver import Driver

from runtime.app.background import ANSWERS, Heard

try:
    from textual.drivers.linux_driver import LinuxDriver
except ImportError:
    # Windows, where terminals are not asked.
    LinuxDriver = None  # type: ignore[assignment, misc]

_TICK_SECONDS = 0.1
_HELD_SECONDS = 0.02
"""Until the Esc key is known to be that: pieces of one sequence come closer together."""
_MOST_ANSWER_BYTES = 64
_UNFINISHED = re.compile(
    rb"\x1b(?:\](?:1(?:1(?:;[^\x07\x1b]*\x1b?)?)?)?|\[(?:\?[\d;]*|2(?:00?)?)?)?\Z"
)
"""The beginning of an answer, or of a paste, at the end of what was read."""
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"
"""What terminals put round pasted text (bracketed paste)."""
_UNFINISHED_END = re.compile(rb"\x1b(?:\[(?:2(?:0(?:1)?)?)?)?\Z")
_ESC, _PICTURE = b"\x1b", "␛".encode()


def driver_for(heard: Heard) -> type[Driver] | None:
    """Return the driver to use; ``None``: Textual's own does (Windows, browsers, tests)."""
    if LinuxDriver is None or not heard.here or constants.DRIVER is not None:
        return None

    class TypedAhead(_TypedAhead):
        begins_with = heard.typed

    return TypedAhead


class Sieve:
    """Lets through what people type and paste, however it is cut into pieces."""

    def __init__(self) -> None:
        self._held = b""
        self._pasting = False

    def through(self, data: bytes) -> bytes:
        """Return what is meant by people; what is not yet known is held for the next time."""
        data, self._held, passed = self._held + data, b"", b""
        while data:
            mark = _PASTED if self._pasting else _PASTE
            inside, found, data = data.partition(mark)
            passed += (self._pasted if self._pasting else self._typed)(inside, not found) + found
            self._pasting ^= bool(found)
        return passed

    @property
    def holds(self) -> bool:
        """Whether something waits for what comes next."""
        return bool(self._held)

    def rest(self) -> bytes:
        """Return what was held: nothing came after it, so it was typing."""
        if self._pasting:
            return b""
        held, self._held = self._held, b""
        return held

    def _typed(self, data: bytes, last: bool) -> bytes:
        data = ANSWERS.sub(b"", data)
        beginning = _UNFINISHED.search(data) if last else None
        at = beginning.start() if beginning else len(data)
        if len(data) - at > _MOST_ANSWER_BYTES:
            at = len(data)
        self._held = data[at:]
        return data[:at]

    def _pasted(self, data: bytes, last: bool) -> bytes:
        beginning = _UNFINISHED_END.search(data) if last else None
        at = beginning.start() if beginning else len(data)
        self._held = data[at:]
        return data[:at].replace(_ESC, _PICTURE)


if LinuxDriver is not None:

    class _TypedAhead(LinuxDriver):
        """``begins_with`` is heard first."""

        begins_with = b""

        def run_input_thread(self) -> None:
            """Pass on what is typed until the app ends, as Textual's own does."""
            parser, sieve = XTermParser(), Sieve()
            decode = codecs.getincrementaldecoder("utf-8")("replace").decode

            def hear(data: bytes) -> None:
                # An empty text would mean the end to the parser.
                if text := decode(data):
                    for event in parser.feed(text):
                        self.process_message(event)

            # Until it was asked, the terminal made line ends of Enter.
            hear(sieve.through(self.begins_with.replace(b"\n", b"\r")))
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    if selector.select(_HELD_SECONDS if sieve.holds else _TICK_SECONDS):
                        read = self._read()
                        if not read:
                            # Nobody will ever type here again, and waiting for it never waits.
                            self._app.call_later(self._app.exit)
                            return
                        hear(sieve.through(read))
                    else:
                        hear(sieve.rest())
                    for event in parser.tick():
                        self.process_message(event)

        def _read(self) -> bytes:
            """Return what was typed; nothing once the terminal is gone."""
            try:
                return os.read(self.fileno, 4096)
            except OSError:
                return b""
