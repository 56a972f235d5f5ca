"""Evidence and judgement become a verdict, a score and a confidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.decision import (
    PARTLY_RIGHT_FROM,
    Calibration,
    decide_maths,
    decide_worthless,
)
from runtime.marking.item import Item, Task
from runtime.marking.judged import decide_writing
from runtime.marking.judgement import Judgement
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.maths import MathsReport, Outcome
from runtime.marking.writing import WritingReport

CALIBRATION = Calibration(review_below=0.65, maths={"equal": 0.99, "different": 0.98})
AIMED = Evidence(kind="manipulation", message="", span=(0, 1))


def item(scale: tuple[float, float] = (0, 1), task: Task = Task.SHORT_ANSWER) -> Item:
    return Item(id="1", task=task, question="Why?", answer="Because.", scale=scale)


def report(*evidence: Evidence, worthless: str | None = None, words: int = 5) -> WritingReport:
    return WritingReport(
        judged_text="Because.", worthless=worthless, word_count=words, evidence=evidence
    )


@pytest.mark.parametrize(
    ("outcome", "verdict", "score", "confidence"),
    [
        (Outcome.EQUAL, Verdict.CORRECT, 1.0, 0.99),
        (Outcome.WRONG_FORM, Verdict.PARTIAL, 0.5, 0.99),
        (Outcome.WRONG_UNIT, Verdict.PARTIAL, 0.5, 0.99),
        (Outcome.DIFFERENT, Verdict.INCORRECT, 0.0, 0.98),
    ],
)
def test_a_sure_reading_carries_its_measured_rate(
    outcome: Outcome, verdict: Verdict, score: float, confidence: float
) -> None:
    decision = decide_maths(item(), MathsReport(outcome=outcome), (), CALIBRATION)
    assert (decision.verdict, decision.score, decision.confidence) == (verdict, score, confidence)
    assert not decision.needs_review


@pytest.mark.parametrize("outcome", [Outcome.EQUAL, Outcome.DIFFERENT, Outcome.UNREADABLE])
def test_an_unsure_reading_that_was_never_measured_goes_to_the_teacher(outcome: Outcome) -> None:
    decision = decide_maths(item(), MathsReport(outcome=outcome, sure=False), (), CALIBRATION)
    assert decision.confidence == 0.5
    assert decision.needs_review


def test_maths_beside_words_for_the_marker_goes_to_the_teacher() -> None:
    decision = decide_maths(item(), MathsReport(outcome=Outcome.EQUAL), (AIMED,), CALIBRATION)
    assert decision.verdict is Verdict.CORRECT
    assert decision.needs_review


def test_a_wrong_line_is_named_for_the_teacher() -> None:
    report = MathsReport(outcome=Outcome.EQUAL, first_wrong_step=1)
    decision = decide_maths(item(), report, (), CALIBRATION)
    assert decision.reasons == ("Line 2 is the first that does not hold.",)


def test_maths_without_a_reference_is_unmarked_and_says_what_to_add() -> None:
    decision = decide_maths(item(), MathsReport(outcome=Outcome.NO_REFERENCE), (), CALIBRATION)
    assert decision.verdict is Verdict.UNMARKED
    assert decision.score is None
    assert "reference" in decision.reasons[1]


def test_an_empty_answer_needs_no_second_look_but_gibberish_does() -> None:
    empty = decide_worthless(item(), report(worthless="No answer was given.", words=0))
    assert (empty.score, empty.needs_review) == (0, False)
    gibberish = Evidence(kind="gibberish", message="", span=(0, 1))
    assert decide_worthless(item(), report(gibberish, worthless="Gibberish.")).needs_review


@pytest.mark.parametrize(
    ("probability", "verdict", "score"),
    [(0.9, Verdict.CORRECT, 1), (0.5, Verdict.CORRECT, 1), (0.49, Verdict.INCORRECT, 0)],
)
def test_one_mark_is_right_or_wrong(probability: float, verdict: Verdict, score: float) -> None:
    decision = decide_writing(item(), report(), Judgement(probability=probability), CALIBRATION)
    assert (decision.verdict, decision.score) == (verdict, score)
    assert decision.confidence == max(probability, 1 - probability)
    assert decision.needs_review is (decision.confidence < 0.65)


def test_several_marks_allow_a_part_of_them() -> None:
    half = decide_writing(item((0, 4)), report(), Judgement(probability=0.5), CALIBRATION)
    assert (half.verdict, half.score, half.needs_review) == (Verdict.PARTIAL, 3, True)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.0, Verdict.INCORRECT),
        (PARTLY_RIGHT_FROM - 0.01, Verdict.INCORRECT),
        (PARTLY_RIGHT_FROM + 0.01, Verdict.PARTIAL),
        (0.49, Verdict.PARTIAL),
        (0.51, Verdict.CORRECT),
        (1.0, Verdict.CORRECT),
    ],
)
def test_of_two_points_what_may_be_right_earns_one(probability: float, verdict: Verdict) -> None:
    found = decide_writing(item((0, 2)), report(), Judgement(probability=probability), CALIBRATION)
    assert found.verdict is verdict


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_likelier_it_is_right_the_more_it_earns(one: float, other: float) -> None:
    low, high = (
        decide_writing(item((0, 20)), report(), Judgement(probability=p), CALIBRATION).score
        for p in sorted((one, other))
    )
    assert low is not None
    assert high is not None
    assert low <= high


def test_text_for_the_marker_always_goes_to_the_teacher() -> None:
    decision = decide_writing(item(), report(AIMED), Judgement(probability=0.99), CALIBRATION)
    assert decision.needs_review
    assert "talks to the marker" in decision.reasons[1]


def test_what_sounds_right_but_turns_a_word_round_goes_to_the_teacher() -> None:
    turned = report(Evidence(kind="opposite", message="", span=(0, 1)))
    sounds_right = decide_writing(item(), turned, Judgement(probability=0.97), CALIBRATION)
    assert sounds_right.needs_review
    assert "opposite" in sounds_right.reasons[1]
    wrong = decide_writing(item(), turned, Judgement(probability=0.03), CALIBRATION)
    assert not wrong.needs_review


def test_an_essay_is_a_first_guess_for_the_teacher() -> None:
    decision = decide_writing(
        item((1, 6), Task.ESSAY), report(), Judgement(quality=0.6), CALIBRATION
    )
    assert (decision.verdict, decision.score, decision.needs_review) == (Verdict.PARTIAL, 4, True)


def test_no_judgement_is_no_mark() -> None:
    assert decide_writing(item(), report(), Judgement(), CALIBRATION).verdict is Verdict.UNMARKED


@given(st.floats(0, 1), st.floats(-50, 50), st.floats(0.5, 100))
def test_a_score_stays_on_its_scale(probability: float, low: float, width: float) -> None:
    scale = (low, low + width)
    decision = decide_writing(
        item(scale), report(), Judgement(probability=probability), CALIBRATION
    )
    assert decision.score is not None
    assert low - 1e-9 <= decision.score <= low + width + 1e-9
