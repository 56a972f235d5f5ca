"""What distributions come to on a scale."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.item import Item, Task
from runtime.marking.judgement import Distribution
from runtime.marking.mark import Verdict
from runtime.marking.scores import graded, nearest_level, steps, weigh_scores, weigh_verdicts

VERDICTS = ("incorrect", "partial", "correct")


def item(low: float = 0, high: float = 1) -> Item:
    return Item(id="1", task=Task.ESSAY, question="Why?", answer="So.", scale=(low, high))


@st.composite
def distributions(draw: st.DrawFn, labels: tuple[str, ...]) -> Distribution:
    weights = draw(st.lists(st.floats(0.01, 1), min_size=len(labels), max_size=len(labels)))
    total = math.fsum(weights)
    return Distribution(labels, tuple(weight / total for weight in weights))


class TestDistribution:
    def test_what_is_read_from_it(self) -> None:
        found = Distribution(("0", "1", "2"), (0.5, 0.25, 0.25))
        assert found.mode == "0"
        assert found.margin == 0.25
        assert found.expected() == 0.75
        assert found.expected([1, 1, 1]) == 1
        assert found.entropy == pytest.approx(1.5 * math.log(2))
        assert (found.of("1"), found.of("7")) == (0.25, 0)

    def test_what_is_certain(self) -> None:
        found = Distribution(("a", "b"), (1.0, 0.0))
        assert (found.mode, found.margin, found.entropy) == ("a", 1, 0)

    def test_a_label_alone(self) -> None:
        assert Distribution(("a",), (1.0,)).margin == 1

    @given(distributions(("a", "b", "c", "d")))
    def test_entropy_lies_between_certain_and_even(self, found: Distribution) -> None:
        assert 0 <= found.entropy <= math.log(4) + 1e-9


@given(distributions(VERDICTS), st.floats(-20, 20), st.floats(0.5, 50))
def test_a_score_never_contradicts_its_verdict(
    found: Distribution, low: float, width: float
) -> None:
    asked = item(low, low + width)
    weighed = weigh_verdicts(asked, found)
    assert weighed.verdict == found.mode
    if steps(asked) * 1e-9 < width:
        near = min((low, low + width), key=lambda end: abs(weighed.score - end))
        at_end = abs(weighed.score - near) < 1e-9
        assert at_end is (weighed.verdict is not Verdict.PARTIAL)


@given(distributions(tuple(map(str, range(6)))))
def test_the_expected_score_rounded_with_the_chance_of_its_verdict(found: Distribution) -> None:
    weighed = weigh_scores(item(0, 5), found)
    assert abs(weighed.score - found.expected()) <= 0.5 + 1e-9
    assert weighed.verdict is graded(item(0, 5), weighed.score)
    assert 0 < weighed.probability <= 1


def test_partly_right_earns_the_expected_share_of_many_points() -> None:
    found = Distribution(VERDICTS, (0.05, 0.5, 0.45))
    assert weigh_verdicts(item(0, 10), found).score == 7
    assert weigh_verdicts(item(), found).score == 0.5


def test_cuts_choose_where_there_are_any() -> None:
    found = Distribution(VERDICTS, (0.5, 0.3, 0.2))
    assert weigh_verdicts(item(), found).verdict is Verdict.INCORRECT
    assert weigh_verdicts(item(), found, cuts=(0.6, 1.5)).verdict is Verdict.PARTIAL
    scores = Distribution(("0", "1", "2"), (0.5, 0.3, 0.2))
    assert weigh_scores(item(0, 2), scores, cuts=(0.1, 0.6)).score == 2


def test_who_is_undecided_names_both() -> None:
    found = Distribution(VERDICTS, (0.45, 0.4, 0.15))
    reason = weigh_verdicts(item(), found).reason
    assert reason == "The model is undecided: incorrect (45%), partial (40%)."
    sure = Distribution(VERDICTS, (0.95, 0.03, 0.02))
    assert weigh_verdicts(item(), sure).reason == "The model finds: incorrect (95%)."


def test_the_level_nearest_to_the_expected_one() -> None:
    assert nearest_level(Distribution(("1", "3", "5"), (0.4, 0.5, 0.1))) == 3
    assert nearest_level(Distribution(("0", "1"), (0.5, 0.5))) == 1
