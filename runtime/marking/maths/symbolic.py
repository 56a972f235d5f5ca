"""The symbolic checker: math-verify and SymPy in a process of their own, killed when too slow.

with SymbolicChecker() as checker:
    checker.equal(r"\\sin^2 x + \\cos^2 x", "1")

The process starts at the first question, speaks JSON lines over pipes and opens no socket.
SymPy's memory and start-up time, and whatever an answer makes it do, stay out of the marking core.
"""

import json
import selectors
import subprocess
import sys
import time
from types import TracebackType

WORKER = (sys.executable, "-m", "runtime.marking.maths.symbolic_worker")
TIMEOUT = 5.0
"""Seconds a question may take; math-verify's own limits are signals that SymPy can outlast."""
STARTUP = 30.0
"""Seconds for the first answer of a fresh process, which imports SymPy on a slow machine."""
_MAX_CHARS = 2000


class SymbolicChecker:
    """Answers whether two pieces of mathematics are equal; a context manager, one thread's own.

    ``command`` starts the worker and is replaced in tests only.
    """

    def __init__(
        self,
        timeout: float = TIMEOUT,
        startup: float = STARTUP,
        command: tuple[str, ...] = WORKER,
    ) -> None:
        self.timeout, self.startup, self.command = timeout, startup, command
        self.process: subprocess.Popen[bytes] | None = None
        self.answered = False

    def __enter__(self) -> "SymbolicChecker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def equal(self, reference: str, answer: str) -> bool | None:
        """Return whether ``answer`` equals ``reference``; ``None`` for no verdict in time."""
        if max(len(reference), len(answer)) > _MAX_CHARS:
            return None
        process = self._started()
        question = json.dumps([reference, answer]).encode() + b"\n"
        limit = self.timeout if self.answered else self.startup
        reply = self._asked(process, question, limit)
        if reply is None:
            self.close()
            return None
        self.answered = True
        verdict = json.loads(reply)
        return verdict if isinstance(verdict, bool) else None

    def close(self) -> None:
        """End the worker; the next question starts a new one."""
        process, self.process, self.answered = self.process, None, False
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            # Unbuffered pipes: a reply is read whole or not at all, nothing hides in a buffer.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self.process

    def _asked(
        self, process: subprocess.Popen[bytes], question: bytes, limit: float
    ) -> bytes | None:
        try:
            assert process.stdin is not None
            process.stdin.write(question)
            return _line(process, limit)
        except OSError:  # the worker has died
            return None


def _line(process: subprocess.Popen[bytes], limit: float) -> bytes | None:
    """Return one line of the worker's output, or ``None`` after ``limit`` seconds or its end."""
    assert process.stdout is not None
    end, received = time.monotonic() + limit, b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not selector.select(left):
                return None
            chunk = process.stdout.read(4096)
            if not chunk:
                return None
            received += chunk
    return received
