"""Items: which rows are taken, which are refused with which words, and where lines stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from runtime.marking.item import MAX_ANSWER_CHARS, MAX_SOLUTION_CHARS, Form, Item, Task, parse_item

ROW = {"id": "q1", "task": "math", "question": "1+1?", "answer": "2"}


def problem(**changes: object) -> str:
    with pytest.raises(BadInputError) as caught:
        parse_item({**ROW, **changes})
    return f"{caught.value.message} | {caught.value.remedy}"


class TestParseItem:
    def test_the_smallest_row(self) -> None:
        item = parse_item(ROW)
        assert (item.id, item.task, item.scale) == ("q1", Task.MATH, (0.0, 1.0))

    def test_fields_of_others_and_nulls_are_left_alone(self) -> None:
        assert parse_item({**ROW, "label": "correct", "reference": None}) == parse_item(ROW)

    def test_numbers_as_id_and_reference(self) -> None:
        item = parse_item({**ROW, "id": 7, "reference": 0.5, "answer": 42})
        assert (item.id, item.reference, item.text) == ("7", "0.5", "42")

    @pytest.mark.parametrize(("number", "text"), [(12.0, "12"), (3.14159265, "3.14159265")])
    def test_a_number_keeps_its_digits(self, number: float, text: str) -> None:
        assert parse_item({**ROW, "reference": number}).reference == text

    def test_a_rubric_may_be_its_description(self) -> None:
        rubric = parse_item({**ROW, "rubric": "Names two reasons."}).rubric
        assert rubric is not None
        assert rubric.description == "Names two reasons."

    def test_steps_instead_of_an_answer(self) -> None:
        row = {key: value for key, value in ROW.items() if key != "answer"}
        assert parse_item({**row, "steps": ["a", "b"]}).text == "a\nb"

    def test_numbers_as_text_from_a_spreadsheet(self) -> None:
        item = parse_item({**ROW, "grade_level": "4", "scale": ["0", "5"], "form": "simplest"})
        assert (item.grade_level, item.scale, item.form) == (4, (0.0, 5.0), Form.SIMPLEST)

    def test_a_worked_solution_is_kept_line_by_line(self) -> None:
        assert parse_item(ROW).solution == ""
        assert parse_item({**ROW, "solution": "1 + 1\n= 2"}).solution == "1 + 1\n= 2"
        assert parse_item({**ROW, "solution": 2}).solution == "2"

    def test_an_empty_answer_is_an_answer(self) -> None:
        assert parse_item({**ROW, "answer": ""}).text == ""


class TestRefusals:
    @pytest.mark.parametrize("field", ["id", "task", "question", "answer"])
    def test_a_missing_field(self, field: str) -> None:
        row = {key: value for key, value in ROW.items() if key != field}
        with pytest.raises(BadInputError, match=f"the field '{field}' is missing"):
            parse_item(row)

    def test_a_misspelt_field(self) -> None:
        row = {"id": "1", "task": "math", "question": "?", "anwser": "2"}
        with pytest.raises(BadInputError) as caught:
            parse_item(row)
        assert caught.value.remedy == "Is 'anwser' meant?"

    def test_an_unknown_task(self) -> None:
        said = problem(task="maths")
        assert "the field 'task' is wrong" in said
        assert "Use one of: math, short_answer, essay, rubric." in said

    def test_an_unknown_form(self) -> None:
        assert "Use one of: simplest, fraction" in problem(form="short")

    def test_a_scale_upside_down(self) -> None:
        assert "5 is not below 0" in problem(scale=[5, 0])

    def test_a_wrong_type(self) -> None:
        assert "the field 'grade_level' is wrong" in problem(grade_level="four")

    def test_an_answer_over_the_limit(self) -> None:
        assert "100,001 characters" in problem(answer="x" * (MAX_ANSWER_CHARS + 1))

    def test_a_solution_over_the_limit(self) -> None:
        assert "20,001 characters" in problem(solution="x" * (MAX_SOLUTION_CHARS + 1))

    def test_a_solution_that_is_no_text(self) -> None:
        assert "the field 'solution' is wrong" in problem(solution=["1 + 1", "= 2"])


class TestLines:
    def test_lines_of_an_answer_know_where_they_stand(self) -> None:
        item = Item(id="1", task=Task.MATH, question="", answer=" a = 1\n\n  b = 2 \r\n")
        assert [line.text for line in item.lines()] == ["a = 1", "b = 2"]
        assert all(item.text[line.start : line.end] == line.text for line in item.lines())

    @given(st.lists(st.text(max_size=20), max_size=6))
    def test_steps_stand_where_they_say(self, steps: list[str]) -> None:
        item = Item(id="1", task=Task.MATH, question="", steps=tuple(steps))
        assert len(item.lines()) == len(steps)
        assert all(item.text[line.start : line.end] == line.text for line in item.lines())

    @given(st.text(max_size=80))
    def test_lines_of_any_answer_stand_where_they_say(self, answer: str) -> None:
        item = Item(id="1", task=Task.MATH, question="", answer=answer)
        assert all(item.text[line.start : line.end] == line.text for line in item.lines())
