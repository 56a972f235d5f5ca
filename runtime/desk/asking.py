"""One request to the marking process at a time, that can be paused, and whose marks come singly.

asking = Asking(worker, keep)
asking.mark(waiting)            ``keep`` gets the marks in small lots, as they come
asking.pause()                  from another thread: ``mark`` raises ``PausedError``
asking.wait()                   until ``resume`` (True) or ``stop`` (False)
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import msgspec

from runtime.desk.working import Worker
from runtime.errors import KindmarkError
from runtime.judge.worker.client import StoppedMarkingError
from runtime.marking.events import Event
from runtime.marking.mark import Mark
from runtime.records.rows import Row
from runtime.words import noted

Keep = Callable[[Sequence[tuple[int, Mark]]], None]


class PausedError(Exception):
    """A request was given up, because of a pause or for good; what was kept of it stands."""


class Waiting(msgspec.Struct, frozen=True):
    """An answer to be marked; ``row`` has an item."""

    answer_id: int
    row: Row

    def given_up(self, error: KindmarkError) -> Mark:
        """Return the mark of an answer that the marking process fails at."""
        reasons = tuple(filter(None, (error.message, noted("Please mark it yourself."))))
        return msgspec.structs.replace(self.row.unmarked(), reasons=reasons)


class Asking:
    """Asks ``worker``; ``keep`` is called in the thread that calls ``mark``."""

    def __init__(self, worker: Worker, keep: Keep) -> None:
        self._worker, self._keep = worker, keep
        self._changed = threading.Condition()
        self._paused = False
        self._stopped = False
        self._request: Future[list[Mark]] | None = None

    @property
    def paused(self) -> bool:
        """Whether it waits to be resumed."""
        return self._paused and not self._stopped

    @property
    def stopped(self) -> bool:
        """Whether it was stopped for good."""
        return self._stopped

    def pause(self) -> None:
        """Give up the request under way, and take no other one."""
        self._turn(paused=True)

    def resume(self) -> None:
        """Go on."""
        self._turn(paused=False)

    def stop(self) -> None:
        """Give up the request under way for good."""
        self._turn(paused=False, stopped=True)

    def wait(self) -> bool:
        """Wait while paused; return whether to go on."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._paused)
            return not self._stopped

    def mark(self, waiting: Sequence[Waiting]) -> None:
        """Have answers marked. Raises ``PausedError``, and whatever the marking process fails with.

        What came before that is kept.
        """
        came: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        request = self._ask(waiting, came)
        try:
            heard = self._hear(waiting, came)
            marks = request.result()
        except StoppedMarkingError:
            raise PausedError from None
        finally:
            with self._changed:
                self._request = None
            if not request.done():
                # What has come could not be kept (a full disk): the rest is not wanted either.
                self._worker.stop(request)
        missed = [
            (waiting[place].answer_id, mark)
            for place, mark in enumerate(marks)
            if place not in heard
        ]
        self._keep(missed)

    def _ask(
        self, waiting: Sequence[Waiting], came: "queue.SimpleQueue[Event | None]"
    ) -> "Future[list[Mark]]":
        items = [one.row.item for one in waiting if one.row.item]
        with self._changed:
            if self._paused or self._stopped:
                raise PausedError
            request = self._worker.mark(items, told=came.put)
            self._request = request
        request.add_done_callback(lambda _request: came.put(None))
        return request

    def _hear(
        self, waiting: Sequence[Waiting], came: "queue.SimpleQueue[Event | None]"
    ) -> set[int]:
        """Keep marks until the request ends: together what comes together, for every commit waits
        for the disk. Return their places."""
        heard: set[int] = set()
        ended = False
        while not ended:
            events = [came.get()]
            while not came.empty():
                events.append(came.get())
            ended = None in events
            done = [event for event in events if event and event.kind == "done" and event.mark]
            self._keep([(waiting[one.place].answer_id, one.mark) for one in done if one.mark])
            heard.update(one.place for one in done)
        return heard

    def _turn(self, *, paused: bool, stopped: bool = False) -> None:
        with self._changed:
            self._paused, self._stopped = paused, self._stopped or stopped
            request = self._request if self._paused or self._stopped else None
            self._changed.notify_all()
        if request is not None:
            self._worker.stop(request)
