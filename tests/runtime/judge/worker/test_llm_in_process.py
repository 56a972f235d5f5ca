"""A language model inside the marking process: opened, stopped, replaced, damaged, gone."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge.worker.client import MarkingWorker, StoppedMarkingError
from runtime.marking.events import Event
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict
from tests.runtime.judge.llm.chat_files import write_chat
from tests.runtime.judge.worker.test_process import PATIENCE, sentence, sum_of

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/maps").exists(), reason="needs /proc to look into a process"
)

MANY = 320
"""So many long questions take the tiny model a minute or more: nobody waits for their end."""
PROMPTLY = 3.0
"""Seconds of the process's own time after a stop: a slice of essays takes several times that."""


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return write_chat(tmp_path, "qwen")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return write_chat(tmp_path, "gemma", seed=2)


@pytest.fixture
def opened(worker: MarkingWorker, chat: Path) -> MarkingWorker:
    worker.open(str(chat), cascade=False).result(PATIENCE)
    return worker


def long_read(number: int) -> Item:
    """An answer to a question of its own, which the model has to read for long."""
    words = " ".join(f"town{number} and street{at}" for at in range(60))
    return Item(
        id=f"l{number}",
        task=Task.SHORT_ANSWER,
        question=f"Why is {words} so far away?",
        reference="It is on the other shore.",
        answer="It is far.",
    )


def essay(number: int) -> Item:
    """An essay in whose grammar code finds so much that it takes its time."""
    text = " ".join(f"town{number} and street{at}" for at in range(400))
    return Item(id=f"e{number}", task=Task.ESSAY, question="Tell us.", answer=text, scale=(0, 5))


