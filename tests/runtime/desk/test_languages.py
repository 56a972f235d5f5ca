"""A class set that names no language is in that of the teacher who takes it in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime import words
from runtime.desk import Desk
from runtime.records.store import Store
from tests.runtime.desk.making import short, taken


@pytest.fixture(autouse=True)
def in_italian() -> Iterator[None]:
    words.use("it")
    yield
    words.use("en")


def test_a_row_without_a_language_is_in_the_one_in_use(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    rows = [short("50 ghiaccio", 1), short("60 ice", 2, language="en")]
    taken(desk, tmp_path, rows, store.classes.add("4b").id)
    spoken = {one.nickname: one.language for one in store.learners.all()}
    assert spoken == {"Learner 1": "it", "Learner 2": "en"}


def test_what_is_here_already_is_known_again(store: Store, desk: Desk, tmp_path: Path) -> None:
    class_id = store.classes.add("4b").id
    path = tmp_path / "set.csv"
    path.write_text('id,task,question,reference,answer\n1,math,7 : 2,"3,5","3,5"\n', "utf-8")
    desk.take(desk.look_at(str(path), class_id), "Set")
    assert desk.look_at(str(path), class_id).new == 0
