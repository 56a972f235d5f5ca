"""Marking a class set: batch after batch through the marking process, each mark kept as it comes.

    job = MarkingJob(store, worker, session_id, told=print)
    job.start()
    job.pause(); job.resume(); job.stop()
    job.progress.seconds_left
    job.wait()

It runs in a thread of its own. What it has marked is in the store and nowhere else: a job that was
stopped, or a program that was killed, leaves the rest pending, and the next job goes on with that.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from runtime.desk.asking import Asking, PausedError, Waiting
from runtime.desk.batches import Batch, batches
from runtime.desk.pace import Pace
from runtime.desk.progress import Progress, State, Told
from runtime.desk.working import Worker, Writing
from runtime.errors import KindmarkError
from runtime.judge.worker.client import WorkerError
from runtime.marking.item import Task
from runtime.marking.mark import Mark
from runtime.records.store import Store
from runtime.words import N_, _

TELL_SECONDS = 0.1
"""Progress is told no oftener than this: a screen cannot show more, and drawing costs time."""

GIVE_UP_AFTER = 3
"""Answers in a row that the marking process fails at, after which they are not to blame."""

_DEFECT = N_("Marking was ended by a defect of Kindmark ({name}).")
_UNMARKED = N_("The marking process gave no marks.")
_REPORT = N_("What was marked is kept. Please start again, and report the defect.")


class MarkingJob:
    """Marks what is pending. ``told`` is called in the job's thread and must be short."""

    def __init__(
        self,
        store: Store,
        worker: Worker,
        session_id: int | None = None,
        told: Told | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to mark a session, or all that is pending anywhere; ``start`` begins."""
        self._store, self._session_id = store, session_id
        self._told, self._clock = told, clock
        self._writing = Writing(worker)
        self._asking = Asking(self._writing, self._keep)
        self._pace = Pace()
        self._remaining: Counter[Task] = Counter()
        self._task = Task.MATH
        self._last_told = float("-inf")
        self._progress = Progress(state=State.RUNNING, done=0, total=0)
        self._thread = threading.Thread(target=self._run, name="marking job", daemon=True)

    @property
    def progress(self) -> Progress:
        """How far it is now; any thread may ask."""
        return self._progress

    @property
    def writing(self) -> bool:
        """Whether the model also writes a reason and feedback for each answer."""
        return self._writing.wanted

    @writing.setter
    def writing(self, wanted: bool) -> None:
        self._writing.wanted = wanted

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def pause(self) -> None:
        """Leave off; what is being marked is given up at once and marked again later."""
        self._asking.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._asking.resume()

    def stop(self) -> None:
        """End; what is marked stays, and what is not stays pending."""
        self._asking.stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; return whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            state = State.DONE if self._mark_all() else State.STOPPED
            self._tell(replace(self._progress, state=state, seconds_left=None))
        except KindmarkError as error:
            self._tell(replace(self._progress, state=State.FAILED, seconds_left=None, error=error))
        except Exception as error:
            # Whoever waits for this job would else wait for ever.
            words = KindmarkError(_(_DEFECT).format(name=type(error).__name__), _(_REPORT))
            self._tell(replace(self._progress, state=State.FAILED, seconds_left=None, error=words))

    def _mark_all(self) -> bool:
        """Mark batch by batch; return whether it came to the end."""
        self._store.need_to_write()
        planned = batches(self._store, self._session_id)
        for batch in planned:
            self._remaining[batch.task] += len(batch.answer_ids)
        self._tell(replace(self._progress, state=State.RUNNING, total=self._remaining.total()))
        return all(map(self._mark_batch, planned)) and not self._asking.stopped

    def _mark_batch(self, batch: Batch) -> bool:
        """Mark a batch through pauses; return whether to go on."""
        self._task = batch.task
        before = 0
        while waiting := self._pending(batch):
            if not self._go_on():
                return False
            if len(waiting) == before:
                raise WorkerError(_(_UNMARKED), _(_REPORT))
            start = self._clock()
            try:
                self._asking.mark(waiting)
                before = len(waiting)
                self._pace.batch(batch.task, before, self._clock() - start)
            except PausedError:
                continue
            except WorkerError as error:
                self._tell(replace(self._progress, error=error))
                if not self._mark_singly(batch):
                    return False
        self._tell()
        return True

    def _mark_singly(self, batch: Batch) -> bool:
        """Mark what is left one by one, so that one answer does not take the others with it.

        An answer that the marking process fails at is left to the teacher. Raises ``WorkerError``
        if it fails at everything: then it is not the answers' fault, and they stay pending.
        """
        failed: dict[int, Mark] = {}
        in_a_row = 0
        while waiting := [one for one in self._pending(batch) if one.answer_id not in failed]:
            if not self._go_on():
                return False
            try:
                self._asking.mark(waiting[:1])
                in_a_row = 0
            except PausedError:
                continue
            except WorkerError as error:
                in_a_row += 1
                if in_a_row == GIVE_UP_AFTER:
                    raise
                failed[waiting[0].answer_id] = waiting[0].given_up(error)
        self._keep(list(failed.items()))
        return True

    def _pending(self, batch: Batch) -> list[Waiting]:
        """Return what of a batch has no mark; what is no item for a marker gets one here."""
        found = [
            Waiting(one.answer_id, one.row)
            for answer_id in batch.answer_ids
            for one in self._store.answers.pending(after=answer_id - 1, limit=1)
            if one.answer_id == answer_id
        ]
        self._keep([(one.answer_id, one.row.unmarked()) for one in found if not one.row.item])
        return [one for one in found if one.row.item]

    def _go_on(self) -> bool:
        """Wait while paused; return whether to go on."""
        if self._asking.paused:
            self._tell(replace(self._progress, state=State.PAUSED))
        going = self._asking.wait()
        if going and self._progress.state is State.PAUSED:
            self._tell(replace(self._progress, state=State.RUNNING))
        return going

    def _keep(self, marked: Sequence[tuple[int, Mark]]) -> None:
        """Save marks, all in one transaction, and tell of them."""
        if not marked:
            return
        self._store.marks.add_many(marked)
        self._remaining[self._task] -= len(marked)
        self._progress = replace(
            self._progress,
            done=self._progress.done + len(marked),
            to_review=self._progress.to_review + sum(mark.needs_review for _id, mark in marked),
            per_second=self._pace.per_second(),
            seconds_left=self._pace.seconds_left(self._remaining),
        )
        if self._clock() - self._last_told >= TELL_SECONDS:
            self._tell()

    def _tell(self, progress: Progress | None = None) -> None:
        self._progress = progress or self._progress
        self._last_told = self._clock()
        if self._told:
            self._told(self._progress)
