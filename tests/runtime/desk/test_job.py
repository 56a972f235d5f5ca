import threading
from pathlib import Path

import pytest

from runtime.desk import Desk
from runtime.desk.batches import MOST, batches
from runtime.desk.job import MarkingJob
from runtime.desk.pace import Pace
from runtime.desk.progress import Progress, State
from runtime.marking.item import MAX_ANSWER_CHARS, Task
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.errors import StoreFullError
from runtime.records.store.marks import Marks
from tests.runtime.desk.fakes import FakeWorker
from tests.runtime.desk.making import essays, short, sums, taken

SECONDS = 30


@pytest.fixture
def class_id(store: Store) -> int:
    return store.classes.add("4b").id


def shorts(count: int, question: str = "Why?") -> list[dict[str, object]]:
    return [
        short(f"{n % 100} {question}", n, id=f"{question}{n}", question=question)
        for n in range(count)
    ]


def run(store: Store, worker: FakeWorker) -> Progress:
    job = MarkingJob(store, worker)
    job.start()
    assert job.wait(SECONDS)
    return job.progress


class TestBatches:
    def test_answers_to_one_question_stay_together(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        one, other = shorts(20, "One?"), shorts(20, "Other?")
        mixed = [row for pair in zip(one, other, strict=True) for row in pair]
        taken(desk, tmp_path, mixed, class_id)
        found = batches(store)
        texts = [{store.answers.get(one).text[-4:] for one in b.answer_ids} for b in found]
        assert [len(batch.answer_ids) for batch in found] == [20, 20]
        assert all(len(ends) == 1 for ends in texts)

    def test_small_questions_share_a_batch_and_large_ones_are_cut(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [*shorts(MOST + 3, "Large?"), *shorts(4, "Small?"), *sums(["7/12"])]
        taken(desk, tmp_path, rows, class_id)
        found = [(batch.task, len(batch.answer_ids)) for batch in batches(store)]
        assert found == [(Task.MATH, 1), (Task.SHORT_ANSWER, MOST), (Task.SHORT_ANSWER, 7)]


class TestMarking:
    def test_every_answer_gets_one_mark(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        session = taken(desk, tmp_path, [*shorts(40), *sums(["7/12", "2/7"])], class_id).session
        told: list[Progress] = []
        job = desk.mark(session.id, told.append)
        assert job.wait(SECONDS)
        assert (job.progress.state, job.progress.done, job.progress.total) == (State.DONE, 42, 42)
        flagged = store.database.value("SELECT count(*) FROM marks WHERE needs_review")
        assert job.progress.to_review == flagged
        assert told[-1] is job.progress
        assert store.answers.count_pending() == 0
        assert store.database.value("SELECT count(*) FROM marks") == 42

    def test_nothing_to_mark_is_done_at_once(self, store: Store, worker: FakeWorker) -> None:
        assert run(store, worker) == Progress(state=State.DONE, done=0, total=0)

    def test_a_job_goes_on_where_a_killed_one_left_off(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(MOST * 2), class_id)
        worker.asked = lambda: setattr(worker, "dead", True)
        assert run(store, worker).state is State.FAILED
        worker.asked, worker.dead = lambda: None, False
        again = run(store, worker)
        assert (again.state, again.done) == (State.DONE, MOST)
        assert store.database.value("SELECT count(*) FROM marks") == MOST * 2

    def test_an_answer_no_marker_may_see_is_left_to_the_teacher(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        session = taken(desk, tmp_path, shorts(2), class_id).session
        item_id = store.answers.of_session(session.id)[0].item_id
        long = store.answers.add(session.id, item_id, "x" * (MAX_ANSWER_CHARS + 1), row_id="long")
        assert run(store, worker).done == 3
        found = store.marks.current(long.id)
        assert found
        assert found.mark.verdict is Verdict.UNMARKED
        assert found.mark.needs_review


class TestFeedback:
    def test_it_is_written_until_it_is_left_out(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(MOST * 2), class_id)
        job = MarkingJob(store, worker)
        worker.asked = lambda: setattr(job, "writing", False)
        job.start()
        assert job.wait(SECONDS)
        assert worker.written == [True, False]


class TestPausing:
    def test_pause_gives_up_the_request_and_resume_marks_it_again(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(5), class_id)
        asked, paused = threading.Event(), threading.Event()
        worker.hold, worker.asked = True, asked.set
        job = MarkingJob(
            store, worker, told=lambda p: paused.set() if p.state is State.PAUSED else None
        )
        job.start()
        assert asked.wait(SECONDS)
        job.pause()
        assert paused.wait(SECONDS)
        assert store.answers.count_pending() == 5
        worker.hold = False
        job.resume()
        assert job.wait(SECONDS)
        assert (job.progress.state, job.progress.done) == (State.DONE, 5)
        assert len(worker.requests) == 2

    def test_stop_leaves_the_rest_pending(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(MOST * 3), class_id)
        job = MarkingJob(store, worker)
        worker.asked = job.stop
        job.start()
        assert job.wait(SECONDS)
        assert (job.progress.state, job.progress.done) == (State.STOPPED, MOST)
        assert store.answers.count_pending() == MOST * 2

    def test_a_paused_job_can_be_stopped(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(5), class_id)
        job = MarkingJob(store, worker)
        job.pause()
        job.start()
        job.stop()
        assert job.wait(SECONDS)
        assert job.progress.state is State.STOPPED


class TestTrouble:
    def test_one_deadly_answer_does_not_take_the_others_with_it(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        session = taken(desk, tmp_path, shorts(10), class_id).session
        worker.deadly = {"4 Why?"}
        found = run(store, worker)
        assert (found.state, found.done) == (State.DONE, 10)
        marks = {one.answer_id: one.mark for one in store.marks.of_session(session.id)}
        unmarked = [
            store.answers.get(one).text for one, m in marks.items() if m.verdict == "unmarked"
        ]
        assert unmarked == ["4 Why?"]

    def test_a_process_that_cannot_be_started_leaves_all_pending(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, shorts(10), class_id)
        worker.dead = True
        found = run(store, worker)
        assert found.state is State.FAILED
        assert found.error
        assert found.error.remedy
        assert store.answers.count_pending() == 10

    @pytest.fixture
    def three(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        taken(desk, tmp_path, shorts(3), class_id)

    @pytest.mark.usefixtures("three")
    def test_a_full_disk_ends_the_job_in_words(
        self, store: Store, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_anything: object) -> int:
            raise StoreFullError("The disk is full.", "Make room.")

        monkeypatch.setattr(Marks, "add_many", full)
        found = run(store, worker)
        assert found.state is State.FAILED
        assert found.error
        assert found.error.message == "The disk is full."

    @pytest.mark.usefixtures("three")
    def test_a_defect_ends_the_job_in_words_too(
        self, store: Store, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(FakeWorker, "mark", lambda *_anything, **_more: None)
        found = run(store, worker)
        assert found.state is State.FAILED
        assert found.error
        assert "AttributeError" in found.error.message


class TestTimeLeft:
    def test_each_task_has_a_pace_of_its_own(self) -> None:
        pace = Pace()
        assert pace.seconds_left({Task.ESSAY: 3}) is None
        pace.batch(Task.MATH, 10, 1.0)
        pace.batch(Task.ESSAY, 10, 20.0)
        assert pace.seconds_left({Task.MATH: 100, Task.ESSAY: 10}) == pytest.approx(30.0)

    def test_one_slow_batch_does_not_move_it(self) -> None:
        pace = Pace()
        for seconds in (1.0, 1.0, 900.0, 1.0, 1.0):
            pace.batch(Task.MATH, 10, seconds)
        assert pace.seconds_left({Task.MATH: 10}) == pytest.approx(1.0)
        assert pace.per_second() == pytest.approx(10.0)

    def test_a_task_not_met_yet_counts_as_the_slowest(self) -> None:
        pace = Pace()
        pace.batch(Task.MATH, 10, 1.0)
        pace.batch(Task.SHORT_ANSWER, 10, 5.0)
        assert pace.seconds_left({Task.ESSAY: 2}) == pytest.approx(1.0)

    def test_a_job_tells_it(
        self, store: Store, desk: Desk, worker: FakeWorker, class_id: int, tmp_path: Path
    ) -> None:
        taken(desk, tmp_path, [*shorts(MOST * 2), *essays([10])], class_id)
        now = iter(range(10_000))
        told: list[Progress] = []
        job = MarkingJob(store, worker, told=told.append, clock=lambda: float(next(now)))
        job.start()
        assert job.wait(SECONDS)
        known = [one.seconds_left for one in told if one.seconds_left is not None]
        assert known == sorted(known, reverse=True)
        assert known[0] > 0
