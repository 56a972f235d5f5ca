"""The judge itself: distributions, classes, cuts, and everything that can go wrong on the way."""

import math
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.catalogue import Trained
from runtime.judge.decoding.branches import BranchContext, OutOfRoomError, StoppedError
from runtime.judge.decoding.scoring import TOLERANCE, ScoreRequest, score
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.llm import judge as judging_module
from runtime.judge.llm.judge import LlmJudge
from runtime.judge.llm.subjects import Brought
from runtime.judge.prompt import contract_digest
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case, Distribution, Judgement
from runtime.marking.rubric import Rubric
from tests.runtime.judge.llm.judging import cases, chat_path, essay, judge, opened, short

__all__ = ["chat_path", "judge"]

ANSWERS = ("The sun heats it.", "It goes up into the air.", "A dog drank it.", "evaporation")


def verdicts(judgement: Judgement) -> Distribution:
    assert judgement.verdicts
    return judgement.verdicts


def test_every_answer_has_a_distribution_over_the_verdicts(judge: LlmJudge) -> None:
    found = judge.judge(cases(*ANSWERS))
    assert len(found) == len(ANSWERS)
    for judgement in found:
        assert set(verdicts(judgement).labels) == {"correct", "partial", "incorrect"}
        assert math.fsum(verdicts(judgement).probabilities) == pytest.approx(1)
        assert (judgement.stage, judgement.calibrated) == ("model", False)


def test_a_class_is_judged_as_each_answer_alone(judge: LlmJudge, chat_path: Path) -> None:
    together = judge.judge(cases(*ANSWERS))
    for answer, found in zip(ANSWERS, together, strict=True):
        with opened(chat_path) as other:
            [alone] = other.judge(cases(answer))
        shift = np.subtract(verdicts(found).probabilities, verdicts(alone).probabilities)
        assert abs(shift).max() < TOLERANCE


def test_what_a_class_shares_is_read_once(judge: LlmJudge) -> None:
    judge.prepare([case.item for case in cases(*ANSWERS)])
    judge.judge(cases(ANSWERS[0]))
    sequences = judge.memory.current
    assert sequences
    alone = sequences.read_tokens
    judge.judge(cases(*ANSWERS[1:]))
    assert judge.memory.current is sequences
    assert sequences.read_tokens - alone < alone / 2


def test_an_essay_has_scores_and_a_score_by_each_criterion(judge: LlmJudge) -> None:
    [found] = judge.judge([Case(essay("Bees are useful. They bring pollen."))])
    assert found.scores
    assert found.scores.labels == ("0", "1", "2", "3", "4", "5")
    assert 0 <= found.scores.expected() <= 5
    assert {name: one.labels for name, one in found.trait_scores.items()} == {
        "ideas": ("0", "1", "2"),
        "order": ("0", "1", "2"),
    }


def test_an_answer_longer_than_the_context_is_cut_and_says_so(judge: LlmJudge) -> None:
    [found] = judge.judge(cases("The sun heats the water. " * 400))
    assert found.verdicts
    assert any("read" in note for note in found.notes)


def test_a_rubric_longer_than_the_context_is_no_verdict_but_numbers(judge: LlmJudge) -> None:
    rubric = Rubric(name="r", description="Says that water evaporates. " * 400)
    item = msgspec.structs.replace(short("It dries."), task=Task.RUBRIC, rubric=rubric)
    found, other = judge.judge([Case(item), Case(short("It dries.", 2))])
    assert found.verdicts is found.scores is None
    assert any(any(map(str.isdigit, note)) for note in found.notes)
    assert other.verdicts


def test_an_empty_rubric_is_a_reason_and_no_verdict(judge: LlmJudge) -> None:
    item = msgspec.structs.replace(short("It dries."), task=Task.RUBRIC, rubric=Rubric(name="r"))
    [found] = judge.judge([Case(item)])
    assert found.verdicts is found.scores is None
    assert found.notes[0] == "There is no rubric to score this by."


def test_verdicts_come_as_they_are_there(judge: LlmJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging_module, "STEPS_A_TURN", 0)
    seen = judge.judge_each(cases(*ANSWERS))
    first = next(seen)
    assert judge.memory.current
    read = judge.memory.current.read_tokens
    assert {first.place, *(judged.place for judged in seen)} == set(range(len(ANSWERS)))
    assert judge.memory.current.read_tokens > read


