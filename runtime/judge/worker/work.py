"""What waits to be marked, shortest first: a child's one answer does not wait behind a class.

    work = Work(models, say)
    threading.Thread(target=work.mark).start()
    work.add(MarkItems(1, items))

A request is marked in slices of ``SLICE``; between two of them a shorter one may come first, and
one that was stopped ends. What needs a model waits until it is there.
"""

import threading
import traceback
from collections.abc import Callable
from functools import partial

import msgspec

from runtime.errors import BadInputError, KindmarkError, ModelError
from runtime.judge.worker import messages
from runtime.judge.worker.marker import Models, Ready
from runtime.judge.worker.messages import Failed, MarkItems, Open, Reply
from runtime.marking.decision import uses_judge
from runtime.marking.events import Event
from runtime.marking.marker import Marker
from runtime.words import N_, _

Say = Callable[[Reply], None]

SLICE = 32
"""Answers that are marked together: a class shares what is read of a question."""

_DEFECT = N_("Kindmark failed at this.")
_REPORT = N_("Please mark it yourself, and report the defect.")


class _Job(msgspec.Struct):
    """A request, how many of its items are done, and the model its next slice is marked with."""

    request: MarkItems
    needs_model: bool
    done: int = 0
    ready: Ready | None = None

    @property
    def remaining(self) -> int:
        return len(self.request.items) - self.done


class Work:
    """The queue of one thread that marks, and one that loads. Any thread may use the rest."""

    def __init__(self, models: Models, say: Say) -> None:
        self._models, self._say = models, say
        models.stopping = self.stopping
        self._jobs: dict[int, _Job] = {}
        self._changed = threading.Condition()
        self._given_up: set[int] = set()
        self._current = 0
        self._ending = False
        self._ready: Ready | None = None
        self._opening: Open | None = None
        self._failure: KindmarkError | None = None

    def add(self, request: MarkItems) -> None:
        """Take a request into the queue; if no model was named yet, the default is loaded."""
        needs = any(map(uses_judge, request.items))
        with self._changed:
            if needs and not (self._opening or self._ready or self._failure):
                self._opening = Open(0)
            self._jobs[request.number] = _Job(request, needs)
            self._changed.notify_all()

    def stop(self, number: int) -> None:
        """Give up a request if it is not finished."""
        with self._changed:
            if number in self._jobs:
                self._given_up.add(number)
                self._changed.notify_all()

    def open(self, request: Open) -> None:
        """Load another model as soon as what is being marked is done with its slice."""
        with self._changed:
            earlier, self._opening, self._failure = self._opening, request, None
            self._changed.notify_all()
        if earlier and earlier.number:
            self._say(messages.Stopped(earlier.number))

    def stopping(self) -> bool:
        """Whether the slice that is being marked was given up; asked from within llama.cpp."""
        return self._ending or self._current in self._given_up

    def end(self) -> None:
        """Have both threads return as soon as they can."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def mark(self) -> None:
        """Mark until ``end``: what the marking thread does."""
        while (job := self._next()) is not None:
            failed = failure(partial(self._slice, job), job.request.number)
            self._after(job, failed)

    def load(self) -> None:
        """Load models until ``end``: what the loading thread does."""
        while (request := self._next_model()) is not None:
            if self._ready:
                # Closed first: two models may be more than the memory holds.
                self._ready.stack.close()
                self._ready = None
            self._load(request)

    def _next(self) -> _Job | None:
        """Wait for the shortest job that can go on; ``None`` at the end."""
        with self._changed:
            while not self._ending:
                able = [job for job in self._jobs.values() if self._can_go_on(job)]
                if able:
                    job = min(able, key=lambda job: job.remaining)
                    # While another model is loaded this one is closed: maths does without.
                    job.ready = None if self._opening else self._ready
                    self._current = job.request.number
                    return job
                self._changed.wait()
            return None

    def _can_go_on(self, job: _Job) -> bool:
        settled = not self._opening and (self._ready or self._failure)
        return bool(not job.needs_model or settled or job.request.number in self._given_up)

    def _slice(self, job: _Job) -> None:
        request, items = job.request, job.request.items[job.done : job.done + SLICE]
        if self.stopping():
            return
        for event in self._marker(job).stream(items):
            if self.stopping():
                return
            self._say(messages.Heard(request.number, self._placed(event, job.done)))
        job.done += len(items)

    def _marker(self, job: _Job) -> Marker:
        if job.ready is None:
            if job.needs_model and self._failure:
                raise self._failure
            return self._models.maths
        if not job.done:
            job.ready.prepare(job.request.items)
        return job.ready.writing if job.request.feedback else job.ready.plain

    def _placed(self, event: Event, before: int) -> Event:
        mark = event.mark
        if mark:
            made = {**mark.provenance, **self._models.stamp}
            mark = msgspec.structs.replace(mark, provenance=made)
        return msgspec.structs.replace(event, place=event.place + before, mark=mark)

    def _after(self, job: _Job, failed: messages.Failed | None) -> None:
        """Say how a request ended, if it did."""
        number = job.request.number
        reply: Reply | None = failed
        with self._changed:
            if number in self._given_up:
                reply = messages.Stopped(number)
            elif not failed and not job.remaining:
                reply = messages.Finished(number)
            if reply:
                del self._jobs[number]
                self._given_up.discard(number)
            self._current = 0
            self._changed.notify_all()
        if reply:
            self._say(reply)

    def _next_model(self) -> Open | None:
        """Wait for a model to load, and for the slice that uses the present one."""
        with self._changed:
            while not self._ending:
                if self._opening and not self._current:
                    return self._opening
                self._changed.wait()
            return None

    def _load(self, request: Open) -> None:
        loaded: list[Ready] = []

        def work() -> None:
            loaded.append(self._models.load(request.model, cascade=request.cascade))

        failed = failure(work, request.number)
        with self._changed:
            wanted = self._opening is request
            if wanted:
                self._opening, self._ready = None, loaded[0] if loaded else None
                self._failure = ModelError(failed.message, failed.remedy) if failed else None
            self._changed.notify_all()
        if not wanted:
            for ready in loaded:
                ready.stack.close()
        elif request.number:
            self._say(failed or messages.Opened(request.number, loaded[0].title))


def failure(work: Callable[[], None], number: int) -> Failed | None:
    """Do ``work`` and return how it failed, in words; a defect is written to stderr as well."""
    try:
        work()
    except ModelError as error:
        return Failed(number, error.message, error.remedy, "model")
    except BadInputError as error:
        return Failed(number, error.message, error.remedy, "input")
    except KindmarkError as error:
        return Failed(number, error.message, error.remedy)
    except Exception as error:
        traceback.print_exc()
        return Failed(number, f"{_(_DEFECT)} ({type(error).__name__})", _(_REPORT))
    return None
