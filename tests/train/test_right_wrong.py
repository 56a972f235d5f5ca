"""The right-or-wrong head is fitted, calibrated and validated without leaks."""

import numpy as np
import pytest

from runtime.judge.features import RIGHT_WRONG, Floats
from train.right_wrong import (
    Groups,
    Labels,
    cross_validate,
    fit_head,
    fit_weights,
    folds,
    out_of_fold,
)

Data = tuple[Floats, Labels, Groups]


@pytest.fixture(scope="module")
def data() -> Data:
    """600 answers to 60 questions; the third feature tells right from wrong, with noise."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(600, len(RIGHT_WRONG)))
    labels = (features[:, 2] + rng.normal(size=600) > 0).astype(np.int64)
    return features, labels, np.repeat([f"q{i}" for i in range(60)], 10)


def test_no_question_stands_on_both_sides(data: Data) -> None:
    groups = data[2]
    for train, test in folds(groups):
        assert not set(groups[train]) & set(groups[test])


def test_every_row_is_held_out_once(data: Data) -> None:
    held_out = np.concatenate([test for _, test in folds(data[2])])
    assert sorted(held_out) == list(range(600))


def test_the_weight_finds_the_feature_that_tells(data: Data) -> None:
    assert np.argmax(np.abs(fit_weights(data[0], data[1]).weights)) == 2


def test_held_out_logits_are_worse_than_fitted_ones(data: Data) -> None:
    features, _, groups = data
    noise = np.random.default_rng(1).integers(0, 2, 600)
    fitted = np.mean((fit_weights(features, noise).logits(features) > 0) == noise)
    held_out = np.mean((out_of_fold(features, noise, groups) > 0) == noise)
    assert fitted > held_out + 0.03


def test_validated_probabilities_are_calibrated(data: Data) -> None:
    features, labels, groups = data
    probabilities = cross_validate(features, labels, groups)
    assert np.mean((probabilities > 0.5) == labels) > 0.7
    assert abs(probabilities.mean() - labels.mean()) < 0.05


def test_the_head_carries_its_features_and_sets(data: Data) -> None:
    head = fit_head(*data, sets=("made-up",))
    assert head.features == RIGHT_WRONG
    assert head.trained_on == ("made-up",)
    assert len(head.weights) == len(RIGHT_WRONG)


def test_fitting_twice_gives_the_same_head(data: Data) -> None:
    assert fit_head(*data, sets=()) == fit_head(*data, sets=())
