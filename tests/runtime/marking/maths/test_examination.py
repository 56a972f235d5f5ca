import pytest

from runtime.marking.item import Form, Item, Task
from runtime.marking.maths import Outcome, examine
from tests.runtime.marking.maths.helpers import report


def kinds(answer: str, reference: str, form: Form | None = None) -> list[str]:
    return [found.kind for found in report(answer, reference, form=form).evidence]


def test_reports_what_was_read_and_where() -> None:
    found = report("3 x 2 = 6\nso it is 3 1/2 cm.", "3.5 cm")
    assert found.answer is not None
    assert (found.answer.text, found.answer.reading) == ("3 1/2 cm", "3 1/2 cm")
    assert found.answer.step == 1
    assert found.reference_reading == "3.5 cm"
    assert found.sure


def test_without_a_reference_the_lines_are_still_checked() -> None:
    found = report("3 x 2 = 7")
    assert (found.outcome, found.first_wrong_step) == (Outcome.NO_REFERENCE, 0)


def test_nothing_readable() -> None:
    found = report("I don't know", "12")
    assert (found.outcome, found.answer) == (Outcome.UNREADABLE, None)


@pytest.mark.parametrize(
    ("form", "reference", "answer", "kept"),
    [
        (Form.SIMPLEST, "3/4", "3/4", True),
        (Form.SIMPLEST, "3/4", "6/8", False),
        (Form.SIMPLEST, "2", "4/2", False),
        (Form.SIMPLEST, "1 1/2", "1 2/4", False),
        (Form.SIMPLEST, "3/4", "0.75", False),
        (Form.SIMPLEST, "1:2", "2:4", False),
        (Form.SIMPLEST, "2:3", "2:3", True),
        (Form.FRACTION, "0.5", "1/2", True),
        (Form.FRACTION, "1/2", "0.5", False),
        (Form.MIXED, "3 1/2", "3 1/2", True),
        (Form.MIXED, "3 1/2", "7/2", False),
        (Form.DECIMAL, "0.5", "0,5", True),
        (Form.DECIMAL, "0.5", "1/2", False),
        (Form.DECIMAL, "0.5", "50%", False),
        (Form.PERCENT, "50%", "50 %", True),
        (Form.PERCENT, "50%", "0.5", False),
        (Form.INTEGER, "4", "4", True),
        (Form.INTEGER, "4", "8/2", False),
        (Form.UNIT, "12 cm", "12cm", True),
        (Form.UNIT, "12 cm", "12", False),
    ],
)
def test_required_form(form: Form, reference: str, answer: str, kept: bool) -> None:
    outcome = report(answer, reference, form=form).outcome
    assert outcome is (Outcome.EQUAL if kept else Outcome.WRONG_FORM)


def test_missed_form_is_evidence() -> None:
    assert "form" in kinds("6/8", "3/4", Form.SIMPLEST)


def test_wrong_unit_is_told_from_a_wrong_number() -> None:
    assert report("12 kg", "12 cm").outcome is Outcome.WRONG_UNIT
    assert report("13 kg", "12 cm").outcome is Outcome.DIFFERENT
    assert report("12 m", "12 cm").outcome is Outcome.WRONG_UNIT


def test_a_missing_unit_is_noted() -> None:
    assert "unit" in kinds("12", "12 cm")


def test_a_bare_number_fits_a_percentage_that_is_asked_for() -> None:
    asked = report("28%", "28", question="What percent of the apples are red?")
    assert asked.outcome is Outcome.EQUAL
    assert report("28%", "28", question="How many apples?").outcome is Outcome.WRONG_UNIT


def test_an_ambiguous_reading_is_not_sure() -> None:
    found = report("1.500", "1500")
    assert (found.outcome, found.sure) == (Outcome.EQUAL, False)


def test_several_answers_are_named() -> None:
    assert "several_answers" in kinds("3 or 4 or 5", "4")


def test_rivals_by_line_are_not_sure() -> None:
    found = report("7\n8\n9", "9")
    assert (found.outcome, found.sure) == (Outcome.DIFFERENT, False)


def test_steps_are_counted_where_they_are_given() -> None:
    steps = ("3 x 4 = 12", "12 + 1 = 14", "14")
    row = Item(id="1", task=Task.MATH, question="", steps=steps, reference="13")
    found = examine(row)
    assert (found.outcome, found.first_wrong_step) == (Outcome.DIFFERENT, 1)
    assert found.answer is not None
    assert found.answer.step == 2


@pytest.mark.parametrize("answer", ["7 x 8 = 54", "55", "it is 55 cm", "54 kg", "3 or 4"])
def test_no_message_tells_the_right_answer(answer: str) -> None:
    found = report(answer, "56 cm")
    assert found.evidence
    assert not any("56" in item.message for item in found.evidence)


@pytest.mark.parametrize("answer", ["7 x 8 = 54", "x = 3", " 12 cm ", "A: 12\n", "½"])
def test_spans_point_at_what_is_quoted(answer: str) -> None:
    found = report(answer, "56 cm")
    assert found.answer is not None
    assert answer[slice(*found.answer.span)] == found.answer.text


def test_a_wrong_list_is_no_guess_where_a_list_is_wanted() -> None:
    assert "several_answers" not in kinds("2, 5", "2, 3")


def test_a_time_is_no_ambiguous_numeral() -> None:
    assert report("2:30 pm", "14:30").sure


def test_a_long_text_is_cut_not_refused() -> None:
    found = report("so " * 20_000 + "the answer is 12", "12")
    assert (found.outcome, found.sure) == (Outcome.UNREADABLE, False)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("25\n+ 17\n= 42", "42"),
        ("25\n+17\n42", "42"),
        ("25\n+17\n---\n42", "42"),
        ("42\n- 17\n= 25", "25"),
        ("42 - 17\nso 25", "25"),
        ("9/12 + 10/12\n→ 19/12", "19/12"),
        ("9/12 + 10/12\nI add the tops\n= 19/12", "19/12"),
        ("12 x 3 = 36\n+ 5\n41", "41"),
        ("60 ÷ 3 = 20 x 2 = 40", "40"),
    ],
)
def test_the_end_of_a_working_down_the_page_is_its_answer(answer: str, reference: str) -> None:
    found = report(answer, reference)
    assert (found.outcome, found.sure) == (Outcome.EQUAL, True)


@pytest.mark.parametrize("answer", ["25\n+17\n43", "25\n17", "25\n+ 17"])
def test_no_number_within_a_working_is_its_answer(answer: str) -> None:
    assert report(answer, "25").outcome is Outcome.DIFFERENT
