"""Evaluations: right figures from made-up results, ties and orders counted as they say."""

import numpy as np
import pytest

from runtime.errors import BadInputError
from runtime.marking.item import Task
from train.data.schema import Example
from train.evaluation import (
    evaluate_classification,
    evaluate_preferences,
    evaluate_replies,
    evaluate_scores,
)

CLASSES = ("incorrect", "correct")


def example(number: int) -> Example:
    return Example(
        id=f"e{number}",
        set="ours",
        group="q",
        task=Task.MATH,
        question=f"{number} + 1?",
        steps=("first", "second"),
        reference=str(number + 1),
    )


class TestClassification:
    def test_the_likeliest_class_is_given(self) -> None:
        chances = [[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]
        found = evaluate_classification([0, 1, 1], chances, CLASSES, ["a", "b", "c"])
        assert found.comparison.measures["accuracy"].value == pytest.approx(2 / 3)
        assert found.comparison.measures["ECE"].value == pytest.approx((0.1 + 0.4 + 0.7) / 3)
        assert found.comparison.confusion == [[1, 0], [1, 1]]
        assert found.columns["confidence"] == (0.9, 0.6, 0.7)
        assert found.groups == (0, 1, 2)
        assert found.worst == ()

    def test_the_surest_disagreements_are_kept(self) -> None:
        chances = [[0.6, 0.4], [0.1, 0.9], [0.2, 0.8]]
        rows = [example(number) for number in range(3)]
        found = evaluate_classification([1, 0, 1], chances, CLASSES, ["q"] * 3, rows)
        assert [case.id for case in found.worst] == ["e1", "e0"]
        worst = found.worst[0]
        assert (worst.label, worst.given, worst.confidence) == ("incorrect", "correct", 0.9)
        assert worst.answer == "first\nsecond"


class TestScores:
    def test_no_score_counts_as_the_lowest(self) -> None:
        found = evaluate_scores([5, 3, 2], [5.0, None, 2.0], (1.0, 5.0), ["a", "b", "c"])
        assert found.columns["given"] == (5.0, 1.0, 2.0)
        assert found.comparison.measures["MAE"].value == pytest.approx(2 / 3)
        assert "1 replies had no readable score" in found.comparison.notes[-1]


class TestPreferences:
    def test_ties_are_not_right_and_no_decision_either(self) -> None:
        measures = evaluate_preferences([1, 2, -1, 0], list("abcd")).comparison.measures
        assert measures["pairwise accuracy"].value == 0.5
        assert measures["win rate"].value == pytest.approx(2 / 3)
        assert measures["mean margin"].value == 0.5

    def test_a_liking_for_the_first_place_earns_nothing(self) -> None:
        found = evaluate_preferences([1, 1, 1], list("abc"), swapped=[-1, -1, -1])
        assert found.comparison.measures["win rate"].value == 0.5
        assert found.comparison.measures["pairwise accuracy"].value == 0.5
        assert found.comparison.notes[-1] == "Both orders agree on 0.0\u00a0% of the pairs."

    def test_nothing_but_ties(self) -> None:
        found = evaluate_preferences([0, 0], list("ab")).comparison
        assert found.measures["win rate"].value == 0.5
        assert found.measures["pairwise accuracy"].value == 0.0
        assert found.notes == ("2 of 2 comparisons were ties.",)

    def test_the_distribution_is_kept_in_order(self) -> None:
        found = evaluate_preferences([3, -1], list("ab"), swapped=[2, 0])
        assert found.comparison.margins == [-1, 0, 2, 3]


class TestReplies:
    def test_tokens_weigh_alike_whatever_reply_they_are_in(self) -> None:
        found = evaluate_replies([-1.0, -5.0], [1, 3], [1, 1], ["a", "b"]).comparison.measures
        assert found["loss"].value == pytest.approx(1.5)
        assert found["perplexity"].value == pytest.approx(np.exp(1.5))
        assert found["token accuracy"].value == 0.5

    def test_perplexity_stays_a_number(self) -> None:
        found = evaluate_replies([-1e6], [1], [0], ["a"]).comparison.measures
        assert np.isfinite(found["perplexity"].value)


class TestRefusals:
    def test_no_rows(self) -> None:
        with pytest.raises(BadInputError, match="No row is held out"):
            evaluate_preferences([], [])
        with pytest.raises(BadInputError, match="No row is held out"):
            evaluate_classification([], [], CLASSES, [])

    def test_a_model_that_gives_no_numbers(self) -> None:
        for found in (float("nan"), float("inf")):
            with pytest.raises(BadInputError, match="went astray") as raised:
                evaluate_replies([found], [1], [0], ["a"])
        assert "learning_rate" in raised.value.remedy
