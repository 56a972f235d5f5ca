"""Rows in anybody's form become examples, and a wrong mapping says what is meant."""

from typing import Any

import pytest

from runtime.errors import BadInputError
from runtime.judge.prompt import solution_answer
from runtime.marking.item import Task
from runtime.marking.mark import Verdict
from train.data.mapping import Reader
from train.data.schema import Example
from train.recipe import Source

ROW = {"question": "1 + 1?", "answer": "2", "task": "math", "label": "Correct"}


def read(row: dict[str, Any], **source: Any) -> list[Example]:  # noqa: ANN401 - any field of it
    reader = Reader("theirs", Source(kind="file", name="work.jsonl", **source))
    reader.check_columns(row, "work.jsonl")
    return reader.examples(row, 7, "work.jsonl, line 7")


def read_one(row: dict[str, Any], **source: Any) -> Example:  # noqa: ANN401 - any field of it
    (found,) = read(row, **source)
    return found


def test_our_own_names_need_no_mapping() -> None:
    found = read_one(ROW | {"id": "a", "group": "g", "reference": 2.0, "rule": "none", "x": 1})
    assert found == Example(
        id="a",
        set="theirs",
        group="g",
        task=Task.MATH,
        question="1 + 1?",
        answer="2",
        reference="2",
        verdict=Verdict.CORRECT,
        rule="none",
    )


def test_without_id_and_group_they_come_from_line_and_question() -> None:
    first, again, other = read_one(ROW), read_one(ROW), read_one(ROW | {"question": "2 + 2?"})
    assert first.id == "theirs-7"
    assert first.group == again.group != other.group
    assert read_one(ROW | {"question_id": 12}).group == "12"


def test_fields_are_mapped_into_objects_to_texts_and_away() -> None:
    row = {"prompt": "Which?", "choices": {"text": ["a", "b"]}, "source": "web", "label": "wrong"}
    fields = {"question": "prompt", "options": "choices.text", "language": "=it", "source": ""}
    found = read_one(row, fields=fields, task=Task.SHORT_ANSWER)
    assert (found.question, found.options) == ("Which?", ("a", "b"))
    assert (found.language, found.source) == ("it", None)


def test_a_column_that_is_mapped_is_not_read_under_its_own_name_too() -> None:
    found = read_one(ROW, fields={"feedback": "answer", "rule": "label"})
    assert (found.feedback, found.answer, found.rule, found.verdict) == ("2", "", "Correct", None)


@pytest.mark.parametrize("key", ["B", "b", "2", "oak"])
def test_a_choice_is_read_as_the_letter_of_its_option(key: str) -> None:
    row = ROW | {"options": ["elm", "oak"], "reference": key, "answer": key}
    assert read_one(row).reference == read_one(row).answer == "B"


def test_an_answer_that_is_no_option_stays_as_it_is() -> None:
    assert read_one(ROW | {"options": ["elm", "oak"], "answer": "0"}).answer == "0"
    assert read_one(ROW | {"options": ["2", "1"], "answer": "2"}).answer == "A"


def test_a_solution_of_gsm8k_is_written_in_our_form() -> None:
    found = read_one(ROW | {"feedback": "He has 1+2 = <<1+2=3>>3 hens.\n#### 3"}).feedback
    assert found == solution_answer("He has 1+2 = 3 hens.", "3")


@pytest.mark.parametrize("cell", ["7 + 1\n8", "7 + 1 | 8"])
def test_a_text_is_read_as_steps(cell: str) -> None:
    assert read_one(ROW | {"answer": None, "steps": cell}).steps == ("7 + 1", "8")


@pytest.mark.parametrize(
    ("label", "verdict", "score"),
    [
        ("Partially correct", Verdict.PARTIAL, None),
        ("pass", Verdict.CORRECT, None),
        (False, Verdict.INCORRECT, None),
        (1, None, 1.0),
        ("0.5", None, 0.5),
        (None, None, None),
    ],
)
def test_words_are_verdicts_and_numbers_scores(
    label: object, verdict: Verdict | None, score: float | None
) -> None:
    found = read_one(ROW | {"label": label})
    assert (found.verdict, found.score) == (verdict, score)


@pytest.mark.parametrize("scale", ["1-5", [1, 5], "[1, 5]"])
def test_a_score_stands_on_its_scale(scale: object) -> None:
    found = read_one(ROW | {"label": 4, "scale": scale})
    assert (found.score, found.scale) == (4.0, (1.0, 5.0))


def test_a_scale_may_be_the_highest_score_alone_or_a_text_of_the_mapping() -> None:
    assert read_one(ROW | {"label": 4, "most": 8}, fields={"scale": "most"}).scale == (0.0, 8.0)
    assert read_one(ROW | {"label": -1}, fields={"scale": "=-3-3"}).scale == (-3.0, 3.0)


