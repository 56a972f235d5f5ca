"""Replies: written in one form, read back from it and from what models make of it."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.prompt import (
    explanation_answer,
    read_choice,
    read_score,
    read_verdict,
    scale_scores,
    score_answer,
    solution_answer,
    verdict_answer,
)
from runtime.judge.prompt.answers import MOST_STEPS
from runtime.judge.prompt.explaining import ENGLISH, ITALIAN
from runtime.judge.prompt.wording import VERDICT_WORDS
from runtime.marking.mark import Verdict

VERDICTS = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


class TestVerdicts:
    @pytest.mark.parametrize("verdict", VERDICTS)
    def test_there_and_back(self, verdict: Verdict) -> None:
        assert read_verdict(verdict_answer(verdict)) is verdict
        for language in ("en", "it"):
            assert read_verdict(explanation_answer(verdict, "Bene [1].", language)) is verdict

    @pytest.mark.parametrize("words", [VERDICT_WORDS, ENGLISH.words, ITALIAN.words])
    def test_the_first_letter_tells_them_apart(self, words: dict[Verdict, str]) -> None:
        assert all(one[0] != other[0] for one, other in combinations(words.values(), 2))

    @pytest.mark.parametrize(
        ("text", "verdict"),
        [
            (" **Correct**.", Verdict.CORRECT),
            ("INCORRECT\nThe unit is missing.", Verdict.INCORRECT),
            ("Partially correct", Verdict.PARTIAL),
            ("Let me see.\n**Valutazione**: errata", Verdict.INCORRECT),
            ("**Verdict:** correct", Verdict.CORRECT),
            ("Well, correct", None),
            ("", None),
            ("42", None),
        ],
    )
    def test_what_models_make_of_it(self, text: str, verdict: Verdict | None) -> None:
        assert read_verdict(text) is verdict

    def test_unmarked_is_no_answer(self) -> None:
        with pytest.raises(KeyError):
            verdict_answer(Verdict.UNMARKED)


class TestScores:
    @given(st.integers(0, 10), st.text(max_size=40))
    def test_there_and_back(self, score: int, reasoning: str) -> None:
        assert read_score(score_answer(score, (0, 10), reasoning), (0, 10)) == score

    def test_the_reasoning_stands_below(self) -> None:
        assert score_answer(2.5, (0, 5), "Half.") == "Score: 2.5/5\nHalf."
        assert score_answer(0, (0, 1)) == "Score: 0/1"

    @pytest.mark.parametrize(
        ("text", "score"),
        [
            ("**Score:** 4/5", 4.0),
            ("Well.\nscore 3 / 5 because", 3.0),
            ("Score: 4", 4.0),
            ("Score: 4. The unit is missing.", 4.0),
            ("Score: 4/10", None),
            ("Score: 7/5", None),
            ("Score: 0/5", None),
            ("Score: X/5", None),
            ("4/5", None),
        ],
    )
    def test_what_models_make_of_it(self, text: str, score: float | None) -> None:
        assert read_score(text, (1, 5)) == score

    def test_a_score_off_the_scale_is_never_taught(self) -> None:
        with pytest.raises(ValueError, match="6 is not on the scale from 1 to 5"):
            score_answer(6, (1, 5))


class TestScales:
    @pytest.mark.parametrize(
        ("scale", "scores"),
        [
            ((0, 5), (0, 1, 2, 3, 4, 5)),
            ((1, 5), (1, 2, 3, 4, 5)),
            ((0, 1), (0, 0.5, 1)),
            ((-1, 1), (-1, 0, 1)),
            ((0, 100), tuple(range(0, 101, 5))),
            ((0, 24), tuple(range(0, 25, 2))),
        ],
    )
    def test_what_may_be_given(self, scale: tuple[float, float], scores: tuple[float, ...]) -> None:
        assert scale_scores(scale) == scores

    @given(st.integers(-10, 10), st.integers(1, 2000))
    def test_both_ends_and_not_too_many(self, low: int, points: int) -> None:
        scores = scale_scores((low, low + points))
        assert (scores[0], scores[-1]) == (low, low + points)
        assert sorted(set(scores)) == list(scores)
        assert 3 <= len(scores) <= MOST_STEPS + 1


class TestOtherReplies:
    def test_a_solution_ends_in_its_answer(self) -> None:
        assert solution_answer("3 * 4 = 12\n", "12 m") == "3 * 4 = 12\nFinal Answer: 12 m"

    @pytest.mark.parametrize(
        ("text", "place"),
        [("B", 1), (" (C) because", 2), ("**A**", 0), ("D", None), ("Both", None), ("", None)],
    )
    def test_letters(self, text: str, place: int | None) -> None:
        assert read_choice(text, 3) == place
