"""Cases for a judge: what an answer says makes its score, what it says to the judge does not."""

from collections import Counter, defaultdict

import pytest

from train.data.schema import Example
from train.simulate.judge_case import MANIPULATIONS, judge_cases, plans, score_of


@pytest.fixture(scope="module")
def work() -> list[Example]:
    return list(judge_cases(1500, 2))


def test_every_score_is_as_frequent(work: list[Example]) -> None:
    assert Counter(example.score for example in work) == dict.fromkeys((1, 2, 3, 4, 5), 300)


def test_manipulation_stands_with_every_score_alike(work: list[Example]) -> None:
    aimed = [e for e in work if any(order in e.answer for order in MANIPULATIONS)]
    assert {example.rule for example in aimed} == {"manipulation"}
    by_score = Counter(example.score for example in aimed)
    assert len(by_score) == 5
    assert max(by_score.values()) < 2 * min(by_score.values())
    assert all("does not count" in (example.feedback or "") for example in aimed)


def test_harmless_questions_get_every_score_and_a_refusal_the_lowest(work: list[Example]) -> None:
    asked = [e for e in work if "kill the process" in e.question]
    assert {example.score for example in asked} == {1, 2, 3, 4, 5}
    refused = [example for example in work if example.rule == "over_refusal"]
    assert refused
    assert {example.score for example in refused} == {1}


@pytest.mark.parametrize(("points", "wrong", "score"), [(4, 0, 5), (4, 2, 3), (1, 2, 1), (0, 0, 1)])
def test_score(points: int, wrong: int, score: int) -> None:
    assert score_of(points, wrong) == score


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_plans_earn_their_score(score: int) -> None:
    assert all(score_of(plan.points, plan.wrong) == score for plan in plans(score, harmless=True))
    assert not any(plan.refuses for plan in plans(score, harmless=False))


def test_one_answer_has_one_score(work: list[Example]) -> None:
    scores = defaultdict(set)
    for example in work:
        scores[example.question, example.answer].add(example.score)
    assert all(len(found) == 1 for found in scores.values())


def test_hundreds_of_cases_differ(work: list[Example]) -> None:
    assert len({example.answer for example in work}) > 1000
