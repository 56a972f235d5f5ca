"""Italian answers: the verdict follows from points and errors, the feedback cites its sources."""

import re
from collections import Counter

import pytest

from runtime.marking.mark import Verdict
from train.data.schema import Example
from train.simulate.reasoning import Content, questions, reasoning_it, verdict_of


@pytest.fixture(scope="module")
def work() -> list[Example]:
    return list(reasoning_it(900, 3))


def test_there_are_thirty_questions_with_three_sources() -> None:
    found = questions()
    assert len({question.question for question in found}) >= 30
    for question in found:
        assert all(1 <= point.source <= len(question.sources) for point in question.point)
        assert all(error.against < len(question.point) for error in question.error)
        assert question.socratic.endswith("?")


def test_verdict() -> None:
    question = questions()[0]
    everything = tuple(range(len(question.point)))
    error = question.error[:1]
    assert verdict_of(question, Content(everything, ())) is Verdict.CORRECT
    assert verdict_of(question, Content(everything, error)) is Verdict.PARTIAL
    assert verdict_of(question, Content((0,), ())) is Verdict.PARTIAL
    assert verdict_of(question, Content((), error)) is Verdict.INCORRECT


def test_verdicts_are_as_frequent(work: list[Example]) -> None:
    assert set(Counter(example.verdict for example in work).values()) == {300}


def test_feedback_cites_and_ends_in_a_question(work: list[Example]) -> None:
    for example in work:
        feedback = example.feedback or ""
        cited = {int(number) for number in re.findall(r"\[(\d)\]", feedback)}
        assert cited
        assert cited <= {1, 2, 3}
        assert feedback.endswith("?")
        assert example.language == "it"
        assert len(example.sources) == 3


def test_feedback_praises_what_is_right_and_names_what_is_wrong(work: list[Example]) -> None:
    praise = re.compile("Hai scritto bene|È giusto|Bravo|Giusto:")
    for example in work:
        assert bool(praise.search(example.feedback or "")) == (
            example.verdict is not Verdict.INCORRECT
        )
        wrong = re.search("Non è esatto|non è vero", example.feedback or "")
        assert bool(wrong) == (example.rule in ("contradicts", "misconception"))


def test_every_rule_occurs(work: list[Example]) -> None:
    assert {example.rule for example in work} == {
        "complete",
        "leaves_out",
        "contradicts",
        "misconception",
        "empty",
    }
