"""The marking process: a real one, with a tiny model, killed and left alone."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge.worker.client import MarkingWorker, StoppedMarkingError, WorkerError
from runtime.marking.events import Event
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict

PATIENCE = 60.0


def sum_of(number: int, answer: str = "") -> Item:
    return Item(
        id=f"m{number}",
        task=Task.MATH,
        question=f"Work out {number} + 1.",
        reference=str(number + 1),
        answer=answer or f"{number + 1}",
    )


def sentence(number: int = 0) -> Item:
    return Item(
        id=f"s{number}",
        task=Task.SHORT_ANSWER,
        question="Why do plants need light?",
        reference="They make food from light.",
        answer=f"To make food {number}.",
    )


def test_marks_come_in_order_after_their_verdicts(worker: MarkingWorker) -> None:
    heard: list[Event] = []
    items = [sum_of(1), sentence(), sum_of(2, "17")]
    marks = worker.mark(items, told=heard.append).result(PATIENCE)
    assert [mark.id for mark in marks] == ["m1", "s0", "m2"]
    assert [marks[0].verdict, marks[2].verdict] == [Verdict.CORRECT, Verdict.INCORRECT]
    assert [event.place for event in heard if event.kind == "done"] == [0, 1, 2]
    assert {event.place for event in heard if event.kind == "verdict"} == {0, 1, 2}
    assert set(marks[1].provenance) >= {"kindmark", "calibration", "model", "head"}


def test_more_answers_than_a_slice_keep_their_places(worker: MarkingWorker) -> None:
    items = [sum_of(number) for number in range(70)]
    marks = worker.mark(items).result(PATIENCE)
    assert [mark.id for mark in marks] == [item.id for item in items]


def test_maths_is_marked_though_the_model_is_missing(
    worker: MarkingWorker, model_folder: Path
) -> None:
    for file in model_folder.iterdir():
        file.unlink()
    with pytest.raises(ModelError):
        worker.open().result(PATIENCE)
    assert worker.mark([sum_of(1)]).result(PATIENCE)[0].verdict is Verdict.CORRECT
    with pytest.raises(ModelError):
        worker.mark([sentence()]).result(PATIENCE)


def test_a_model_nobody_knows_is_refused_by_name(worker: MarkingWorker) -> None:
    with pytest.raises((BadInputError, ModelError), match="no-such-model"):
        worker.open("no-such-model").result(PATIENCE)


def test_opening_says_what_the_model_is_called(worker: MarkingWorker) -> None:
    assert "MiniLM" in worker.open().result(PATIENCE)


@pytest.mark.parametrize(
    ("answer", "reading"),
    [
        ("I think it is 3 1/2 cm", "3 1/2 cm"),
        ("3,5 cm", "3.5 cm"),
        ("three and a half", "3 1/2"),
        ("no idea", ""),
        ("", ""),
    ],
)
def test_an_answer_is_looked_at_before_it_counts(
    worker: MarkingWorker, answer: str, reading: str
) -> None:
    item = Item(id="a", task=Task.MATH, question="How long?", reference="3.5 cm", answer=answer)
    assert worker.look(item).result(PATIENCE) == reading


@pytest.mark.parametrize("answer", ["2 + 3", "6/8", "1 2/4 m"])
def test_looking_at_an_answer_works_nothing_out(worker: MarkingWorker, answer: str) -> None:
    item = Item(id="a", task=Task.MATH, question="How much?", reference="5", answer=answer)
    assert worker.look(item).result(PATIENCE) == answer


def test_texts_are_compared_in_meaning(worker: MarkingWorker) -> None:
    cosines = worker.compare(["a dog", "a dog", "seven"]).result(PATIENCE)
    assert cosines.shape == (3, 3)
    assert cosines[0, 1] == pytest.approx(1, abs=1e-5)
    assert cosines[0, 2] < cosines[0, 1]


def test_what_is_stopped_fails_and_the_next_goes_on(worker: MarkingWorker) -> None:
    waiting = worker.mark([sentence(number) for number in range(2000)])
    worker.stop(waiting)
    with pytest.raises(StoppedMarkingError):
        waiting.result(PATIENCE)
    assert worker.mark([sum_of(1)]).result(PATIENCE)[0].verdict is Verdict.CORRECT


def test_one_answer_does_not_wait_behind_a_class(worker: MarkingWorker) -> None:
    worker.open().result(PATIENCE)
    many = worker.mark([sentence(number) for number in range(2000)])
    assert worker.mark([sum_of(1)]).result(PATIENCE)
    assert not many.done()
    worker.stop(many)


def test_a_killed_process_fails_in_words_and_starts_anew(worker: MarkingWorker) -> None:
    worker.open().result(PATIENCE)
    waiting = worker.mark([sentence(number) for number in range(2000)])
    pid = worker.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerError, match="has ended"):
        waiting.result(PATIENCE)
    # The model is loaded again without being asked for.
    assert worker.mark([sentence()]).result(PATIENCE)[0].id == "s0"
    assert worker.pid != pid


def test_what_waits_when_it_is_closed_fails_in_words(worker: MarkingWorker) -> None:
    waiting = worker.mark([sentence(number) for number in range(2000)])
    worker.close()
    with pytest.raises(WorkerError):
        waiting.result(PATIENCE)
    assert worker.pid is None


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    missing = [str(tmp_path / "missing")]
    with MarkingWorker(missing) as worker, pytest.raises(WorkerError, match="cannot be started"):
        worker.open().result(PATIENCE)


@pytest.mark.parametrize("said", ["'nonsense'", "'\\x00\\x00\\x00\\x02\\xc1\\xc1'", "''"])
def test_a_program_that_talks_nonsense_or_ends(said: str) -> None:
    program = f"import sys; sys.stdin.buffer.read(1); sys.stdout.write({said})"
    with MarkingWorker([sys.executable, "-c", program]) as worker, pytest.raises(WorkerError):
        worker.open().result(PATIENCE)


_PARENT = """
import sys, time
from runtime.judge.worker.client import MarkingWorker
worker = MarkingWorker()
worker.open().result()
print(worker.pid, flush=True)
time.sleep(600)
"""


def test_it_ends_when_the_app_is_killed(model_folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        pid = int(parent.stdout.readline())
        watched = os.pidfd_open(pid)
        parent.kill()
        parent.wait()
        ended, _, _ = select.select([watched], [], [], PATIENCE)
        os.close(watched)
    assert ended
