"""The encoder's threshold: the least that is good enough, and none where nothing is."""

import numpy as np
import pytest

from benchmarks.cascade import AIM, LEAST, Graded, choose


def graded(answers: int, seed: int = 0) -> Graded:
    """Chances of being right that mean what they say, by thirty questions."""
    random = np.random.default_rng(seed)
    chances = random.uniform(size=answers)
    right = random.uniform(size=answers) < chances
    return Graded(chances, right, random.integers(30, size=answers).astype(str))


def test_the_least_confidence_whose_answers_are_good_enough() -> None:
    found = choose(graded(4_000))
    assert found is not None
    # From a calibrated confidence c on, (1 + c) / 2 of the verdicts are right.
    assert 2 * AIM - 1 <= found <= 2 * AIM - 1 + 0.1


def test_none_is_good_enough_for_guesses() -> None:
    random = np.random.default_rng(1)
    found = graded(1_000)
    assert choose(found._replace(right=random.uniform(size=1_000) < 0.5)) is None


@pytest.mark.parametrize("answers", [LEAST // 2, LEAST - 1])
def test_a_few_answers_say_nothing(answers: int) -> None:
    found = graded(answers)
    assert choose(found._replace(right=found.chances >= 0.5)) is None
