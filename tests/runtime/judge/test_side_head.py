"""Side heads: what they compute, the bits they keep, and files that cannot be heads."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge.side_head import Pooler, SideHead, load_side_head, numbers, rows, save_side_head

HEAD = SideHead(
    name="test-head",
    base="tiny",
    labels=("incorrect", "partial", "correct"),
    weights=((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
    bias=(0.5, 0.0, -0.5),
)
POOLED = msgspec.structs.replace(
    HEAD, pooling="first", pooler=Pooler(weights=((2.0, 0.0), (0.0, -1.0)), bias=(0.0, 1.0))
)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


class TestComputes:
    def test_logits_of_one_vector_and_of_many(self) -> None:
        assert HEAD.logits([1.0, 2.0]).tolist() == [1.5, 2.0, 2.5]
        assert HEAD.logits([[1.0, 2.0], [0.0, 0.0]]).tolist() == [[1.5, 2.0, 2.5], [0.5, 0.0, -0.5]]

    def test_the_pooler_comes_first(self) -> None:
        pooled = np.tanh([2 * 0.3, 1 - 0.4])
        expected = [pooled[0] + 0.5, pooled[1], pooled[0] + pooled[1] - 0.5]
        np.testing.assert_allclose(POOLED.logits([0.3, 0.4]), expected)

    def test_temperature_flattens_and_keeps_the_verdict(self) -> None:
        logits = HEAD.logits([1.0, 2.0])
        sharp, flat = HEAD.probabilities(logits), _with(temperature=4.0).probabilities(logits)
        np.testing.assert_allclose(flat, np.exp(logits / 4) / np.exp(logits / 4).sum())
        assert flat.max() < sharp.max()
        assert flat.argmax() == sharp.argmax() == HEAD.verdict(logits) == 2

    def test_extreme_logits_stay_probabilities(self) -> None:
        found = HEAD.probabilities(np.array([1e6, -1e6, 0.0]))
        assert found.tolist() == [1.0, 0.0, 0.0]

    def test_the_expected_label_lies_between_them(self) -> None:
        assert HEAD.expected(np.zeros(3)) == pytest.approx(1.0)
        assert HEAD.expected(np.array([-50.0, -50.0, 50.0])) == pytest.approx(2.0)

    @pytest.mark.parametrize(
        ("cuts", "verdict"), [((0.4, 1.6), 1), ((1.0, 1.6), 1), ((1.01, 1.6), 0), ((0.2, 1.0), 2)]
    )
    def test_cuts_part_the_expected_label(self, cuts: tuple[float, ...], verdict: int) -> None:
        # All labels equally likely: the expected one is 1; on a cut the upper label counts.
        assert _with(cuts=cuts).verdict(np.zeros(3)) == verdict

    def test_one_label_only_compares(self) -> None:
        reward = _with(labels=("reward",), weights=((1.0, 2.0),), bias=(0.0,))
        assert reward.logits([1.0, 1.0]).tolist() == [3.0]
        with pytest.raises(ValueError, match="one label"):
            reward.probabilities(reward.logits([1.0, 1.0]))


class TestKeeps:
    @given(st.lists(FLOATS, min_size=1, max_size=20))
    def test_every_float32_to_the_bit(self, values: list[float]) -> None:
        before = np.array(values, np.float32)
        text = msgspec.json.encode(numbers(before))
        after = np.array(msgspec.json.decode(text), np.float64).astype(np.float32)
        assert after.tobytes() == before.tobytes()

    def test_numbers_are_short(self) -> None:
        assert msgspec.json.encode(numbers([0.1, 1 / 3])) == b"[0.1,0.33333334]"

    def test_a_head_as_it_was_written(self, tmp_path: Path) -> None:
        weights = np.random.default_rng(0).normal(size=(3, 40)).astype(np.float32)
        head = _with(weights=rows(weights), temperature=1.7, cuts=(0.5, 1.5))
        save_side_head(head, tmp_path / "a.head.json")
        found = load_side_head(tmp_path / "a.head.json", width=40)
        assert found == head
        assert np.array(found.weights, np.float32).tobytes() == weights.tobytes()
        assert [path.name for path in tmp_path.iterdir()] == ["a.head.json"]

    def test_a_pooler_too(self, tmp_path: Path) -> None:
        save_side_head(POOLED, tmp_path / "head.json")
        assert load_side_head(tmp_path / "head.json", 2) == POOLED


class TestRefused:
    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="missing or unreadable"):
            load_side_head(tmp_path / "none.json")

    @pytest.mark.parametrize(
        "content", [b"", b"{}", b"not json", b"\xff\xfe", b'{"name": 1}', b"[" * 100_000]
    )
    def test_what_is_no_head(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "head.json").write_bytes(content)
        with pytest.raises(ModelError, match="is damaged"):
            load_side_head(tmp_path / "head.json")

    @pytest.mark.parametrize(
        ("changes", "because"),
        [
            ({"labels": ()}, "no labels"),
            ({"labels": ("a", "a", "b")}, "there twice"),
            ({"labels": ("a", "", "b")}, "empty"),
            ({"labels": ("a", "b")}, "not a row a label"),
            ({"weights": ((1.0, 0.0), (0.0,), (1.0, 1.0))}, "differ in length"),
            ({"weights": ((), (), ())}, "differ in length"),
            ({"bias": (0.5, 0.0)}, "bias"),
            ({"temperature": 0.0}, "temperature"),
            ({"temperature": -1.0}, "temperature"),
            ({"cuts": (0.5,)}, "one fewer"),
            ({"cuts": (1.5, 0.5)}, "do not rise"),
            ({"cuts": (1.0, 1.0)}, "do not rise"),
            ({"pooling": "mean"}, "Invalid enum value"),
            ({"pooler": {"weights": ((1.0, 0.0),), "bias": (0.0, 0.0)}}, "pooler does not fit"),
            ({"surprise": 1}, "unknown field"),
        ],
    )
    def test_a_head_that_contradicts_itself(
        self, tmp_path: Path, changes: dict[str, object], because: str
    ) -> None:
        path = tmp_path / "head.json"
        path.write_bytes(msgspec.json.encode({**msgspec.to_builtins(HEAD), **changes}))
        with pytest.raises(ModelError, match=because):
            load_side_head(path)

    @pytest.mark.parametrize("number", [b"1e999", b"null", b"NaN", b'"0.5"'])
    def test_what_is_no_number(self, tmp_path: Path, number: bytes) -> None:
        text = msgspec.json.encode(_with(temperature=3.25))
        (tmp_path / "head.json").write_bytes(text.replace(b"3.25", number))
        with pytest.raises(ModelError, match="is damaged"):
            load_side_head(tmp_path / "head.json")

    def test_a_head_for_other_vectors(self, tmp_path: Path) -> None:
        save_side_head(HEAD, tmp_path / "head.json")
        with pytest.raises(ModelError, match="vectors of 2 numbers, and the model's have 64"):
            load_side_head(tmp_path / "head.json", width=64)

    def test_a_wrong_head_is_not_written(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="not finite"):
            save_side_head(_with(bias=(float("nan"), 0.0, 0.0)), tmp_path / "head.json")
        assert not list(tmp_path.iterdir())


def _with(**changes: object) -> SideHead:
    return msgspec.structs.replace(HEAD, **changes)
