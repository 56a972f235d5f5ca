"""Heads: what they compute, and files that cannot be heads."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.heads import Head, load_head

HEAD = Head(
    name="test",
    kind="right_wrong",
    base="tiny",
    features=("a", "b"),
    center=(1.0, 2.0),
    spread=(2.0, 4.0),
    weights=(1.0, -1.0),
    bias=0.5,
    slope=2.0,
    offset=-1.0,
    trained_on=("nothing",),
)


def write(path: Path, head: Head) -> Path:
    path.write_bytes(msgspec.json.encode(head))
    return path


def test_logits_are_linear_in_standardized_features() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 2.0], [1.0, 6.0]])
    assert HEAD.logits(rows).tolist() == [0.5, 1.5, -0.5]


def test_probabilities_are_calibrated_logits() -> None:
    rows = np.array([[1.0, 2.0]])
    assert HEAD.probabilities(rows).tolist() == [0.5]


def test_extreme_features_stay_probabilities() -> None:
    assert 0 < HEAD.probabilities(np.array([[1e9, -1e9]]))[0] <= 1


def test_a_head_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "head.json", HEAD)
    assert load_head(path, "right_wrong", ("a", "b")) == HEAD


def test_a_missing_head_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing or unreadable"):
        load_head(tmp_path / "none.json", "right_wrong", ("a", "b"))


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"name": 1}', b"\xff\xfe"])
def test_a_damaged_head_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "head.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is damaged"):
        load_head(path, "right_wrong", ("a", "b"))


def test_a_head_for_other_features_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "head.json", HEAD)
    with pytest.raises(ModelError, match="another version"):
        load_head(path, "right_wrong", ("b", "a"))
    with pytest.raises(ModelError, match="another version"):
        load_head(path, "quality", ("a", "b"))


def test_a_head_that_lacks_numbers_is_refused(tmp_path: Path) -> None:
    short = msgspec.structs.replace(HEAD, weights=(1.0,))
    with pytest.raises(ModelError, match="numbers are missing"):
        load_head(write(tmp_path / "head.json", short), "right_wrong", ("a", "b"))
