"""The hub datasets that recipes name are read as their stages need them, on made-up rows."""

from typing import Any

import pytest

from train.data.mapping import Reader
from train.data.schema import Example
from train.recipe import Source, load_recipe, recipe_names

ROWS: dict[str, dict[str, Any]] = {
    "openai/gsm8k": {
        "question": "A hen lays 2 eggs a day. How many in 3 days?",
        "answer": "She lays 2*3 = <<2*3=6>>6 eggs.\n#### 6",
    },
    "allenai/ai2_arc": {
        "id": "x",
        "question": "Which of these rusts?",
        "choices": {"text": ["glass", "iron"], "label": ["1", "2"]},
        "answerKey": "2",
    },
    "abisee/cnn_dailymail": {"article": "Long.", "highlights": "Short.", "id": "x"},
    "prometheus-eval/Feedback-Collection": {
        "orig_instruction": "Say why ice floats.",
        "orig_response": "It is light.",
        "orig_reference_answer": "It is less dense than water.",
        "orig_criteria": "Does it name density?",
        "orig_score": "2",
        "orig_feedback": "It does not.",
        "instruction": "###Task",
        "output": "...",
    },
}
"""A row in the form of each dataset."""

SOURCES = {
    source.name: source
    for name in recipe_names()
    for stage in load_recipe(name).stage
    for source in stage.data
    if source.kind == "hub"
}


def read(name: str) -> Example:
    (found,) = Reader(name, SOURCES[name]).examples(ROWS[name], 1, name)
    return found


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_every_mapping_is_of_known_fields(source: Source) -> None:
    reader = Reader(source.name, source)
    reader.check_columns(ROWS[source.name], source.name)


def test_a_solution_of_gsm8k_is_what_is_learned_and_no_answer() -> None:
    found = read("openai/gsm8k")
    assert (found.answer, found.feedback) == ("", "She lays 2*3 = 6 eggs.\nFinal Answer: 6")


def test_a_choice_of_arc_is_a_letter() -> None:
    found = read("allenai/ai2_arc")
    assert (found.options, found.reference) == (("glass", "iron"), "B")


def test_an_article_has_its_highlights_to_learn_and_a_group_of_its_own() -> None:
    found = read("abisee/cnn_dailymail")
    assert (found.source, found.feedback) == ("Long.", "Short.")
    reader = Reader(found.set, SOURCES[found.set])
    (other,) = reader.examples(ROWS[found.set] | {"article": "Another."}, 2, found.set)
    assert other.group != found.group


def test_a_judged_answer_has_its_rubric_score_and_reasons() -> None:
    found = read("prometheus-eval/Feedback-Collection")
    assert (found.score, found.scale, found.answer) == (2.0, (1.0, 5.0), "It is light.")
    assert (found.rubric, found.feedback) == ("Does it name density?", "It does not.")
