"""What goes on at the desk, whichever screen shows: the desk, the marking job, the steps to undo.

    doings = doings_of(app)
    doings.mark(session_id)                 goes on when the screen is left
    doings.did(_("..."), undo)              one stack for all of the desk

There is one of it for an app; it is made when the desk is first opened.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from runtime.app.plain import one_line
from runtime.desk import Desk
from runtime.desk.job import MarkingJob, Progress, State
from runtime.words import _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

Undo = Callable[[], Awaitable[None]]

_GRACE_SECONDS = 5.0
"""What a job gets to keep the marks it has in hand when the app ends."""


class Doings:
    """Holds the desk of one app. Everything here is used by the app's own thread alone."""

    def __init__(self, app: "KindmarkApp") -> None:
        self._app = app
        self.desk = Desk(app.store, app.worker)
        self.job: MarkingJob | None = None
        self.job_name = ""
        self.job_session: int | None = None
        self._paused = False
        self._steps: list[tuple[str, Undo]] = []

    @property
    def progress(self) -> Progress | None:
        """How far the latest job is."""
        return self.job.progress if self.job else None

    @property
    def busy(self) -> bool:
        """Whether answers are being marked, or wait for a job that is paused."""
        return self.progress is not None and not self.progress.ended

    def mark(self, session_id: int, name: str) -> None:
        """Mark what has no mark yet in a session; the job before it has ended."""
        self.job_name, self.job_session = name, session_id
        self._paused = False
        self.job = self.desk.mark(session_id, told=self._told)
        self._app.run_worker(_watched(self.job), group="marking job")

    def pause_or_resume(self) -> None:
        """Pause the job, or let it go on."""
        if not self.job:
            return
        # What was asked for last counts: the job itself may not have got to it yet.
        self._paused = not self._paused
        if self._paused:
            self.job.pause()
        else:
            self.job.resume()

    def _told(self, progress: Progress) -> None:
        # In the thread of the job: what is drawn is changed by the app's own.
        self._app.call_later(self._show, progress)

    def _show(self, progress: Progress) -> None:
        self._app.job_line = "" if progress.ended else job_words(progress)
        if progress.state is State.FAILED and progress.error:
            self._app.tell(progress.error)
        elif progress.state is State.DONE:
            said = _("✓ Every answer of “{name}” has a mark.")
            self._app.notify(said.format(name=one_line(self.job_name, 40)), markup=False)

    def did(self, said: str, undo: Undo) -> None:
        """Remember a step and how it is taken back."""
        self._steps.append((said, undo))

    async def desk_step(self) -> None:
        """Take back the last step of the desk itself."""
        await self._app.in_store(self.desk.undo)

    async def undo(self) -> str | None:
        """Take back the last step and return what it was; ``None`` if there is none.

        One that cannot be taken back stays the last one, and its error is raised.
        """
        if not self._steps:
            return None
        said, undo = self._steps[-1]
        await undo()
        self._steps.pop()
        return said


async def _watched(job: MarkingJob) -> None:
    """Wait for a job; if the app ends before it does, so does the job: the store will be closed."""
    try:
        await asyncio.to_thread(job.wait)
    finally:
        job.stop()
        job.wait(_GRACE_SECONDS)


def job_words(progress: Progress) -> str:
    """Return how far a job is, in a few words for the line above every screen."""
    words = (
        _("Paused: {done} of {total}")
        if progress.state is State.PAUSED
        else _("Marking: {done} of {total}")
    )
    return words.format(done=progress.done, total=progress.total)


_doings: "WeakKeyDictionary[KindmarkApp, Doings]" = WeakKeyDictionary()


def doings_of(app: "KindmarkApp") -> Doings:
    """Return the doings of an app."""
    found = _doings.get(app)
    if found is None:
        found = _doings[app] = Doings(app)
    return found
