"""A cascade: who judges what, how often, and what each stage came to."""

import unicodedata
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.llm import cascade
from runtime.judge.llm.cascade import ENCODER_FROM, Cascade, same_answer, suits_encoder
from runtime.judge.llm.stages import Stage, Stages, seconds_saved, stage_lines, stage_of
from runtime.marking.item import Task
from runtime.marking.judgement import Case, Distribution, Judged, Judgement, ReadingJudge
from runtime.marking.mark import Evidence, Mark, Verdict
from tests.runtime.judge.llm.judging import cases, essay, short

FOUND = Distribution(("incorrect", "correct"), (0.2, 0.8))


class FakeModel:
    """A language model that answers in reverse, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.provenance = {"model": "m"}

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        return [judged.judgement for judged in sorted(self.judge_each(cases))]

    def judge_each(self, cases: Sequence[Case]) -> Iterator[Judged]:
        for place in reversed(range(len(cases))):
            self.asked.append(cases[place].item.text)
            yield Judged(place, Judgement(verdicts=FOUND, stage="model"))

    def close(self) -> None:
        raise AssertionError("the cascade does not own its model")


class FakeEncoder:
    """An encoder that is sure of what has few letters."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.provenance = {"model": "e", "head": "h"}

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        self.asked += [case.item.text for case in cases]
        sure = [len(case.item.text) < 10 for case in cases]
        return [Judgement(probability=1 - ENCODER_FROM if one else 0.6) for one in sure]

    def close(self) -> None:
        raise AssertionError("the cascade does not own its encoder")


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def judge(model: FakeModel, encoder: FakeEncoder) -> Cascade:
    return Cascade(model, encoder)


def stages(judgements: Sequence[Judgement]) -> list[str]:
    return [judgement.stage for judgement in judgements]


def test_it_is_a_judge_that_reads(judge: Cascade) -> None:
    assert isinstance(judge, ReadingJudge)


def test_each_stage_takes_what_the_earlier_ones_leave(
    judge: Cascade, model: FakeModel, encoder: FakeEncoder
) -> None:
    found = judge.judge(cases("a dog", "It evaporates there.", "A  DOG.", "it evaporates there"))
    assert stages(found) == ["encoder", "model", "same", "same"]
    assert found[3].verdicts == FOUND
    assert encoder.asked == ["a dog", "It evaporates there."]
    assert model.asked == ["It evaporates there."]


def test_an_identical_answer_of_another_batch_is_not_judged_again(
    judge: Cascade, model: FakeModel
) -> None:
    judge.judge(cases("It evaporates there."))
    assert stages(judge.judge(cases("It evaporates there!"))) == ["same"]
    assert len(model.asked) == 1


def test_only_so_many_are_remembered(
    judge: Cascade, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cascade, "REMEMBERED", 1)
    judge.judge(cases("It evaporates there.", "It goes up into the air."))
    judge.judge(cases("It evaporates there.", "It goes up into the air."))
    assert len(model.asked) > 2


def test_verdicts_of_early_stages_come_first(judge: Cascade) -> None:
    seen = judge.judge_each(cases("It evaporates there.", "a dog", "It goes up into the air."))
    assert [judged.place for judged in seen] == [1, 2, 0]


def test_without_an_encoder(model: FakeModel) -> None:
    judge = Cascade(model, None)
    assert stages(judge.judge(cases("a dog", "A dog"))) == ["model", "same"]
    assert judge.provenance == {"model": "m", "cascade": "same"}


def test_provenance_names_both_models_and_the_threshold(judge: Cascade) -> None:
    assert judge.provenance == {
        "model": "m",
        "encoder": "e",
        "encoder_head": "h",
        "cascade": f"same, encoder from {ENCODER_FROM:g}",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "it"},
        {"reference": None, "source": "Water evaporates."},
        {"scale": (0.0, 2.0)},
        {"task": Task.RUBRIC},
    ],
)
def test_the_encoder_gets_nothing_it_was_not_measured_on(changes: dict[str, object]) -> None:
    assert suits_encoder(Case(short("a dog")))
    assert not suits_encoder(Case(msgspec.structs.replace(short("a dog"), **changes)))


