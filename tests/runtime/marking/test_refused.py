"""Refused fields in words that a teacher reads."""

import pytest

from runtime.errors import BadInputError
from runtime.marking.item import parse_item
from runtime.words import use

ROW = {"id": "1", "task": "math", "question": "1 + 1?", "answer": "2"}
WORDS = [
    ("task", "poem", "'poem' is no task"),
    ("task", 3, "3 is no task"),
    ("form", "short", "'short' is no form of an answer"),
    ("grade_level", "4b", "'4b' is no whole number"),
    ("grade_level", 4.5, "4.5 is no whole number"),
    ("scale", [1], "[1] is no range of scores"),
    ("steps", "1 + 1", "'1 + 1' is no list"),
    ("answer", ["è"], '["è"] is no text'),
    ("rubric", 5, "5 is no rubric"),
    ("rubric", {"description": "x"}, "its part 'name' is missing"),
]


def problem(field: str, value: object) -> str:
    with pytest.raises(BadInputError) as caught:
        parse_item({**ROW, field: value})
    return caught.value.message


@pytest.mark.parametrize(("field", "value", "words"), WORDS)
def test_it_is_said_what_stands_there_and_what_it_is_not(
    field: str, value: object, words: str
) -> None:
    assert problem(field, value) == f"the field '{field}' is wrong: {words}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"name": 1}], "'rubric.criteria[0].name' is wrong: 1 is no text"),
        (
            [{"name": "a", "levels": {"x": "y"}}],
            "'rubric.criteria[0].levels' is wrong: the name of one of its parts is no whole number",
        ),
        ([{"name": "a", "weight": "much"}], "'much' is no number"),
    ],
)
def test_what_lies_deeper_is_named_by_where_it_stands(value: object, words: str) -> None:
    assert words in problem("rubric", {"name": "ideas", "criteria": value})


def test_a_long_value_is_cut() -> None:
    assert len(problem("task", "x" * 1_000_000)) < 100


def test_no_word_is_left_that_programs_speak() -> None:
    odd: list[object] = [None, True, 3, 1.5, float("inf"), 10**30, "", "x", [], [[]], {}, {"a": 1}]
    for field in ("task", "form", "grade_level", "scale", "steps", "rubric", "learner"):
        for value in odd:
            try:
                parse_item({**ROW, field: value})
            except BadInputError as error:
                assert "`" not in error.message
                assert "enum" not in error.message


def test_it_speaks_the_language_in_use() -> None:
    use("it")
    try:
        assert "'4b' non è un numero intero" in problem("grade_level", "4b")
    finally:
        use("en")
