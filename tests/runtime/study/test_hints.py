"""The ladder of hints: each rung says more, and only the last one tells the answer."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.ages import Band
from runtime.marking.feedback_check import Told
from runtime.marking.feedback_check.leaks import leaks
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.marker import Marker
from runtime.study.hints import Rung, ladder
from tests.runtime.study import classroom
from tests.runtime.study.classroom import FRACTIONS, PUDDLE, mark


def answered(item: Item, answer: str) -> Item:
    return msgspec.structs.replace(item, answer=answer)


def test_a_wrong_line_is_pointed_at_and_the_next_step_fits_it(marker: Marker) -> None:
    item = answered(FRACTIONS, "3/4 = 9/12\n5/6 = 10/12\n9/12 + 10/12 = 18/12")
    nudge, where, step, solution = ladder(item, marker.mark([item])[0], Band.MIDDLE)
    assert nudge.text == "Read the question again. What is it asking for?"
    assert where.text == (
        "In line 3, cover what stands after the =. What does 9/12 + 10/12 come to?"
    )
    assert step.text == "Now work with the numerators; the denominator stays as it is."
    assert solution.rung is Rung.SOLUTION
    assert solution.lines[-1] == "9/12 + 10/12 = 19/12"


@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize("item", classroom.ALL, ids=lambda item: item.id)
@pytest.mark.parametrize("answer", ["", "I do not know", "3", "3x = 15", "x = 5 or 6, 68 or 19/12"])
def test_no_rung_below_the_last_tells_the_answer(
    item: Item, answer: str, band: Band, marker: Marker
) -> None:
    wrote = answered(item, answer)
    for hint in ladder(wrote, marker.mark([wrote])[0], band):
        if hint.rung < Rung.SOLUTION:
            assert leaks(hint.whole, Told(item=wrote, verdict=Verdict.INCORRECT)) is None


@given(st.integers(2, 99), st.integers(2, 99), st.sampled_from("+-×"), st.sampled_from(list(Band)))
def test_no_sum_is_given_away(left: int, right: int, sign: str, band: Band) -> None:
    value = {"+": left + right, "-": left - right, "×": left * right}[sign]
    item = Item(
        id="1", task=Task.MATH, question=f"What is {left} {sign} {right}?", reference=str(value)
    )
    for hint in ladder(item, None, band)[:-1]:
        assert leaks(hint.whole, Told(item=item, verdict=Verdict.INCORRECT)) is None


def test_the_denominator_is_not_named_where_it_is_the_answer() -> None:
    item = Item(
        id="1",
        task=Task.MATH,
        question="Which is the lowest common denominator in 1/3 + 1/4?",
        reference="12",
    )
    assert all("12" not in hint.whole for hint in ladder(item, None, Band.MIDDLE)[:3])


def test_a_short_answer_is_led_on_without_the_words_of_the_reference() -> None:
    item = answered(PUDDLE, "The water goes away.")
    *before, solution = ladder(item, mark(Verdict.INCORRECT), Band.YOUNG)
    said = " ".join(hint.whole for hint in before)
    assert "evaporate" not in said
    assert "vapour" not in said
    assert before[1].text.startswith("You have not said anything about this yet:")
    assert solution.lines == (PUDDLE.reference,)


def test_a_wrong_step_of_an_equation_is_laid_beside_the_line_before(marker: Marker) -> None:
    item = answered(classroom.EQUATION, "3x + 12 = 27\n\n3x = 39\nx = 13")
    where = ladder(item, marker.mark([item])[0], Band.MIDDLE)[Rung.WHERE]
    assert where.text == "Compare line 3 with line 1. What was done to each side?"


def test_a_fraction_that_was_changed_is_compared_with_what_it_was(marker: Marker) -> None:
    item = answered(FRACTIONS, "3/4 = 9/12\n5/6 = 11/12")
    where = ladder(item, marker.mark([item])[0], Band.YOUNG)[Rung.WHERE]
    assert where.text == "Look at line 2. Is 5/6 as much as 11/12? Draw both."


def test_words_of_the_question_that_a_good_answer_takes_up_are_named_first() -> None:
    item = Item(
        id="1",
        task=Task.SHORT_ANSWER,
        question="Why do we see the Moon even though it makes no light of its own?",
        reference="The Moon reflects light from the Sun to our eyes.",
        answer="Because it is near.",
    )
    where = ladder(item, mark(Verdict.INCORRECT), Band.YOUNG)[Rung.WHERE]
    assert where.text == "You have not said anything about this yet: Moon, light."


def test_the_worked_solution_of_a_set_comes_before_any_other() -> None:
    own = msgspec.structs.replace(FRACTIONS, solution="9/12 + 10/12\n= 19/12")
    solution = ladder(own, mark(Verdict.INCORRECT), Band.MIDDLE)[-1]
    assert solution.rung is Rung.SOLUTION
    assert solution.lines == ("9/12 + 10/12", "= 19/12")


def test_without_a_reference_there_is_no_solution() -> None:
    hints = ladder(classroom.BEES, None, Band.MIDDLE)
    assert [hint.rung for hint in hints] == [Rung.NUDGE, Rung.WHERE, Rung.NEXT]


def test_what_is_right_but_for_its_form_is_not_sent_back_to_the_start(marker: Marker) -> None:
    item = answered(FRACTIONS, "38/24")
    hints = ladder(item, marker.mark([item])[0], Band.OLDER)
    assert (
        hints[Rung.WHERE].text == "The value is right. Write it in the form the question asks for."
    )
    assert "reduced" in hints[Rung.NEXT].text


def test_each_age_is_spoken_to_in_its_own_words() -> None:
    said = {ladder(FRACTIONS, None, band)[Rung.NEXT].text for band in Band}
    assert len(said) == 3
