"""Comparisons: the right figures under the right names."""

import numpy as np
import pytest

from runtime.marking import agreement
from runtime.report.comparison import (
    MOST_POINTS,
    Sample,
    compare_classes,
    compare_scores,
    percent,
)
from runtime.report.worst import worst


def sample(labels: list[float], given: list[float]) -> Sample:
    return Sample(np.array(labels), np.array(given), [str(row) for row in range(len(labels))])


class TestClasses:
    def test_figures(self) -> None:
        found = compare_classes(
            sample([0, 0, 1, 1], [0, 1, 1, 1]), ("no", "yes"), [0.9, 0.5, 0.8, 0.7]
        )
        assert found.measures["accuracy"].value == 0.75
        assert found.baselines["commonest"]["accuracy"].value == 0.5
        assert found.confusion == [[1, 1], [0, 2]]
        assert found.accuracy_at_coverage["70%"] == 1.0
        assert set(found.measures) == {"accuracy", "kappa", "macro-F1"}

    def test_scores_as_classes_have_distances(self) -> None:
        found = compare_classes(
            sample([0, 1, 2, 2], [0, 2, 2, 0]), ("0", "2.5", "5"), [1.0, 1.0, 1.0, 1.0]
        )
        assert found.measures["MAE"].value == pytest.approx((2.5 + 5) / 4)
        assert "exact" not in found.measures

    def test_a_long_curve_is_thinned_and_ends_at_everything(self) -> None:
        confidence = np.linspace(0.5, 1, 1000)
        rows = sample([0.0] * 1000, [0.0] * 999 + [1.0])
        found = compare_classes(rows, ("no", "yes"), confidence.tolist())
        assert len(found.risk_coverage) <= MOST_POINTS
        assert found.risk_coverage[-1].coverage == 1.0
        assert found.risk_coverage[-1].risk == pytest.approx(0.001)


class TestScores:
    def test_figures(self) -> None:
        found = compare_scores(sample([0, 5, 5], [1, 5, 5]), (0.0, 5.0))
        assert found.measures["exact"].value == pytest.approx(2 / 3)
        assert found.measures["MAE"].value == pytest.approx(1 / 3)
        assert found.scatter == [(0.0, 1.0, 1), (5.0, 5.0, 2)]
        assert found.baselines["commonest"]["MAE"].value == pytest.approx(5 / 3)

    def test_intervals_hold_the_value(self) -> None:
        found = compare_scores(sample([0, 1, 2, 3, 4, 5], [0, 1, 3, 3, 5, 4]), (0.0, 5.0))
        for name in ("QWK", "MAE", "Pearson"):
            measure = found.measures[name]
            assert measure.low <= measure.value <= measure.high


class TestWorst:
    def test_the_furthest_come_first_and_among_them_the_surest(self) -> None:
        assert worst([0, 1, 1, 3], [0.9, 0.6, 0.8, 0.5], range(4)) == [3, 2, 1]

    def test_only_as_many_as_one_reads(self) -> None:
        assert len(worst([1] * 100, [0.5] * 100, range(100))) == 12

    def test_one_question_does_not_fill_the_page(self) -> None:
        questions = ["q", "q", "q", "other"]
        assert worst([1] * 4, [0.9, 0.8, 0.7, 0.6], questions) == [0, 1, 3]


def test_the_sign_of_a_percentage_stays_on_its_line() -> None:
    assert percent(0.1234, 1) == "12.3\u00a0%"


def test_classes_agree_with_the_measures_alone() -> None:
    labels, given = [0, 1, 2, 1, 0, 2], [0, 1, 1, 1, 2, 2]
    found = compare_classes(sample(labels, given), ("0", "1", "2"), [0.5] * 6)  # type: ignore[arg-type]
    assert found.measures["QWK"].value == agreement.quadratic_weighted_kappa(labels, given, 0, 2)