def test_labels_are_mapped_to_verdicts() -> None:
    labels = {"correct": ["1", "fully there"], "incorrect": ["0"], "unmarked": ["?"]}
    values = [1, 1.0, "Fully_there", 0, "?"]
    found = [read_one(ROW | {"label": value}, labels=labels).verdict for value in values]
    assert found == [Verdict.CORRECT] * 3 + [Verdict.INCORRECT, None]


def test_a_mapped_verdict_that_is_empty_does_not_fall_back_to_the_label() -> None:
    assert read_one(ROW | {"equal": None}, fields={"verdict": "equal"}).verdict is None


def test_a_row_may_have_a_verdict_and_a_score() -> None:
    found = read_one(ROW | {"score": 0.5, "feedback": "Good."})
    assert (found.verdict, found.score, found.feedback) == (Verdict.CORRECT, 0.5, "Good.")


@pytest.mark.parametrize("better", [2, "B", "second"])
def test_two_answers_become_the_better_and_the_worse(better: object) -> None:
    row = {"id": "r", "question": "Why?", "one": "no", "two": "yes", "winner": better}
    fields = {"first": "one", "second": "two", "better": "winner"}
    found = read(row, fields=fields, task=Task.RUBRIC)
    assert [(one.answer, one.verdict, one.group) for one in found] == [
        ("yes", Verdict.CORRECT, "r"),
        ("no", Verdict.INCORRECT, "r"),
    ]
    assert len({one.id for one in found}) == 2


def test_a_tie_makes_no_examples() -> None:
    row = ROW | {"one": "no", "two": "yes", "winner": "tie"}
    assert read(row, fields={"first": "one", "second": "two", "better": "winner"}) == []


def test_chosen_and_rejected_are_read_as_they_stand() -> None:
    row = ROW | {"good": "yes", "bad": "no"}
    found = read(row, fields={"chosen": "good", "rejected": "bad"})
    assert [one.answer for one in found] == ["yes", "no"]


@pytest.mark.parametrize(
    ("row", "source", "message", "remedy"),
    [
        ({}, {"fields": {"anser": "a"}}, "'anser', which is no field of ours", "Is 'answer' meant"),
        ({}, {"fields": {"answer": "anwser"}}, "no row has the field 'anwser'", "'answer' meant"),
        ({}, {"labels": {"corect": ["1"]}}, "'corect', which is no verdict", "'correct' meant"),
        ({}, {"labels": {"correct": ["corect"]}}, "stands for no verdict", "Is 'corect' meant"),
        ({"label": "meh"}, {}, "the label 'meh' is neither a verdict nor a score", "--label"),
        ({"label": 7}, {}, "the score 7 is not on the scale from 0 to 1", "--field scale==0-5"),
        ({"scale": "big"}, {}, "'scale' is wrong: 'big' is no range", "0-5"),
        ({"scale": [5, 0]}, {}, "'scale' is wrong", "0-5"),
        ({"score": "high"}, {}, "'score' is wrong: 'high' is no number", "label"),
        ({"task": "judge"}, {}, "the task 'judge' is none of ours", "--task"),
        ({"task": None}, {}, "the field 'task' is missing", "--task"),
        ({"rubric": {"text": "t"}}, {}, "the field 'rubric' holds no text", "rubric=their.part"),
        ({"options": 3}, {}, "the field 'options' is no list", "--field options="),
        ({"first_wrong_step": 1.5}, {}, "'first_wrong_step' is wrong", "0, 1, 2"),
        ({"w": "c"}, {"fields": {"better": "w"}}, "'better' is wrong: 'c'", "tie"),
        ({"w": "a"}, {"fields": {"better": "w"}}, "the field 'first' is missing", "--field"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(
    row: dict[str, Any], source: dict[str, Any], message: str, remedy: str
) -> None:
    with pytest.raises(BadInputError, match=message) as caught:
        read(ROW | row, **source)
    assert remedy in caught.value.remedy


def test_a_file_without_answers_is_answered_with_the_nearest_column() -> None:
    with pytest.raises(BadInputError, match="no row has an answer, steps or a feedback") as caught:
        read({"question": "1 + 1?", "anwser": "2", "task": "math", "label": "correct"})
    assert caught.value.remedy == "Map the field: --field answer=anwser"


def test_a_missing_question_names_the_line_and_the_nearest_field() -> None:
    with pytest.raises(BadInputError, match=r"work\.jsonl, line 7: the field 'question'") as caught:
        read({"questions": "1 + 1?", "answer": "2", "task": "math"})
    assert "Is 'questions' meant?" in caught.value.remedy
