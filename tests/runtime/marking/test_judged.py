"""What a model's judgement comes to under what code found."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.decision import Calibration, Decision, decide_maths
from runtime.marking.item import Item, Task
from runtime.marking.judged import Doubt, decide_doubtful, decide_writing, in_doubt
from runtime.marking.judgement import Distribution, Judgement
from runtime.marking.mark import Evidence, Verdict
from runtime.marking.maths import MathsReport, Outcome
from runtime.marking.writing import WritingReport

CALIBRATION = Calibration(review_below=0.65, maths={"equal": 0.99, "different": 0.98})
VERDICTS = ("incorrect", "partial", "correct")


def item(scale: tuple[float, float] = (0, 1), task: Task = Task.SHORT_ANSWER) -> Item:
    return Item(id="1", task=task, question="Why?", answer="Because.", scale=scale)


def report(*evidence: Evidence) -> WritingReport:
    return WritingReport(judged_text="Because.", worthless=None, word_count=5, evidence=evidence)


def judgement(*probabilities: float, **fields: object) -> Judgement:
    found = Judgement(verdicts=Distribution(VERDICTS, probabilities))
    return msgspec.structs.replace(found, **fields)


def decided(found: Judgement, *evidence: Evidence, scale: tuple[float, float] = (0, 1)) -> Decision:
    return decide_writing(item(scale), report(*evidence), found, CALIBRATION)


class TestWriting:
    def test_the_likeliest_verdict_with_its_probability(self) -> None:
        found = decided(judgement(0.1, 0.1, 0.8))
        assert (found.verdict, found.score, found.confidence) == (Verdict.CORRECT, 1, 0.8)
        assert not found.needs_review
        assert found.distribution == {"incorrect": 0.1, "partial": 0.1, "correct": 0.8}

    def test_a_doubtful_verdict_goes_to_the_teacher(self) -> None:
        assert decided(judgement(0.3, 0.1, 0.6)).needs_review

    def test_a_near_tie_goes_to_the_teacher(self) -> None:
        found = decided(judgement(0.1, 0.1, 0.8, near_tie=True))
        assert found.needs_review
        assert "too close to call" in found.reasons[1]

    def test_a_model_that_was_never_checked_is_sure_of_nothing(self) -> None:
        found = decided(judgement(0.0, 0.0, 1.0, calibrated=False))
        assert (found.verdict, found.confidence) == (Verdict.CORRECT, 0.5)
        assert found.needs_review
        assert "never compared with teachers' marks" in found.reasons[1]

    def test_what_was_not_read_is_said(self) -> None:
        assert decided(judgement(0.1, 0.1, 0.8, notes=("Cut.",))).reasons[-1] == "Cut."

    def test_evidence_stays_above_the_model(self) -> None:
        aimed = Evidence(kind="manipulation", message="")
        turned = Evidence(kind="opposite", message="")
        sure = judgement(0.0, 0.0, 1.0)
        assert decided(sure, aimed).needs_review
        assert decided(sure, turned).needs_review
        assert not decided(judgement(1.0, 0.0, 0.0), turned).needs_review

    def test_why_there_is_no_verdict(self) -> None:
        found = decided(Judgement(notes=("The rubric is too long.", "Shorten it.")))
        assert found.verdict is Verdict.UNMARKED
        assert found.reasons == ("The rubric is too long.", "Shorten it.")

    def test_scores_and_traits(self) -> None:
        scores = Distribution(("0", "1", "2"), (0.1, 0.2, 0.7))
        traits = {"ideas": Distribution(("0", "1"), (0.2, 0.8))}
        found = decided(Judgement(scores=scores, trait_scores=traits), scale=(0, 2))
        assert (found.verdict, found.score, found.confidence) == (Verdict.CORRECT, 2, 0.7)
        assert found.traits == {"ideas": 1}


def doubt(outcome: Outcome, wrong_step: int | None = None, aimed: bool = False) -> Doubt:
    found = MathsReport(outcome=outcome, sure=False, first_wrong_step=wrong_step, reasons=("So.",))
    first = decide_maths(item(task=Task.MATH), found, (), CALIBRATION)
    assert in_doubt(found, first, CALIBRATION)
    return Doubt(found, first, aimed)


def settled(doubtful: Doubt, found: Judgement) -> Decision:
    return decide_doubtful(item(task=Task.MATH), doubtful, found, CALIBRATION)


class TestDoubtfulMaths:
    def test_what_code_is_sure_of_is_not_asked(self) -> None:
        for outcome in (Outcome.EQUAL, Outcome.DIFFERENT, Outcome.NO_REFERENCE):
            found = MathsReport(outcome=outcome)
            first = decide_maths(item(), found, (), CALIBRATION)
            assert not in_doubt(found, first, CALIBRATION)

    def test_the_model_settles_what_both_say(self) -> None:
        found = settled(doubt(Outcome.DIFFERENT), judgement(0.9, 0.05, 0.05))
        assert (found.verdict, found.confidence) == (Verdict.INCORRECT, 0.9)
        assert not found.needs_review
        assert found.reasons[0] == "So."

    def test_where_they_do_not_agree_a_teacher_looks(self) -> None:
        found = settled(doubt(Outcome.UNREADABLE), judgement(0.02, 0.03, 0.95))
        assert (found.verdict, found.needs_review) == (Verdict.CORRECT, True)
        assert "The code and the model do not agree." in found.reasons

    def test_words_for_the_marker_always_go_to_the_teacher(self) -> None:
        found = settled(doubt(Outcome.DIFFERENT, aimed=True), judgement(0.9, 0.05, 0.05))
        assert found.needs_review

    def test_without_a_judgement_the_first_decision_stands(self) -> None:
        doubtful = doubt(Outcome.DIFFERENT)
        found = settled(doubtful, Judgement(notes=("Too long.",)))
        assert (found.verdict, found.confidence) == (Verdict.INCORRECT, 0.5)
        assert found.reasons == ("So.", "Too long.")

    @given(
        st.sampled_from([Outcome.DIFFERENT, Outcome.UNREADABLE]),
        st.integers(0, 5),
        st.tuples(*[st.floats(0.01, 1)] * 3),
    )
    def test_no_model_overrules_a_proved_mistake(
        self, outcome: Outcome, step: int, weights: tuple[float, float, float]
    ) -> None:
        shares = [weight / sum(weights) for weight in weights]
        found = settled(doubt(outcome, step), judgement(*shares))
        assert (found.verdict, found.score) == (Verdict.INCORRECT, 0)

    def test_a_model_may_lower_a_doubtful_mark(self) -> None:
        found = settled(doubt(Outcome.EQUAL, 0), judgement(0.9, 0.05, 0.05))
        assert (found.verdict, found.needs_review) == (Verdict.INCORRECT, True)


@given(st.tuples(*[st.floats(0.01, 1)] * 3), st.booleans())
def test_confidence_is_a_probability(weights: tuple[float, float, float], known: bool) -> None:
    shares = [weight / sum(weights) for weight in weights]
    found = decided(judgement(*shares, calibrated=known))
    assert 0 <= found.confidence <= 1
    assert found.score is not None


@pytest.mark.parametrize("scale", [(0.0, 1.0), (1.0, 6.0), (-2.0, 2.0)])
def test_a_score_is_on_its_scale(scale: tuple[float, float]) -> None:
    found = decided(judgement(0.2, 0.5, 0.3), scale=scale)
    assert found.score is not None
    assert scale[0] < found.score < scale[1]
