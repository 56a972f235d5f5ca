"""Files, saved sets, simulators and hub datasets all become examples of one schema."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from runtime.errors import BadInputError
from runtime.marking.item import Task
from tests.train.data.makers import class_set, simulate_sums, write_rows
from train.data.load import load
from train.data.manifest import Manifest
from train.data.store import save
from train.recipe import Source

ROW = {"question": "Why?", "answer": "so", "task": "short_answer", "label": "correct"}


def test_a_file_lies_below_the_data_folder_and_its_folder_names_the_set(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    write_rows(tmp_path / "school/work.jsonl", ROW)
    (found,) = load(Source(kind="file", name="school/work.jsonl"), tmp_path, 0)
    assert (found.set, found.task) == ("school", Task.SHORT_ANSWER)


def test_a_limit_draws_a_sample_with_the_seed(tmp_path: Path) -> None:
    rows = [ROW | {"id": str(number)} for number in range(40)]
    write_rows(tmp_path / "work.jsonl", *rows)
    source = Source(kind="file", name="work.jsonl", count=10)
    first, again, other = (load(source, tmp_path, seed) for seed in (1, 1, 2))
    assert first == again != other
    ids = [int(one.id) for one in first]
    assert len(ids) == 10
    assert ids == sorted(ids)


def test_rows_without_anything_to_learn_are_left_out(tmp_path: Path) -> None:
    write_rows(tmp_path / "work.jsonl", ROW, ROW | {"label": None})
    assert len(load(Source(kind="file", name="work.jsonl"), tmp_path, 0)) == 1


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "work.jsonl", ROW | {"label": None})
    with pytest.raises(BadInputError, match=r"work\.jsonl has no labels"):
        load(Source(kind="file", name="work.jsonl"), tmp_path, 0)


def test_a_feedback_is_enough_to_learn_to_write(tmp_path: Path) -> None:
    write_rows(tmp_path / "work.jsonl", ROW | {"label": None, "feedback": "2 + 2 = 4"})
    assert load(Source(kind="file", name="work.jsonl"), tmp_path, 0)[0].feedback == "2 + 2 = 4"


def test_the_key_to_a_choice_is_enough_too(tmp_path: Path) -> None:
    row = {"question": "Which?", "task": "short_answer", "options": ["a", "b"], "reference": "b"}
    write_rows(tmp_path / "work.jsonl", row, row | {"reference": None})
    (found,) = load(Source(kind="file", name="work.jsonl"), tmp_path, 0)
    assert found.reference == "B"


def test_a_saved_set_is_read_whole_or_by_its_part(tmp_path: Path) -> None:
    examples = class_set()
    parts = {"train": examples[:20], "test": examples[20:]}
    save(parts, tmp_path / "kept", Manifest(command="", seed=0))
    for name in ("kept", "kept.zip"):
        assert load(Source(kind="file", name=name), tmp_path, 0) == examples
        assert load(Source(kind="file", name=name, split="test"), tmp_path, 0) == examples[20:]
    with pytest.raises(BadInputError) as caught:
        load(Source(kind="file", name="kept", split="tests"), tmp_path, 0)
    assert caught.value.remedy == "Is 'test' meant?"


@pytest.mark.usefixtures("sums")
def test_a_simulator_makes_as_many_as_asked() -> None:
    said: list[str] = []
    source = Source(kind="simulator", name="sums", count=10_001)
    assert load(source, Path(), 3, said.append) == list(simulate_sums(10_001, 3))
    assert said == ["  5,000 of 10,001", "  10,000 of 10,001"]


@pytest.mark.usefixtures("sums")
def test_an_unknown_simulator_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInputError, match="no simulator 'sum'") as caught:
        load(Source(kind="simulator", name="sum", count=5), Path(), 3)
    assert caught.value.remedy == "Is 'sums' meant?"


class FakeHub:
    """Stands in for ``datasets``: one dataset whose labels are numbers for names."""

    class ClassLabel:
        names = ("incorrect", "correct")

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str]] = []

    def load_dataset(self, name: str, config: str | None, split: str) -> object:
        self.asked.append((name, config, split))
        rows: list[dict[str, object]] = [
            {"question": "Why?", "answer": str(label), "label": label} for label in (0, 1, -1)
        ]
        features = {"question": "text", "label": self.ClassLabel()}
        return FakeRows(rows, features)


class FakeRows(list[dict[str, object]]):
    """Rows that know the features of their columns."""

    def __init__(self, rows: list[dict[str, object]], features: dict[str, object]) -> None:
        super().__init__(rows)
        self.features = features


def test_class_numbers_of_a_hub_dataset_become_names(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = FakeHub()
    monkeypatch.setitem(sys.modules, "datasets", hub)
    source = Source(kind="hub", name="a/b", config="main", task=Task.SHORT_ANSWER)
    found = load(source, Path(), 0)
    assert [(one.answer, one.verdict, one.set) for one in found] == [
        ("0", "incorrect", "a/b"),
        ("1", "correct", "a/b"),
    ]
    assert hub.asked == [("a/b", "main", "train")]


@pytest.mark.parametrize("fault", [ConnectionError("no route"), ValueError("Unknown split")])
def test_a_hub_dataset_out_of_reach_is_one_sentence(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_dataset(*_: object, **__: object) -> None:
        raise fault

    fake = SimpleNamespace(load_dataset=load_dataset)
    monkeypatch.setitem(sys.modules, "datasets", fake)
    with pytest.raises(BadInputError) as caught:
        load(Source(kind="hub", name="a/b", split="test"), Path(), 0)
    assert caught.value.message.startswith("The split 'test' of the hub dataset a/b cannot be")
    assert "JSONL" in caught.value.remedy
