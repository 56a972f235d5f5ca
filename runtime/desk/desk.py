"""The desk: one object for all that a teacher does, with one stack of steps to undo.

    with Desk(store, worker) as desk:
        preview = desk.look_at("class.csv", class_id)
        taken = desk.take(preview, "Fractions")

Calls that return a ``Future`` (concurrent.futures; ``asyncio.wrap_future`` makes it awaitable) may
take seconds and do their work in the desk's own thread. All others ask or change the store for
some milliseconds (reading a large file: a second): call them in the store's thread. All raise
``KindmarkError`` with words for the teacher.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from runtime.closing import Closing
from runtime.desk.analysis import Analysis, analyse
from runtime.desk.first_looks import FirstLooks, propose
from runtime.desk.importing import ImportPreview, Wanted, for_class, look_at, take
from runtime.desk.job import MarkingJob
from runtime.desk.learner_report import write_learner_report
from runtime.desk.likeness import Likeness
from runtime.desk.progress import Told
from runtime.desk.recalibrating import Recalibration, Recalibrator
from runtime.desk.review import Counts, Filters, Review, Sheet
from runtime.desk.scope import Scope
from runtime.desk.undoing import Steps
from runtime.desk.working import Worker
from runtime.marking.decision import Calibration
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.desk import Taken
from runtime.records.store.rows import Override
from runtime.records.store.screens import ResultLine


class Desk(Closing):
    """Everything but what is drawn. ``worker`` is a ``MarkingWorker`` or a fake of the tests."""

    def __init__(
        self, store: Store, worker: Worker, calibration: Calibration | None = None
    ) -> None:
        """Keep store and worker (not owned); the calibration that ships, where none is given."""
        self._store, self._worker = store, worker
        self._steps = Steps()
        self._thread = ThreadPoolExecutor(1, "desk")
        self._review = Review(store)
        self._likeness = Likeness(worker)
        self._recalibrator = Recalibrator(store, self._likeness, calibration)

    def close(self) -> None:
        """Take on nothing more. Jobs are stopped by whoever has them."""
        # Whoever closes the marking process ends what waits for it: nothing to wait for here.
        self._thread.shutdown(wait=False, cancel_futures=True)

    def look_at(
        self, path: str, class_id: int | None = None, *, task: str | None = None
    ) -> ImportPreview:
        """Read a class set (JSONL, CSV) without keeping anything of it.

        With ``task`` every row is one of this task; where a table names none, it is guessed.
        Raises ``BadInputError`` if the file as a whole cannot be used.
        """
        return look_at(self._store, path, class_id, task=task)

    def for_class(self, preview: ImportPreview, class_id: int | None) -> ImportPreview:
        """Compare what was read with another class; the file is not read again."""
        return for_class(self._store, preview, class_id)

    def take(self, preview: ImportPreview, name: str, wanted: Wanted | None = None) -> Taken:
        """Keep the answers of a preview that are new, or what else is ``wanted`` of it.

        ``taken.session.id`` is the session to mark. Raises ``BadInputError`` if nothing is left.
        """
        return take(self._store, preview, name, self._steps, wanted)

    def mark(self, session_id: int | None = None, told: Told | None = None) -> MarkingJob:
        """Start to mark what has no mark yet, in a session or anywhere; return at once.

        ``told`` hears of the progress in the job's own thread, about ten times a second at most
        (Textual: ``post_message`` or ``call_from_thread``).
        """
        job = MarkingJob(self._store, self._worker, session_id, told)
        job.start()
        return job

    def lines(
        self, scope: Scope, filters: Filters | None = None, *, limit: int = 200, offset: int = 0
    ) -> list[ResultLine]:
        """Return answers for the table: to review first, the least sure first, then by question."""
        return self._review.lines(scope, filters or Filters(), limit, offset)

    def counts(self, scope: Scope, filters: Filters | None = None) -> Counts:
        """Return how many answers there are, wait, need review, and match the filters."""
        return self._review.counts(scope, filters or Filters())

    def sheet(self, answer_id: int) -> Sheet:
        """Return all there is to show of one answer."""
        return self._review.sheet(answer_id)

    def accept(self, answer_id: int, comment: str = "") -> Override:
        """Confirm a mark. Raises ``BadInputError`` if there is none."""
        return self._review.accept(answer_id, comment, self._steps)

    def change(
        self,
        answer_id: int,
        *,
        verdict: Verdict | None = None,
        score: float | None = None,
        comment: str | None = None,
    ) -> Override:
        """Put a verdict, a score or both in the place of the mark.

        The one that is not given follows from the other; a comment that was there stays unless
        another is given. Raises ``BadInputError`` for a score off the item's scale.
        """
        return self._review.change(answer_id, verdict, score, comment, self._steps)

    def comment(self, answer_id: int, comment: str) -> Override:
        """Keep words of the teacher; verdict and score that count now are confirmed with them."""
        return self._review.change(answer_id, None, None, comment, self._steps)

    def first_looks(self, scope: Scope, item_id: int | None = None) -> "Future[FirstLooks]":
        """Find the answers to mark first: to one question, or to that with most to review.

        Like ``foresee`` it takes seconds the first time. Raises ``BadInputError`` where there is
        nothing to review.
        """
        return self._thread.submit(propose, self._store, scope, self._likeness, item_id)

    def foresee(self, answer_id: int) -> "Future[Recalibration]":
        """Find what the teacher's marks say about the other answers to the question of this one.

        Nothing is changed. The first time for a question takes seconds (meanings are compared in
        the marking process), later ones milliseconds.
        """
        return self._thread.submit(self._recalibrator.foresee, answer_id)

    def apply(self, found: Recalibration) -> int:
        """Keep the new marks of a recalibration and return how many; one step to undo."""
        return self._recalibrator.apply(found, self._steps)

    def analyse(self, scope: Scope) -> "Future[Analysis]":
        """Find which questions and which mistakes there was trouble with."""
        return self._thread.submit(analyse, self._store, scope, self._worker)

    def write_report(self, analysis: Analysis, path: Path) -> None:
        """Write the class report as one HTML page. Raises ``BadInputError`` if it cannot."""
        from runtime.desk.reports import class_page  # noqa: PLC0415 - numpy takes its time
        from runtime.report.page import write_page  # noqa: PLC0415

        write_page(class_page(analysis), path)

    def write_learner_report(self, scope: Scope, learner_id: int, path: Path) -> None:
        """Write one learner's report as one HTML page. Raises as ``write_report``."""
        write_learner_report(self._store, scope, learner_id, path)

    def write_csv(self, scope: Scope, path: Path) -> int:
        """Write all results as a table and return its rows. Raises ``BadInputError``."""
        from runtime.desk.reports import write_csv  # noqa: PLC0415 - numpy takes its time

        return write_csv(self._store, scope, path)

    @property
    def undoable(self) -> str | None:
        """What ``undo`` would take back, in words."""
        return self._steps.last()

    def undo(self) -> str | None:
        """Take the last step back and return what it was, in words; ``None`` if there is none."""
        return self._steps.undo()
