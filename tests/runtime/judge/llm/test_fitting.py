"""Fits to labels: a known temperature is found again, and figures are of questions left out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.judge.llm.fits import Scaling
from runtime.judge.llm.fitting import (
    FOLDS,
    PLAIN,
    cross_validated,
    fit,
    fit_temperature,
    folds_of,
    majority,
    measured,
)
from runtime.judge.llm.labelled import Answer, Floats, Labels
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Distribution
from runtime.marking.mark import Verdict

VERDICTS = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
SCORES = ("0", "1", "2", "3")


def item(scale: tuple[float, float] = (0.0, 1.0)) -> Item:
    return Item(id="1", task=Task.SHORT_ANSWER, question="q", answer="a", scale=scale)


def drawn(count: int, temperature: float, *, seed: int = 1, questions: int = 10) -> list[Answer]:
    """Labels drawn as likely as a model says whose logarithms were divided by ``1/temperature``."""
    random = np.random.default_rng(seed)
    answers = []
    for at in range(count):
        logits = random.normal(0, 2, 3)
        true = np.exp(logits) / np.exp(logits).sum()
        label = VERDICTS[random.choice(3, p=true)]
        said = np.exp(logits * temperature)
        answers.append(
            Answer(item(), spread(said / said.sum(), VERDICTS), False, label, f"q{at % questions}")
        )
    return answers


def spread(probabilities: Floats, labels: tuple[str, ...]) -> Distribution:
    return Distribution(tuple(map(str, labels)), tuple(map(float, probabilities)))


def scored(count: int, shift: float, *, seed: int = 3) -> list[Answer]:
    """A model whose scores lie ``shift`` points above the teacher's."""
    random = np.random.default_rng(seed)
    answers = []
    for at in range(count):
        label = float(random.integers(0, 4))
        centre = label + shift + random.normal(0, 0.3)
        said = np.exp(-((np.arange(4) - centre) ** 2))
        found = spread(said / said.sum(), SCORES)
        answers.append(Answer(item((0, 3)), found, True, label, f"q{at % 10}"))
    return answers


class TestTemperature:
    @pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
    def test_the_one_that_was_put_in_is_found_again(self, true: float) -> None:
        found = fit_temperature(Labels(drawn(3000, true)))
        assert found == pytest.approx(true, rel=0.1)

    def test_it_makes_the_confidence_true_on_questions_left_out(self) -> None:
        answers = drawn(1000, 4.0)
        before, after = measured(answers, PLAIN), cross_validated(answers)
        assert before.ece > 0.15
        assert after.ece < 0.06
        assert after[:3] == before[:3]

    @given(st.integers(0, 50), st.floats(0.2, 5))
    @settings(max_examples=20, deadline=None)
    def test_it_never_turns_a_verdict(self, seed: int, temperature: float) -> None:
        for one in drawn(10, 1.0, seed=seed):
            assert one.weighed(Scaling(temperature)).verdict is one.weighed(PLAIN).verdict

    def test_labels_without_partial_are_right_or_not(self) -> None:
        found = spread(np.array([0.2, 0.5, 0.3]), VERDICTS)
        answers = [
            Answer(item(), found, False, label, "q") for label in (Verdict.CORRECT, VERDICTS[0])
        ]
        labels = Labels(answers)
        assert labels.right(1).tolist() == [True, True, False]
        assert measured(answers, PLAIN).accuracy == 0.5

    def test_a_label_that_no_reply_means_says_nothing(self) -> None:
        two = spread(np.array([0.4, 0.6]), ("0", "1"))
        answers = [Answer(item(), two, True, Verdict.PARTIAL, "q")] * 3
        assert fit_temperature(Labels(answers)) == 1.0


class TestCuts:
    def test_they_mend_a_model_that_is_too_kind(self) -> None:
        answers = scored(400, 0.8)
        scaling = fit(answers)
        assert len(scaling.cuts) == 3
        assert list(scaling.cuts) == sorted(scaling.cuts)
        assert scaling.labels == SCORES
        assert cross_validated(answers).kappa > measured(answers, PLAIN).kappa + 0.05

    def test_none_where_rounding_does_as_well(self) -> None:
        exact = [
            one._replace(found=spread(np.eye(4)[int(float(one.label))], SCORES))
            for one in scored(200, 0.0)
        ]
        assert fit(exact).cuts == ()

    def test_none_of_a_few_answers(self) -> None:
        assert fit(scored(60, 0.8)).cuts == ()

    def test_none_between_verdicts_or_over_several_scales(self) -> None:
        assert fit(drawn(300, 1.0)).cuts == ()
        wider = Answer(item((0, 4)), spread(np.full(5, 0.2), (*SCORES, "4")), True, 2.0, "q")
        assert fit([*scored(300, 0.8), wider]).cuts == ()


class TestLeftOut:
    def test_a_question_is_in_one_part(self) -> None:
        answers = drawn(60, 1.0, questions=7)
        parts: dict[str, set[int]] = {}
        for one, fold in zip(answers, folds_of(answers), strict=True):
            parts.setdefault(one.question, set()).add(int(fold))
        assert all(len(found) == 1 for found in parts.values())
        assert set().union(*parts.values()) == set(range(FOLDS))

    def test_a_single_question_is_parted_by_answers(self) -> None:
        assert set(folds_of(drawn(20, 1.0, questions=1)).tolist()) == set(range(FOLDS))

    def test_the_commonest_label_agrees_by_chance_alone(self) -> None:
        found = majority(drawn(600, 1.0))
        assert found.kappa == pytest.approx(0, abs=0.1)
        assert math.isnan(found.ece)


class TestLabels:
    def test_scores_beside_verdicts_are_compared_as_verdicts(self) -> None:
        found = spread(np.array([0.1, 0.2, 0.7]), VERDICTS)
        one = Answer(item((0, 2)), found, False, 2.0, "q")
        assert Labels([one]).verdicts == ["correct"]
        assert not Labels([one]).are_scores

    def test_verdicts_beside_scores_are_compared_as_verdicts(self) -> None:
        found = spread(np.full(4, 0.25), SCORES)
        labels = Labels([Answer(item((0, 3)), found, True, Verdict.PARTIAL, "q")])
        assert labels.right(0).tolist() == [False, True, True, False]

    def test_half_points_count_as_the_higher_score(self) -> None:
        assert scored(1, 0)[0].place(1.5) == 2
