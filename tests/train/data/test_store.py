"""What is kept comes back, with the same bytes every time, and nothing is overwritten by chance."""

import errno
import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import datasets
import pytest

from runtime.errors import BadInputError
from runtime.marking.item import Task
from tests.train.data.makers import HALF, class_set, example
from train.data import columns, store
from train.data.digest import data_hash
from train.data.manifest import Manifest
from train.data.schema import Example
from train.data.store import is_saved, load_saved, save, zip_of
from train.recipe import Source

MANIFEST = Manifest(
    command="kindmark data make work.jsonl -o DIR",
    seed=3,
    sources=(Source(kind="file", name="work.jsonl", licence="CC BY 4.0, A. Teacher"),),
    notes=("Left out 2 examples: duplicates.",),
)
FULL = example(
    "full",
    task=Task.MATH,
    answer="",
    steps=("1 + 1", "= 3"),
    options=("2", "3"),
    reference="A",
    rubric="Adds.\n\u2028Well.",
    source="A text.",
    sources=("one", "two"),
    language="it",
    verdict=HALF,
    score=1.5,
    scale=(0.0, 5.0),
    feedback="Almost.",
    first_wrong_step=-1,
    rule="slip",
)
PARTS = {"train": [FULL, *class_set()], "held_out": [example("last", group="other")]}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    save(PARTS, tmp_path / "kept", MANIFEST)
    return tmp_path / "kept"


def bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.parametrize("place", [lambda kept: kept, zip_of])
def test_what_was_saved_comes_back(kept: Path, place: Callable[[Path], Path]) -> None:
    found = load_saved(place(kept))
    assert {name: list(part) for name, part in found.parts.items()} == PARTS
    assert found.manifest.sources == MANIFEST.sources
    assert found.manifest.parts["train"].examples == 31


def test_two_runs_give_the_same_bytes(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 2e9)
    umask = os.umask(0o077)
    try:
        save(PARTS, tmp_path / "again/kept", MANIFEST)
    finally:
        os.umask(umask)
    assert bytes_of(tmp_path / "again/kept") == bytes_of(kept)
    assert (tmp_path / "again/kept.zip").read_bytes() == zip_of(kept).read_bytes()
    assert {"README.md", "manifest.json", "dataset_dict.json"} < bytes_of(kept).keys()


def test_datasets_reads_it_and_every_field_is_a_column(kept: Path) -> None:
    found = datasets.load_from_disk(str(kept))
    assert found["train"].column_names == list(Example.__struct_fields__)
    assert found["train"][0]["scale"] == [0.0, 5.0]
    assert next(columns.from_dataset(found["train"])) == FULL


def test_the_zip_is_readable_by_hand(kept: Path) -> None:
    with zipfile.ZipFile(zip_of(kept)) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        last = archive.read("held_out.jsonl")
    assert last == (
        b'{"id":"last","set":"ours","group":"other","task":"short_answer",'
        b'"question":"What of other?","answer":"answer last","verdict":"correct"}\n'
    )


def test_the_hash_depends_on_every_field_and_on_order() -> None:
    hashes = {data_hash(rows) for rows in ([FULL], [], PARTS["train"], PARTS["train"][::-1])}
    assert len(hashes) == 4
    assert data_hash([example(scale=(0.0, 1.0))]) == data_hash([example()])


@pytest.fixture
def bars_on() -> Iterator[None]:
    """Bars as datasets draws them by itself, whatever was imported before."""
    was = datasets.utils.is_progress_bar_enabled()
    datasets.enable_progress_bars()
    yield
    if not was:
        datasets.disable_progress_bars()


@pytest.mark.usefixtures("bars_on")
def test_no_bar_is_drawn(kept: Path, capfd: pytest.CaptureFixture[str]) -> None:
    save(PARTS, kept, MANIFEST, force=True)
    assert capfd.readouterr().err == ""
    assert datasets.utils.is_progress_bar_enabled()


def test_a_data_set_is_overwritten_only_if_asked(kept: Path) -> None:
    with pytest.raises(BadInputError, match="kept is there already"):
        save({"train": [FULL]}, kept, MANIFEST)
    save({"train": [FULL]}, kept, MANIFEST, force=True)
    assert load_saved(kept).parts == load_saved(zip_of(kept)).parts == {"train": (FULL,)}
    assert [path.name for path in kept.parent.iterdir() if path.name.startswith(".")] == []


def test_a_zip_alone_is_not_overwritten_either(tmp_path: Path) -> None:
    zip_of(tmp_path / "kept").write_text("mine")
    with pytest.raises(BadInputError, match=r"kept\.zip is there already"):
        save(PARTS, tmp_path / "kept", MANIFEST)


def test_a_folder_that_is_no_data_set_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").write_text("dear")
    with pytest.raises(BadInputError, match="no data set of Kindmark"):
        save(PARTS, tmp_path / "home", MANIFEST, force=True)
    assert (tmp_path / "home/letter.txt").exists()


@pytest.mark.parametrize(
    ("fault", "message"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "cannot be written: Permission denied")],
)
def test_a_full_disk_leaves_what_was_there(
    kept: Path, monkeypatch: pytest.MonkeyPatch, fault: int, message: str
) -> None:
    def write_archive(*_: object) -> None:
        raise OSError(fault, "")

    before = bytes_of(kept.parent)
    monkeypatch.setattr(store, "write_archive", write_archive)
    with pytest.raises(BadInputError, match=message):
        save({"train": [FULL]}, kept, MANIFEST, force=True)
    assert bytes_of(kept.parent) == before


def test_a_changed_data_set_is_refused(kept: Path) -> None:
    text = (kept / "manifest.json").read_text()
    digest = load_saved(kept).manifest.sha256
    (kept / "manifest.json").write_text(text.replace(digest, "0" * 64))
    with pytest.raises(BadInputError, match="was changed after it was saved"):
        load_saved(kept)


@pytest.mark.parametrize("damage", ["zip", "manifest.json", "train/data-00000-of-00001.arrow"])
def test_a_damaged_data_set_says_so(kept: Path, damage: str) -> None:
    place = zip_of(kept) if damage == "zip" else kept
    (place if damage == "zip" else kept / damage).write_bytes(b"{")
    with pytest.raises(BadInputError, match="damaged"):
        load_saved(place)


def test_other_folders_and_files_are_no_data_sets(kept: Path) -> None:
    assert is_saved(kept)
    assert is_saved(zip_of(kept))
    assert not is_saved(kept.parent)
    assert not is_saved(kept / "none.zip")
    with pytest.raises(BadInputError, match="is no data set"):
        load_saved(kept.parent)


def test_the_card_says_what_whose_and_how(kept: Path) -> None:
    card = (kept / "README.md").read_text()
    assert "\n    kindmark data make work.jsonl -o DIR\n" in card
    assert "| work.jsonl | file | all | CC BY 4.0, A. Teacher |" in card
    assert "| held_out | 1 | 1 | correct 1 |" in card
    assert "- Left out 2 examples: duplicates." in card
    assert load_saved(kept).manifest.sha256 in card
    assert "Labels of files and hub datasets" in card
    assert "simulator makes" not in card