def test_words_turned_round_are_for_the_model() -> None:
    turned = Evidence(kind="opposite", message="")
    assert not suits_encoder(Case(short("It gets less dense."), (turned,)))


class TestSameAnswer:
    @given(st.text(alphabet="aéBc d.", min_size=1))
    def test_spelling_that_does_not_matter(self, text: str) -> None:
        other = f"  {unicodedata.normalize('NFD', text).upper()}\n. "
        assert same_answer(Case(short(text))) == same_answer(Case(short(other, 2)))

    @pytest.mark.parametrize("other", ["A dog was", "dog a", "a dog 2", "a-dog"])
    def test_other_words(self, other: str) -> None:
        assert same_answer(Case(short("a dog"))) != same_answer(Case(short(other)))

    def test_another_question(self) -> None:
        asked = msgspec.structs.replace(short("a dog"), question="Who?")
        assert same_answer(Case(asked)) != same_answer(Case(short("a dog")))

    def test_essays_are_the_same_to_the_letter(self) -> None:
        assert same_answer(Case(essay("Bees fly."))) == same_answer(Case(essay("Bees fly.")))
        assert same_answer(Case(essay("Bees fly."))) != same_answer(Case(essay("bees fly.")))
        assert same_answer(Case(essay("Bees fly."))) != same_answer(Case(essay("Bees fly")))

    @pytest.mark.parametrize(("one", "other"), [("5!", "5"), ("3 m", "3 M")])
    def test_signs_of_maths_count(self, one: str, other: str) -> None:
        sums = [Case(msgspec.structs.replace(short(text), task=Task.MATH)) for text in (one, other)]
        assert same_answer(sums[0]) != same_answer(sums[1])

    def test_what_code_found_counts_where_the_model_reads_it(self) -> None:
        item = msgspec.structs.replace(short("3+4=8"), task=Task.MATH)
        found = Evidence(kind="calculation_error", message="3 + 4 is not 8.")
        assert same_answer(Case(item)) != same_answer(Case(item, (found,)))


def mark(stage: str = "", seconds: float = 0.0, verdict: Verdict = Verdict.CORRECT) -> Mark:
    return Mark(
        id="1",
        verdict=verdict,
        score=1.0,
        max_score=1.0,
        confidence=0.9,
        needs_review=False,
        provenance={"stage": stage} if stage else {},
        seconds=seconds,
    )


class TestStages:
    def test_shares_seconds_and_agreement(self) -> None:
        counted = Stages()
        for one, agrees in (
            (mark(), True),
            (mark("same"), False),
            (mark("model", 3.0), True),
            (mark("model", 1.0), False),
        ):
            counted.add(one, agrees)
        figures = counted.figures()
        assert [figures[stage].answers for stage in figures] == [1, 1, 2]
        assert figures[Stage.MODEL].share == 0.5
        assert figures[Stage.MODEL].agreement == 0.5
        assert seconds_saved(figures) == 4.0
        assert stage_lines(figures) == [
            "Judged by evidence alone 1 (25%, 100.0% like the label), as an identical answer 1 "
            "(25%, 0.0% like the label), the model 2 (50%, 50.0% like the label); about 4.0 s of "
            "the model's time saved."
        ]

    def test_without_a_language_model_there_is_nothing_to_tell(self) -> None:
        counted = Stages()
        counted.add(mark())
        assert stage_lines(counted.figures()) == []

    def test_what_is_unmarked_is_of_no_stage(self) -> None:
        assert stage_of(mark("model", verdict=Verdict.UNMARKED)) is None

    def test_nothing_is_known_to_be_saved_where_the_model_judged_nothing(self) -> None:
        counted = Stages()
        counted.add(mark("same"))
        assert seconds_saved(counted.figures()) is None
