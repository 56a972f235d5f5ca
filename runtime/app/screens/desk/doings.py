"""What goes on at the desk, whichever screen shows: the desk, the marking job, the steps to undo.

    doings = doings_of(app)
    doings.mark(session_id)                 goes on when the screen is left
    doings.did(_("..."), undo)              one stack for all of the desk

There is one of it for an app; it is made when the desk is first opened.
"""

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from runtime.app.plain import one_line
from runtime.app.undo import Undo, Undos
from runtime.desk import Desk
from runtime.desk.job import MarkingJob
from runtime.desk.progress import Progress, State
from runtime.words import _

if TYPE_CHECKING:
    from runtime.app.app import KindmarkApp

_GRACE_SECONDS = 5.0
"""What a job gets to keep the marks it has in hand when the app ends."""


class Arrived(NamedTuple):
    """A set that was just taken in: where it lies, and what is to be said of it."""

    class_id: int
    session_id: int
    said: str


class Doings:
    """Holds the desk of one app. Everything here is used by the app's own thread alone."""

    def __init__(self, app: "KindmarkApp") -> None:
        self.app = app
        self.desk = Desk(app.store, app.worker)
        self.job: MarkingJob | None = None
        self.job_name = ""
        self.job_session: int | None = None
        self.watched = False
        """Whether the job is on the screen: its end needs no other sign then."""
        self._paused = False
        self.arrived: Arrived | None = None
        """What the desk's home is to show next; it takes it away."""
        self._steps = Undos()

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
        self.app.run_worker(_watched(self.job), group="marking job")

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
        self.app.call_later(self._show, progress)

    def _show(self, progress: Progress) -> None:
        self.app.job_line = "" if progress.ended else job_words(progress)
        if progress.state is State.FAILED and progress.error:
            self.app.tell(progress.error)
        elif progress.state is State.DONE and not self.watched:
            said = _("✓ Every answer of “{name}” has a mark.")
            self.app.notify(said.format(name=one_line(self.job_name, 40)), markup=False)

    def did(self, said: str, undo: Undo, back: str = "") -> None:
        """Remember a step and how it is taken back; ``back`` says what is so once it is."""
        self._steps.add(back or _("Taken back: “{done}”").format(done=said), undo)

    async def desk_step(self) -> None:
        """Take back the last step of the desk itself."""
        await self.app.in_store(self.desk.undo)

    async def undo(self) -> str | None:
        """Take back the last step and return words for it; ``None`` if there is none.

        One that cannot be taken back stays the last one, and its error is raised.
        """
        return await self._steps.take_back()

    async def count_marks(self, session_id: int) -> int:
        """Return how many answers of a session have a mark."""
        sql = "SELECT count(*) FROM answers WHERE session_id = ? AND mark_id IS NOT NULL"
        database = self.app.store.database
        found = await self.app.in_store(lambda: database.value(sql, (session_id,)))
        return found if isinstance(found, int) else 0

    async def leave_alone(self, session_id: int) -> None:
        """End the job if it marks this session, whose answers are about to go."""
        if self.job and self.busy and self.job_session == session_id:
            self.job.stop()
            await asyncio.to_thread(self.job.wait, _GRACE_SECONDS)


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