class TestCalibration:
    def trained(self, **fields: object) -> Trained:
        values = {
            "purpose": "causal",
            "prompt": "mark_short_answer",
            "contract": contract_digest(),
            "temperature": 2.0,
        }
        return msgspec.convert(values | fields, Trained)

    def judged(self, path: Path, trained: Trained) -> Judgement:
        with opened(path, Brought("practice", trained=trained)) as judge:
            [found] = judge.judge(cases(ANSWERS[0]))
        return found

    def test_a_fitted_temperature_flattens_and_calibrates(self, chat_path: Path) -> None:
        plain = self.judged(chat_path, self.trained(temperature=1.0))
        flat = self.judged(chat_path, self.trained())
        assert not plain.calibrated
        assert flat.calibrated
        assert verdicts(flat).entropy > verdicts(plain).entropy

    def test_other_words_than_it_was_trained_with(self, chat_path: Path) -> None:
        found = self.judged(chat_path, self.trained(contract="0" * 64))
        assert not found.calibrated
        assert any("other words" in note for note in found.notes)

    def test_another_question_than_it_was_fitted_to(self, chat_path: Path) -> None:
        assert not self.judged(chat_path, self.trained(prompt="mark_essay")).calibrated


class TestTrouble:
    def test_stopped_midway_the_next_call_works(self, judge: LlmJudge) -> None:
        expected = judge.judge(cases(*ANSWERS))
        judge.stopping = lambda: True
        with pytest.raises(StoppedError):
            judge.judge(cases(*(f"{answer} And more." for answer in ANSWERS)))
        judge.stopping = None
        again = judge.judge(cases(*ANSWERS))
        for one, other in zip(again, expected, strict=True):
            assert verdicts(one).probabilities == pytest.approx(
                verdicts(other).probabilities, abs=TOLERANCE
            )

    def test_out_of_memory_the_answers_that_fit_are_judged(
        self, judge: LlmJudge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(judging_module, "score", _short_of_room(score))
        found = judge.judge(cases(*ANSWERS, "This one is far too long. " * 9))
        assert [one.verdicts is not None for one in found] == [True] * len(ANSWERS) + [False]
        assert found[-1].notes[0] == "There is no room."

    def test_a_model_without_numbers_is_refused(
        self, judge: LlmJudge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def damaged(*_: object, **_options: object) -> None:
            raise ModelError("The model gives logits that are no numbers.")

        monkeypatch.setattr(BranchContext, "read", damaged)
        with pytest.raises(ModelError, match="no numbers"):
            judge.judge(cases(*ANSWERS))

    def test_memory_that_cannot_hold_it_is_refused_before_anything_is_read(
        self, chat_path: Path
    ) -> None:
        with (
            opened(chat_path, memory=1_000_000) as judge,
            pytest.raises(ModelError, match=r"\d"),
        ):
            judge.prepare([case.item for case in cases(*ANSWERS)])

    def test_a_long_source_beside_another_long_answer_is_not_too_much(
        self, judge: LlmJudge
    ) -> None:
        source = "Puddles dry up in the sun. " * 80
        sourced = msgspec.structs.replace(short("The sun did it."), source=source)
        both = [sourced, short("It goes up into the air. " * 80, 2)]
        judge.prepare(both)
        prepared = judge.memory.current
        assert all(found.verdicts for found in judge.judge([Case(item) for item in both]))
        assert judge.memory.current is prepared

    def test_what_is_prepared_is_not_made_anew(self, judge: LlmJudge) -> None:
        items: list[Item] = [case.item for case in cases(*ANSWERS)]
        judge.prepare(items)
        prepared = judge.memory.current
        assert prepared
        judge.judge([Case(item) for item in items])
        assert judge.memory.current is prepared


Score = Callable[..., list[np.ndarray[tuple[int], np.dtype[np.float64]]]]


def _short_of_room(score: Score) -> Score:
    """Return a ``score`` that has room for short prompts alone."""

    def tight(sequences: Sequences, requests: list[ScoreRequest]) -> list[object]:
        if max(len(request.prompt.ids) - request.prompt.public for request in requests) > 150:
            raise OutOfRoomError("There is no room.")
        return list(score(sequences, requests))

    return tight  # type: ignore[return-value]
