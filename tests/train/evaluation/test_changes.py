"""Before and after: paired by row, refused where the rows differ, the same after a file."""

from pathlib import Path

import numpy as np
import pytest

from runtime.errors import BadInputError
from train.evaluation import (
    Evaluation,
    change,
    changes,
    evaluate_classification,
    evaluate_preferences,
    load,
    save,
)

LABELS = [row % 2 for row in range(40)]
GROUPS = [f"q{row // 4}" for row in range(40)]


def classified(wrong: int, labels: list[int] = LABELS) -> Evaluation:
    """All rows right and 80 % sure but the first ``wrong``."""
    given = [1 - label if row < wrong else label for row, label in enumerate(labels)]
    chances = [[0.2, 0.8] if code else [0.8, 0.2] for code in given]
    return evaluate_classification(labels, chances, ("no", "yes"), GROUPS)


class TestChange:
    def test_the_difference_is_after_minus_before(self) -> None:
        moved = change(classified(20), classified(4))["accuracy"]
        assert (moved.before.value, moved.after.value) == (0.5, 0.9)
        assert moved.difference.value == pytest.approx(0.4)
        assert moved.difference.low <= 0.4 <= moved.difference.high
        assert moved.sure()

    def test_nothing_changed_is_nothing(self) -> None:
        moved = change(classified(4), classified(4))["kappa"]
        assert moved.difference.value == moved.difference.low == moved.difference.high == 0.0
        assert not moved.sure()

    def test_few_questions_make_nothing_sure(self) -> None:
        groups = ["a", "b"] * 20
        before, after = (evaluate_preferences(np.full(40, ahead), groups) for ahead in (-1.0, 1.0))
        moved = change(before, after)["pairwise accuracy"]
        assert moved.difference.low == 1.0
        assert (moved.drawn, moved.sure()) == (2, False)

    def test_rows_are_paired(self) -> None:
        """Both resamples hold the same questions: what they share cancels out."""
        shared = np.linspace(-5, 5, 40)
        before = evaluate_preferences(shared, GROUPS)
        after = evaluate_preferences(shared + 1, GROUPS)
        moved = change(before, after)["mean margin"].difference
        assert (moved.low, moved.high) == pytest.approx((1, 1))

    @pytest.mark.parametrize(
        "other",
        [
            classified(4, LABELS[::-1]),
            evaluate_preferences(np.ones(40), GROUPS),
            evaluate_classification(LABELS, np.eye(2)[LABELS], ("yes", "no"), GROUPS),
            evaluate_classification(LABELS, np.eye(2)[LABELS], ("no", "yes"), ["q"] * 40),
        ],
    )
    def test_other_rows_are_refused(self, other: Evaluation) -> None:
        with pytest.raises(BadInputError, match="not measured on the same rows"):
            changes({"labels": classified(4)}, {"labels": other})

    def test_what_only_one_has_is_left_out(self) -> None:
        assert changes({}, {"labels": classified(4)}) == {}


class TestFiles:
    def test_there_and_back(self, tmp_path: Path) -> None:
        path = tmp_path / "before.json"
        save({"labels": classified(4)}, path)
        assert load(path) == {"labels": classified(4)}
        assert list(tmp_path.iterdir()) == [path]

    def test_the_same_figures_give_the_same_bytes(self, tmp_path: Path) -> None:
        one, other = tmp_path / "one.json", tmp_path / "other.json"
        save({"labels": classified(4)}, one)
        save({"labels": classified(4)}, other)
        assert one.read_bytes() == other.read_bytes()

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "before.json"
        path.write_bytes(b'{"labels": {"compar')
        with pytest.raises(BadInputError, match=r"before\.json cannot be read"):
            load(path)
        with pytest.raises(BadInputError, match="No such file"):
            load(tmp_path / "none.json")
