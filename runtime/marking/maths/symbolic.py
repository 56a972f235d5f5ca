"""The symbolic checker: math-verify and SymPy in a process of their own, killed when too slow.

with SymbolicChecker() as checker:
    checker.equal(r"\\sin^2 x + \\cos^2 x", "1")

The process starts at the first question, speaks JSON lines over pipes and opens no socket.
SymPy's memory and start-up time, and whatever an answer makes it do, stay out of the marking core.
"""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from typing import IO

from runtime.closing import Closing

WORKER = (sys.executable, "-m", "runtime.marking.maths.symbolic_worker")
TIMEOUT = 5.0
"""Seconds a question may take; math-verify's own limits are signals that SymPy can outlast."""
STARTUP = 30.0
"""Seconds for the first answer of a fresh process, which imports SymPy on a slow machine."""
_MAX_CHARS = 2000


class SymbolicChecker(Closing):
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
        self.replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.answered = False

    def equal(self, reference: str, answer: str) -> bool | None:
        """Return whether ``answer`` equals ``reference``; ``None`` for no verdict in time."""
        if max(len(reference), len(answer)) > _MAX_CHARS:
            return None
        question = json.dumps([reference, answer]).encode() + b"\n"
        reply = self._asked(question, self.timeout if self.answered else self.startup)
        if not reply:
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
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # a question may still be in its buffer
                process.stdin.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self.process, self.replies = process, queue.SimpleQueue()
            # A thread reads, because waiting on a pipe with a limit exists on Unix only.
            reader = threading.Thread(
                target=_forward, args=(process.stdout, self.replies), daemon=True
            )
            reader.start()
        return self.process

    def _asked(self, question: bytes, limit: float) -> bytes | None:
        """Return the reply, empty at the worker's end, or ``None`` after ``limit`` seconds."""
        try:
            pipe = self._started().stdin
            if pipe is not None:
                pipe.write(question)
                pipe.flush()
            return self.replies.get(timeout=limit)
        except (OSError, queue.Empty):  # no worker, a dead or a slow one
            return None


def _forward(pipe: IO[bytes], replies: "queue.SimpleQueue[bytes]") -> None:
    """Hand every line on; an empty one tells that the worker has ended."""
    with pipe:
        for line in pipe:
            replies.put(line)
    replies.put(b"")
