"""Simulated questions: the same each time, none measured that is trained on, and true labels."""

import random

import numpy as np
import pytest

from runtime.marking import maths
from runtime.marking.feedback_check import Told, find_faults
from runtime.marking.mark import Verdict
from runtime.marking.maths.report import Outcome
from train.scratch.classes import classes, ends, held_out, kept_out
from train.scratch.teacher import every_sentence, feedback, reason

SAID = {
    Outcome.EQUAL: Verdict.CORRECT,
    Outcome.WRONG_FORM: Verdict.PARTIAL,
    Outcome.WRONG_UNIT: Verdict.PARTIAL,
    Outcome.DIFFERENT: Verdict.INCORRECT,
}
VERDICTS = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


def test_the_same_seed_gives_the_same_classes() -> None:
    assert list(classes(5, 3)) == list(classes(5, 3))
    assert list(classes(5, 3)) != list(classes(5, 4))


def test_no_question_that_is_kept_for_measuring_is_trained_on() -> None:
    trained = [examples[0] for examples in classes(40, 0)]
    assert len(trained) == 40
    assert not any(map(kept_out, trained))
    measured = held_out(30, 1)
    assert len(measured) == 30
    assert all(map(kept_out, measured))


def test_a_near_miss_differs_from_a_right_answer_in_one_digit() -> None:
    for examples in classes(30, 1):
        right = [one.answer for one in examples if one.verdict is Verdict.CORRECT]
        for one in examples[4:]:
            assert one.verdict is Verdict.INCORRECT
            changed = [
                sum(a != b for a, b in zip(one.answer, other, strict=True))
                for other in right
                if len(other) == len(one.answer)
            ]
            assert min(changed) == 1


def test_ends_are_short_and_keep_the_final_answer() -> None:
    for examples in ends(10, 2):
        assert all(0 < len(one.answer) <= 24 for one in examples)
        assert all("Final Answer" not in (one.reference or "") for one in examples)


def test_the_labels_are_those_that_code_finds() -> None:
    examples = [one for rows in classes(20, 5) for one in rows]
    with maths.SymbolicChecker() as checker:
        found = [maths.examine(one.item(), checker).outcome for one in examples]
    same = [SAID.get(said) is one.verdict for said, one in zip(found, examples, strict=True)]
    assert np.mean(same) > 0.9


def test_feedback_is_what_code_would_show_a_child() -> None:
    rng = random.Random(0)
    for one in held_out(60, 2):
        verdict = one.verdict or Verdict.INCORRECT
        told = Told(item=one.item(), verdict=verdict)
        assert find_faults(feedback(verdict, one.rule or "", rng), told) == ()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_reason_and_no_sentence_a_number(verdict: Verdict) -> None:
    assert reason(verdict, random.Random(0)).endswith(".")
    assert not any(letter.isdigit() for sentence in every_sentence() for letter in sentence)