def spent(worker: MarkingWorker) -> float:
    """Return the processor time of the process, in seconds."""
    after_name = Path(f"/proc/{worker.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


def files_of(worker: MarkingWorker) -> set[str]:
    """Return the models that the process holds in memory."""
    assert worker.pid
    lines = Path(f"/proc/{worker.pid}/maps").read_text("utf-8").splitlines()
    return {line.split()[-1] for line in lines if line.endswith(".gguf")}


def resident(worker: MarkingWorker) -> int:
    """Return the memory of the process, in kB."""
    lines = Path(f"/proc/{worker.pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def still_marks(worker: MarkingWorker) -> Mark:
    [mark] = worker.mark([sentence()]).result(PATIENCE)
    assert set(mark.distribution) == {"incorrect", "partial", "correct"}
    return mark


class TestMarking:
    def test_a_model_is_opened_by_its_file_and_marks(
        self, worker: MarkingWorker, chat: Path
    ) -> None:
        assert worker.open(str(chat), cascade=False).result(PATIENCE) == "qwen"
        heard: list[Event] = []
        items = [sentence(1), sum_of(1), sentence(2)]
        marks = worker.mark(items, told=heard.append).result(PATIENCE)
        assert [mark.id for mark in marks] == ["s1", "m1", "s2"]
        assert marks[0].provenance["model"] == marks[2].provenance["model"]
        assert sum(marks[0].distribution.values()) == pytest.approx(1, abs=1e-3)
        assert marks[1].verdict is Verdict.CORRECT
        assert {event.place for event in heard if event.kind == "verdict"} == {0, 1, 2}

    def test_feedback_is_written_beside_the_marks(self, opened: MarkingWorker) -> None:
        heard: list[Event] = []
        items = [sentence(number) for number in range(3)]
        marks = opened.mark(items, feedback=True, told=heard.append).result(PATIENCE)
        # What random weights write is withdrawn: Kindmark's own words stand, and that is said.
        assert {event.kind for event in heard} >= {"verdict", "feedback", "done"}
        assert all(mark.feedback for mark in marks)
        assert all("withdrawn" not in mark.feedback for mark in marks)

    def test_behind_a_cascade_the_embedded_default_is_asked_first(
        self, worker: MarkingWorker, chat: Path
    ) -> None:
        worker.open(str(chat), cascade=True).result(PATIENCE)
        [first, again] = worker.mark([sentence(), sentence()]).result(PATIENCE)
        assert first.provenance["stage"] in {"encoder", "model"}
        assert again.verdict is first.verdict


@needs_proc
class TestStopping:
    def stopped(self, worker: MarkingWorker, items: list[Item], kind: str) -> list[Event]:
        """Stop as soon as an event of a kind is heard; return what was heard in all."""
        begun, heard = threading.Event(), list[Event]()

        def told(event: Event) -> None:
            heard.append(event)
            if event.kind == kind:
                begun.set()

        waiting = worker.mark(items, feedback=kind == "reason", told=told)
        assert begun.wait(PATIENCE)
        before = spent(worker)
        worker.stop(waiting)
        with pytest.raises(StoppedMarkingError):
            waiting.result(PATIENCE)
        assert spent(worker) - before < PROMPTLY
        return heard

    def test_within_a_step_of_a_class(self, opened: MarkingWorker) -> None:
        heard = self.stopped(opened, [long_read(number) for number in range(MANY)], "verdict")
        assert sum(event.kind == "verdict" for event in heard) < MANY / 2
        still_marks(opened)

    def test_within_a_step_of_writing(self, opened: MarkingWorker) -> None:
        heard = self.stopped(opened, [sentence(number) for number in range(MANY)], "reason")
        assert sum(event.kind == "verdict" for event in heard) < MANY
        still_marks(opened)

    def test_while_code_reads_long_essays(self, opened: MarkingWorker) -> None:
        # The verdict of the sum comes before any essay is looked at.
        heard = self.stopped(opened, [sum_of(1), *map(essay, range(MANY))], "verdict")
        assert [event.place for event in heard if event.kind == "verdict"] == [0]
        still_marks(opened)

    def test_a_stopped_class_changes_no_later_mark(self, opened: MarkingWorker) -> None:
        before = still_marks(opened)
        self.stopped(opened, [long_read(number) for number in range(MANY)], "verdict")
        assert still_marks(opened).distribution == pytest.approx(before.distribution, abs=1e-3)

    def test_what_waits_behind_it_goes_on(self, opened: MarkingWorker) -> None:
        many = opened.mark([long_read(number) for number in range(MANY)])
        one = opened.mark([sentence()])
        opened.stop(many)
        assert one.result(PATIENCE)[0].id == "s0"


class TestAnotherModel:
    @needs_proc
    def test_the_first_is_closed(self, opened: MarkingWorker, chat: Path, other: Path) -> None:
        still_marks(opened)
        assert str(chat) in files_of(opened)
        assert opened.open(str(other), cascade=False).result(PATIENCE) == "gemma"
        still_marks(opened)
        assert str(other) in files_of(opened)
        assert str(chat) not in files_of(opened)

    @needs_proc
    def test_memory_does_not_pile_up(self, opened: MarkingWorker, chat: Path, other: Path) -> None:
        def change(times: int) -> int:
            for _ in range(times):
                for path in (other, chat):
                    opened.open(str(path), cascade=False).result(PATIENCE)
                    still_marks(opened)
            return resident(opened)

        change(3)  # allocators and caches fill up at first
        before = change(1)
        # A model with its context takes more than 2 MB: eight that stayed would show.
        assert change(4) - before < 8_000

    def test_a_class_that_is_marked_ends_with_one_model_or_in_words(
        self, opened: MarkingWorker, other: Path
    ) -> None:
        waiting = opened.mark([sentence(number) for number in range(100)])
        opening = opened.open(str(other), cascade=False)
        marks = waiting.result(PATIENCE)
        assert opening.result(PATIENCE) == "gemma"
        assert [mark.id for mark in marks] == [f"s{number}" for number in range(100)]


class TestBadFiles:
    @pytest.fixture(params=["cut short", "no model", "empty", "tensors damaged"])
    def damaged(self, request: pytest.FixtureRequest, chat: Path, tmp_path: Path) -> Path:
        path, whole = tmp_path / "damaged.gguf", chat.read_bytes()
        texts = {
            "cut short": whole[: len(whole) // 2],
            "no model": b"This is no model." * 100,
            "empty": b"",
            # The names of the tensors are the last names in the file.
            "tensors damaged": whole.replace(b"blk.1.attn_q", b"blk.7.attn_q"),
        }
        path.write_bytes(texts[request.param])
        return path

    def test_a_damaged_file_is_refused_and_the_process_stays(
        self, opened: MarkingWorker, damaged: Path, chat: Path
    ) -> None:
        pid = opened.pid
        with pytest.raises((ModelError, BadInputError)) as caught:
            opened.open(str(damaged), cascade=False).result(PATIENCE)
        assert "damaged.gguf" in caught.value.message
        assert opened.mark([sum_of(1)]).result(PATIENCE)[0].verdict is Verdict.CORRECT
        with pytest.raises(ModelError):
            opened.mark([sentence()]).result(PATIENCE)
        opened.open(str(chat), cascade=False).result(PATIENCE)
        still_marks(opened)
        assert opened.pid == pid

    def test_a_file_that_was_removed_is_missed_when_it_is_opened_again(
        self, opened: MarkingWorker, chat: Path, tmp_path: Path
    ) -> None:
        before = still_marks(opened)
        kept = tmp_path / "kept.gguf"
        shutil.move(chat, kept)
        # What is open stays open: the file's bytes are still there.
        assert still_marks(opened).verdict is before.verdict
        with pytest.raises((ModelError, BadInputError), match=r"qwen\.gguf"):
            opened.open(str(chat), cascade=False).result(PATIENCE)
        assert opened.mark([sum_of(1)]).result(PATIENCE)[0].verdict is Verdict.CORRECT
        shutil.move(kept, chat)
        opened.open(str(chat), cascade=False).result(PATIENCE)
        assert still_marks(opened).verdict is before.verdict


@pytest.fixture
def started(worker: MarkingWorker) -> Iterator[MarkingWorker]:
    worker.mark([sum_of(1)]).result(PATIENCE)
    yield worker


def test_the_last_of_many_openings_counts(started: MarkingWorker, chat: Path, other: Path) -> None:
    openings = [started.open(str(path), cascade=False) for path in (chat, other, chat, other)]
    assert openings[-1].result(PATIENCE) == "gemma"
    for earlier in openings[:-1]:
        error = earlier.exception(PATIENCE)
        assert error is None or isinstance(error, StoppedMarkingError)
    still_marks(started)
