"""The app's side of the marking process: asks, and hands replies to futures as they come.

    with MarkingWorker() as worker:
        worker.open().result()
        marks = worker.mark(items, told=print).result()

Futures are Python's own: ``asyncio.wrap_future`` makes them awaitable. ``told`` and a future's
callbacks run in the thread that reads the pipe and must be short; Textual's ``post_message`` is.
"""

import contextlib
import itertools
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import msgspec

from runtime import words
from runtime.closing import Closing
from runtime.errors import BadInputError, KindmarkError, ModelError, reason_of
from runtime.judge.worker import messages
from runtime.judge.worker.messages import Reply, Request
from runtime.marking.events import Event
from runtime.marking.item import Item
from runtime.marking.mark import Mark
from runtime.words import N_, _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMAND = (sys.executable, "-m", "runtime.judge.worker.process")
Told = Callable[[Event], None]

_DIED = N_("The marking process has ended.")
_AGAIN = N_("It is started again with the next answer; nothing that was marked is lost.")
_GRACE_SECONDS = 2.0
"""What it gets to end by itself before it is ended; it holds nothing that could be lost."""


class StoppedMarkingError(KindmarkError):
    """A request was given up because the app asked for it."""

    title = N_("Stopped")


class WorkerError(KindmarkError):
    """The marking process has ended or cannot be started."""

    title = N_("Marking was interrupted")


_KINDS: dict[str, type[KindmarkError]] = {
    "model": ModelError,
    "input": BadInputError,
    "defect": WorkerError,
}


class _Waiting(msgspec.Struct):
    """A request under way: where its result goes, who works on it, and the marks so far."""

    future: "Future[Any]"
    process: Any
    told: Told | None = None
    marks: dict[int, Mark] = {}


class MarkingWorker(Closing):
    """Asks the marking process, which starts with the first request and again if it has died.

    Every future fails with ``ModelError`` where the model cannot be used, with
    ``StoppedMarkingError`` after ``stop``, and with ``WorkerError`` if the process dies. Any thread
    may ask.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        """``command`` starts the process; tests replace it."""
        self._command = tuple(command)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._opening: messages.Open | None = None

    @property
    def pid(self) -> int | None:
        """The process that marks, if one runs: the screen about this machine looks at it."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def open(self, model: str = "", *, cascade: bool = True) -> "Future[str]":
        """Load a model ("" is the default) and return its title; a new process loads it again."""
        request = messages.Open(next(self._numbers), model, cascade)
        self._opening = request
        return self._ask(request)

    def mark(
        self, items: Sequence[Item], *, feedback: bool = False, told: Told | None = None
    ) -> "Future[list[Mark]]":
        """Return one mark an item, in order; ``told`` hears of them as they come.

        Answers that need the model wait until it is loaded.
        """
        request = messages.MarkItems(next(self._numbers), tuple(items), feedback)
        return self._ask(request, told)

    def look(self, item: Item) -> "Future[str]":
        """Return how a maths answer is read, in words ("" if as no value)."""
        return self._ask(messages.Look(next(self._numbers), item))

    def compare(self, texts: Sequence[str]) -> "Future[NDArray[np.float32]]":
        """Return the cosines ``(n, n)`` of the texts' meanings."""
        return self._ask(messages.Compare(next(self._numbers), tuple(texts)))

    def stop(self, future: "Future[Any]") -> None:
        """Give up a request; a finished one stays as it is."""
        with self._lock:
            found = next((n for n, w in self._waiting.items() if w.future is future), None)
            if found is not None:
                self._send(messages.Stop(found))

    def close(self) -> None:
        """End the process; what was asked for fails."""
        with self._lock:
            process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(self, request: Request, told: Told | None = None) -> "Future[Any]":
        future: Future[Any] = Future()
        # It counts as running: a future that was cancelled could not be told its result.
        future.set_running_or_notify_cancel()
        with self._lock:
            try:
                self._start(request)
            except OSError as error:
                reason = _("The marking process cannot be started: {reason}.").format(
                    reason=reason_of(error)
                )
                future.set_exception(WorkerError(reason, _("Close other programs and try again.")))
                return future
            self._waiting[request.number] = _Waiting(future, self._process, told)
            self._send(request)
        return future

    def _start(self, request: Request) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        # Of its own session: Ctrl-C in the terminal is the app's to answer. Its own messages go to
        # a file it opens, for the terminal belongs to the screens.
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._process = process
        name = f"replies of {process.pid}"
        threading.Thread(target=self._receive, args=(process,), name=name, daemon=True).start()
        if self._opening is not None and self._opening is not request:
            self._send(self._opening)

    def _send(self, request: Request) -> None:
        """Write a request; that nobody reads it, or the pipe is closed, shows in ``_receive``."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                spoken = msgspec.structs.replace(request, language=words.current())
                messages.write(self._process.stdin, spoken)

    def _receive(self, process: "subprocess.Popen[bytes]") -> None:
        pipe = process.stdout
        if pipe is None:
            return
        with pipe, contextlib.suppress(msgspec.DecodeError, OSError, ValueError):
            while (reply := messages.read_reply(pipe)) is not None:
                self._hand_over(reply)
        # What it said makes no sense, or it has closed its output: it is of no more use.
        process.kill()
        process.wait()
        self._fail_all(process)
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _hand_over(self, reply: Reply) -> None:
        with self._lock:
            waiting = self._waiting.get(reply.number)
            if waiting is None:
                return
            if not isinstance(reply, messages.Heard):
                del self._waiting[reply.number]
        if isinstance(reply, messages.Heard):
            _hear(waiting, reply.event)
        else:
            _settle(waiting, reply)

    def _fail_all(self, process: "subprocess.Popen[bytes]") -> None:
        with self._lock:
            lost = {n: w for n, w in self._waiting.items() if w.process is process}
            for number in lost:
                del self._waiting[number]
        for waiting in lost.values():
            waiting.future.set_exception(WorkerError(_(_DIED), _(_AGAIN)))


def _hear(waiting: _Waiting, event: Event) -> None:
    if event.kind == "done" and event.mark:
        waiting.marks[event.place] = event.mark
    if waiting.told:
        waiting.told(event)


def _settle(waiting: _Waiting, reply: Reply) -> None:
    future = waiting.future
    match reply:
        case messages.Opened():
            future.set_result(reply.title)
        case messages.Looked():
            future.set_result(reply.reading)
        case messages.Compared():
            future.set_result(_square(reply.cosines))
        case messages.Finished():
            future.set_result([mark for _, mark in sorted(waiting.marks.items())])
        case messages.Stopped():
            future.set_exception(StoppedMarkingError(_("Marking was stopped.")))
        case messages.Failed():
            future.set_exception(_KINDS[reply.kind](reply.message, reply.remedy))


def _square(data: bytes) -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415 - the app paints before anything needs it

    found = np.frombuffer(data, np.float32)
    side = int(len(found) ** 0.5)
    return found.reshape(side, side)
