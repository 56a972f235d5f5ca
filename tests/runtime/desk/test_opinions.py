import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.desk.opinions import opinion, tilted
from runtime.marking.item import Item, Task
from runtime.marking.judged import decide_writing
from runtime.marking.judgement import Distribution, Judgement
from runtime.marking.mark import Mark, Verdict
from runtime.marking.spoken import is_models
from runtime.marking.writing import WritingReport
from tests.runtime.desk.fakes import CALIBRATION

NOTHING = WritingReport(judged_text="", worthless=None, word_count=1, evidence=())
_CHANCES = st.floats(0.0, 1.0)


def item(task: Task = Task.SHORT_ANSWER, most: float = 1.0) -> Item:
    return Item(
        id="1", task=task, question="Why?", reference="Words.", answer="a b", scale=(0.0, most)
    )


def mark(of: Item, judgement: Judgement, *, kept: bool = False) -> Mark:
    """Return a mark; one from before marks kept what the judge found, unless ``kept``."""
    decision = decide_writing(of, NOTHING, judgement, CALIBRATION)
    return Mark(
        id="1",
        verdict=decision.verdict,
        score=decision.score,
        max_score=of.scale[1],
        confidence=round(decision.confidence, 4),
        needs_review=decision.needs_review,
        reasons=decision.reasons,
        distribution=decision.distribution,
        judged=decision.judged if kept else None,
    )


@given(_CHANCES)
def test_the_chance_of_being_right_is_read_back(chance: float) -> None:
    found = opinion(item(), mark(item(), Judgement(probability=chance)))
    # A chance of just a half may round to either side of a verdict, and is then not read at all.
    if found is None:
        assert chance == pytest.approx(0.5, abs=1e-3) or _is_near_a_word(chance)
    else:
        assert found.share == pytest.approx(chance, abs=1e-4)


def _is_near_a_word(chance: float) -> bool:
    return any(chance == pytest.approx(edge, abs=1e-3) for edge in (0.25, 0.75))


@given(_CHANCES, st.sampled_from([1.0, 2.0, 5.0]))
def test_deciding_by_what_was_read_back_changes_nothing(chance: float, most: float) -> None:
    of = item(most=most)
    given_mark = mark(of, Judgement(probability=chance))
    found = opinion(of, given_mark)
    if found:
        again = found.decide(found.share, CALIBRATION)
        assert (again.verdict, again.score) == (given_mark.verdict, given_mark.score)


def test_essays_and_distributions_are_read_back() -> None:
    essay = item(Task.ESSAY, 6.0)
    found = opinion(essay, mark(essay, Judgement(quality=0.5)))
    assert found
    assert found.share == 0.5
    verdicts = Distribution(("correct", "partial", "incorrect"), (0.6, 0.3, 0.1))
    found = opinion(item(), mark(item(), Judgement(verdicts=verdicts)))
    assert found
    assert found.share == pytest.approx(0.75)


@given(_CHANCES, st.sampled_from([1.0, 5.0]))
def test_what_a_mark_keeps_is_what_the_judge_found(found: float, most: float) -> None:
    for of, judgement in (
        (item(most=most), Judgement(probability=found)),
        (item(Task.ESSAY, most), Judgement(quality=found)),
    ):
        heard = opinion(of, mark(of, judgement, kept=True))
        assert heard
        assert heard.share == found
        again = heard.decide(found, CALIBRATION)
        assert (again.verdict, again.judged) == (heard.mark.verdict, found)


def test_essays_of_the_same_score_are_told_apart() -> None:
    essay = item(Task.ESSAY, 6.0)
    marks = [mark(essay, Judgement(quality=q), kept=True) for q in (0.46, 0.54)]
    assert marks[0].score == marks[1].score
    assert [found.share for one in marks if (found := opinion(essay, one))] == [0.46, 0.54]


def test_what_a_model_wrote_goes_with_the_verdict_it_explains() -> None:
    of = item()
    written = mark(of, Judgement(probability=0.9), kept=True)
    written = replace(written, reasons=(*written.reasons, "The model writes: It says why."))
    found = opinion(of, written)
    assert found
    assert "The model writes: It says why." in found.decide(0.8, CALIBRATION).reasons
    assert not any(map(is_models, found.decide(0.1, CALIBRATION).reasons))


def test_what_code_decided_is_no_opinion() -> None:
    gibberish = Mark(
        id="1",
        verdict=Verdict.INCORRECT,
        score=0.0,
        max_score=1.0,
        confidence=0.5,
        needs_review=True,
        reasons=("These are no words.",),
    )
    assert opinion(item(), gibberish) is None
    maths = item(Task.MATH)
    assert opinion(maths, mark(item(), Judgement(probability=0.9))) is None


def test_a_model_never_held_against_teachers_stays_unsure() -> None:
    verdicts = Distribution(("correct", "incorrect"), (0.9, 0.1))
    judgement = Judgement(verdicts=verdicts, calibrated=False)
    found = opinion(item(), mark(item(), judgement))
    assert found
    assert found.decide(0.99, CALIBRATION).needs_review


@given(
    st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6),
    st.floats(0.02, 0.98),
)
def test_a_tilted_distribution_has_the_mean_that_is_asked_for(
    weights: list[float], mean: float
) -> None:
    whole = sum(weights)
    values = [place / (len(weights) - 1) for place in range(len(weights))]
    labels = tuple(str(place) for place in range(len(weights)))
    found = tilted(Distribution(labels, tuple(w / whole for w in weights)), values, mean)
    assert found.expected(values) == pytest.approx(mean, abs=1e-6)
    assert sum(found.probabilities) == pytest.approx(1.0)
    assert all(0 <= p <= 1 for p in found.probabilities)
