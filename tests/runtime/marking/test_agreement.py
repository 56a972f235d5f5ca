"""Agreement measures: against scikit-learn and SciPy, by properties, and on degenerate input."""

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from runtime.marking import agreement

Pairs = list[tuple[int, int]]

pairs_of_scores = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=60)


def columns(pairs: Pairs) -> tuple[list[int], list[int]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


class TestAgainstOtherImplementations:
    @given(pairs_of_scores)
    def test_confusion_accuracy_and_f1(self, pairs: Pairs) -> None:
        labels, given_ = columns(pairs)
        expected = metrics.confusion_matrix(labels, given_, labels=list(range(6)))
        assert (agreement.confusion_matrix(labels, given_, range(6)) == expected).all()
        assert agreement.accuracy(labels, given_) == pytest.approx(
            metrics.accuracy_score(labels, given_)
        )
        assert agreement.macro_f1(labels, given_) == pytest.approx(
            metrics.f1_score(labels, given_, average="macro", zero_division=0)
        )

    @given(pairs_of_scores)
    def test_kappas(self, pairs: Pairs) -> None:
        labels, given_ = columns(pairs)
        if len({*labels, *given_}) == 1:
            return
        assert agreement.cohen_kappa(labels, given_) == pytest.approx(
            metrics.cohen_kappa_score(labels, given_)
        )
        assert agreement.quadratic_weighted_kappa(labels, given_, 0, 5) == pytest.approx(
            metrics.cohen_kappa_score(labels, given_, weights="quadratic", labels=list(range(6)))
        )

    @given(pairs_of_scores)
    def test_distances(self, pairs: Pairs) -> None:
        labels, given_ = columns(pairs)
        assert agreement.mean_absolute_error(labels, given_) == pytest.approx(
            metrics.mean_absolute_error(labels, given_)
        )
        assert agreement.root_mean_squared_error(labels, given_) == pytest.approx(
            metrics.root_mean_squared_error(labels, given_)
        )

    @given(pairs_of_scores)
    def test_correlations_with_ties(self, pairs: Pairs) -> None:
        labels, given_ = columns(pairs)
        if len(set(labels)) == 1 or len(set(given_)) == 1:
            assert agreement.pearson(labels, given_) == agreement.spearman(labels, given_) == 0.0
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert agreement.pearson(labels, given_) == pytest.approx(
                stats.pearsonr(labels, given_).statistic, abs=1e-9
            )
            assert agreement.spearman(labels, given_) == pytest.approx(
                stats.spearmanr(labels, given_).statistic, abs=1e-9
            )


class TestDegenerateInput:
    def test_no_rows_give_nan(self) -> None:
        for measure in (
            agreement.accuracy,
            agreement.cohen_kappa,
            agreement.macro_f1,
            agreement.mean_absolute_error,
            agreement.root_mean_squared_error,
            agreement.within,
            agreement.pearson,
            agreement.spearman,
            agreement.calibration_error,
        ):
            assert math.isnan(measure([], []))
        assert math.isnan(agreement.quadratic_weighted_kappa([], [], 0, 5))
        assert math.isnan(agreement.accuracy_at_coverage([], [], 0.8))
        assert all(map(math.isnan, agreement.bootstrap_interval(lambda rows: 0.0, [])))

    def test_constant_labels_have_kappa_zero(self) -> None:
        assert agreement.cohen_kappa(["correct"] * 3, ["correct"] * 3) == 0.0
        assert agreement.quadratic_weighted_kappa([2, 2], [2, 2], 0, 5) == 0.0

    def test_a_score_off_the_range_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="6 is not among"):
            agreement.quadratic_weighted_kappa([6], [1], 0, 5)

    def test_tiny_differences_still_correlate(self) -> None:
        assert agreement.pearson([0.0, 1e-200], [0.0, 1.0]) == pytest.approx(1.0)


class TestQuadraticWeightedKappa:
    def test_halves_are_rounded_up(self) -> None:
        halves = agreement.quadratic_weighted_kappa([0.5, 1.5, 3], [1, 2, 0], 0, 3)
        assert halves == agreement.quadratic_weighted_kappa([1, 2, 3], [1, 2, 0], 0, 3)

    def test_a_far_miss_costs_more_than_a_near_one(self) -> None:
        labels = [0, 1, 2, 3, 4]
        near = agreement.quadratic_weighted_kappa(labels, [1, 1, 2, 3, 4], 0, 4)
        far = agreement.quadratic_weighted_kappa(labels, [4, 1, 2, 3, 4], 0, 4)
        assert near > far

    @given(pairs_of_scores)
    def test_it_is_symmetric(self, pairs: Pairs) -> None:
        labels, given_ = columns(pairs)
        one_way = agreement.quadratic_weighted_kappa(labels, given_, 0, 5)
        assert one_way == pytest.approx(
            agreement.quadratic_weighted_kappa(given_, labels, 0, 5), nan_ok=True
        )


