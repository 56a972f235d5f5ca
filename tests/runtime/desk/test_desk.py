import subprocess
import sys
from pathlib import Path

import pytest

from runtime.desk import Desk
from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.records.store.errors import ReadOnlyStoreError
from tests.runtime.desk.fakes import CALIBRATION, FakeWorker
from tests.runtime.desk.making import line, lines, marked, short, sums, written

_SECONDS = 30
_HEAVY = ("textual", "llama_cpp", "numpy", "sympy", "jinja2")


def test_from_a_file_to_a_report_and_back(store: Store, desk: Desk, tmp_path: Path) -> None:
    texts = ["55 dense less ice", "56 dense less water", "60 cold ice", "58 cold water"]
    rows = [*(short(text, n + 10) for n, text in enumerate(texts)), *sums(["2/7", "2 / 7"])]
    scope = marked(desk, tmp_path, rows, store.classes.add("4b").id)
    as_marked = lines(desk, scope)
    for text, verdict in (("60 cold ice", Verdict.INCORRECT), ("2/7", Verdict.PARTIAL)):
        answer_id = line(desk, scope, text).answer_id
        desk.change(answer_id, verdict=verdict)
        assert desk.apply(desk.foresee(answer_id).result(_SECONDS))
    assert line(desk, scope, "58 cold water").verdict is Verdict.INCORRECT
    assert line(desk, scope, "2 / 7").score == 0.5
    desk.write_report(desk.analyse(scope).result(_SECONDS), tmp_path / "class.html")
    assert "2/7" in (tmp_path / "class.html").read_text("utf-8")
    said = [desk.undo() for _ in range(4)]
    assert all(said)
    assert lines(desk, scope) == as_marked
    assert desk.undo()
    assert store.learners.all() == []


def test_a_step_that_cannot_be_taken_back_stays_the_last_one(
    store: Store, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = marked(desk, tmp_path, [short("55 ice", 1)], store.classes.add("4b").id)
    desk.accept(lines(desk, scope)[0].answer_id)
    undoable = desk.undoable

    def full(*_anything: object) -> None:
        raise BadInputError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(type(store.overrides), "undo", full)
        with pytest.raises(BadInputError):
            desk.undo()
    assert desk.undoable == undoable
    assert desk.undo() == undoable


def test_a_second_desk_looks_and_changes_nothing(store: Store, desk: Desk, tmp_path: Path) -> None:
    scope = marked(desk, tmp_path, [short("55 ice", 1)], store.classes.add("4b").id)
    answer_id = lines(desk, scope)[0].answer_id
    with (
        Store.open(store.places.folder) as second,
        Desk(second, FakeWorker(), CALIBRATION) as other,
    ):
        assert lines(other, scope) == lines(desk, scope)
        with pytest.raises(ReadOnlyStoreError):
            other.accept(answer_id)
        preview = other.look_at(written(tmp_path, [short("1 new", 2)]))
        with pytest.raises(ReadOnlyStoreError):
            other.take(preview, "Set")
        assert other.undoable is None
        job = other.mark()
        assert job.wait(_SECONDS)
        assert isinstance(job.progress.error, ReadOnlyStoreError)


def test_it_needs_no_screen_and_no_model_to_be_imported() -> None:
    code = f"import sys, runtime.desk; print([m for m in {_HEAVY} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
