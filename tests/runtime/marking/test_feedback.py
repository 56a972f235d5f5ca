"""Words for the child."""

import re

import pytest

from runtime.marking import child_words
from runtime.marking.ages import Band
from runtime.marking.decision import Decision
from runtime.marking.feedback import write_feedback
from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence, Verdict

ITEM = Item(id="1", task=Task.MATH, question="3 × 4?", answer="3 × 4 = 11", reference="12")
SLIP = Evidence(kind="calculation_error", message="Check 3 × 4.", span=(0, 10), step=0)


def decision(verdict: Verdict) -> Decision:
    return Decision(verdict=verdict, score=0, confidence=1, needs_review=False, reasons=())


def test_the_first_wrong_line_is_pointed_at_before_anything_else() -> None:
    feedback = write_feedback(ITEM, decision(Verdict.INCORRECT), (SLIP,), 2)
    assert feedback.text == "Not there yet. Up to there it works. Look closely at line 3."
    assert feedback.hints[-1] == "Work out this line once more, slowly, on its own."


def test_a_right_answer_after_a_wrong_line_is_praised_and_questioned() -> None:
    feedback = write_feedback(ITEM, decision(Verdict.CORRECT), (SLIP,), 0)
    assert feedback.text == "Your answer is right. Look at line 1 again: does it hold?"


def test_an_unmarked_answer_gets_no_words() -> None:
    assert write_feedback(ITEM, decision(Verdict.UNMARKED), (), None).text == ""


@pytest.mark.parametrize("verdict", [Verdict.INCORRECT, Verdict.PARTIAL])
@pytest.mark.parametrize("task", list(Task))
def test_no_word_gives_the_answer_away(verdict: Verdict, task: Task) -> None:
    item = Item(id="1", task=task, question="Why?", answer="no", reference="evaporation")
    feedback = write_feedback(item, decision(verdict), (SLIP,), 0)
    assert feedback.hints
    assert feedback.question
    said = " ".join((feedback.text, feedback.question, *feedback.hints))
    assert "evaporation" not in said


def test_each_age_is_spoken_to_in_its_own_words() -> None:
    said = {
        write_feedback(ITEM, decision(Verdict.CORRECT), (), None, band=band).text for band in Band
    }
    assert len(said) == len(Band)


@pytest.mark.parametrize(
    ("grade", "band"),
    [(None, Band.MIDDLE), (1, Band.YOUNG), (3, Band.YOUNG), (5, Band.MIDDLE), (9, Band.OLDER)],
)
def test_without_a_band_the_words_fit_the_grade(grade: int | None, band: Band) -> None:
    item = Item(id="1", task=Task.MATH, question="3 × 4?", answer="12", grade_level=grade)
    plain = write_feedback(item, decision(Verdict.CORRECT), (), None)
    assert plain == write_feedback(item, decision(Verdict.CORRECT), (), None, band=band)


def test_every_text_has_the_same_gaps_for_each_age() -> None:
    found = [one for one in vars(child_words).values() if isinstance(one, child_words.ByAge)]
    for one in (*found, *child_words.POINTERS.values()):
        assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in one}) == 1