class TestWithin:
    def test_thirds_of_a_point_count_as_one(self) -> None:
        assert agreement.within([0.1 + 0.2], [1.3]) == 1.0
        assert agreement.within([0.0], [1.01]) == 0.0


class TestCalibration:
    def test_a_calibrated_marker_has_no_error(self) -> None:
        right = [1] * 8 + [0] * 2
        assert agreement.calibration_error([0.8] * 10, right, bins=1) == pytest.approx(0.0)

    def test_overconfidence_is_the_gap(self) -> None:
        assert agreement.calibration_error([0.9] * 10, [1, 0] * 5, bins=1) == pytest.approx(0.4)

    def test_fewer_rows_than_bins(self) -> None:
        assert agreement.calibration_error([0.7], [1]) == pytest.approx(0.3)

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
    def test_it_lies_between_0_and_1(self, rows: list[tuple[float, bool]]) -> None:
        confidence, right = zip(*rows, strict=True)
        assert 0 <= agreement.calibration_error(confidence, right) <= 1


class TestReliability:
    def test_bins_hold_equally_many_rows(self) -> None:
        bins = agreement.reliability_bins([0.9, 0.6, 0.8, 0.7], [1, 0, 1, 1], bins=2)
        assert [part.confidence for part in bins] == pytest.approx([0.65, 0.85])
        assert [(part.accuracy, part.rows) for part in bins] == [(0.5, 2), (1.0, 2)]

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
    def test_the_bins_are_all_rows(self, rows: list[tuple[float, bool]]) -> None:
        confidence, right = zip(*rows, strict=True)
        bins = agreement.reliability_bins(confidence, right)
        assert sum(part.rows for part in bins) == len(rows)
        hits = sum(part.accuracy * part.rows for part in bins)
        assert hits == pytest.approx(sum(right))


class TestRiskCoverage:
    def test_the_surest_come_first(self) -> None:
        points = agreement.risk_coverage([0.6, 0.9, 0.8, 0.7], [0, 1, 1, 0])
        assert [point.coverage for point in points] == [0.25, 0.5, 0.75, 1.0]
        assert [point.risk for point in points] == pytest.approx([0, 0, 1 / 3, 1 / 2])
        assert [point.confidence for point in points] == [0.9, 0.8, 0.7, 0.6]

    def test_rows_of_one_confidence_stay_together(self) -> None:
        (point,) = agreement.risk_coverage([0.8, 0.8, 0.8], [1, 0, 0])
        assert point == pytest.approx((1.0, 2 / 3, 0.8))

    def test_no_rows_have_no_curve(self) -> None:
        assert agreement.risk_coverage([], []) == []

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
    def test_it_ends_at_the_share_of_all_errors(self, rows: list[tuple[float, bool]]) -> None:
        confidence, right = zip(*rows, strict=True)
        points = agreement.risk_coverage(confidence, right)
        assert points[-1].coverage == 1.0
        assert points[-1].risk == pytest.approx(1 - agreement.accuracy(right, [True] * len(rows)))
        assert all(a.coverage < b.coverage for a, b in pairwise(points))


class TestCoverage:
    def test_the_surest_rows_are_kept(self) -> None:
        confidence, right = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 1, 0]
        assert agreement.accuracy_at_coverage(confidence, right, 1.0) == pytest.approx(0.8)
        assert agreement.accuracy_at_coverage(confidence, right, 0.8) == 1.0


class TestBootstrap:
    def test_it_is_reproducible_and_holds_the_value(self) -> None:
        random = np.random.default_rng(1)
        values = random.normal(0.5, 0.1, 200)
        groups = list(range(200))

        def mean(rows: agreement.Rows) -> float:
            return float(values[rows].mean())

        low, high = agreement.bootstrap_interval(mean, groups)
        assert low < values.mean() < high
        assert (low, high) == agreement.bootstrap_interval(mean, groups)
        assert (low, high) != agreement.bootstrap_interval(mean, groups, seed=2)
        # The standard error of a mean, times 1.96 to either side.
        assert high - low == pytest.approx(2 * 1.96 * 0.1 / math.sqrt(200), rel=0.2)

    def test_groups_are_drawn_whole(self) -> None:
        values = np.array([0.0] * 50 + [1.0] * 50)

        def mean(rows: agreement.Rows) -> float:
            return float(values[rows].mean())

        by_question = agreement.bootstrap_interval(mean, ["a"] * 50 + ["b"] * 50)
        assert by_question == (0.0, 1.0)
        low, high = agreement.bootstrap_interval(mean, ["one"] * 100)
        assert 0.3 < low < high < 0.7
