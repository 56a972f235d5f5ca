"""By what items are known: stores and files of marks from before must know theirs again."""

import msgspec
import pytest

from runtime.marking.item import Item, parse_item
from runtime.records.rows import item_digest, item_json, question_of

SUM = parse_item(
    {
        "id": "q1-mia",
        "task": "math",
        "question": "1/2 + 1/3 = ?",
        "reference": "5/6",
        "answer": "5/6",
        "learner": "Mia",
        "grade_level": 5,
    }
)
SKY = parse_item(
    {
        "id": "q2-leo",
        "task": "rubric",
        "question": "Why is the sky blue?",
        "answer": "Because of “scattering”…",
        "learner": "Leo",
        "language": "it",
        "scale": [0, 4],
        "rubric": {
            "name": "ideas",
            "criteria": [{"name": "light", "description": "Names it.", "weight": 2}],
        },
    }
)


# Computed before items had a field "solution".
@pytest.mark.parametrize(
    ("item", "whole", "question"),
    [
        (
            SUM,
            "4fdc6478c54007effb92552e9fad6ca806490f29ab73da121453d258960cffc0",
            "fa90c559f13dd6e0ef3321665d8a624d4cb03b65d7676762d31490dfca951e46",
        ),
        (
            SKY,
            "bfb89df2c4ac4c134eb4fcbf1f1775236ec8360754eb8fd54107b338bc167a66",
            "05829558f0042cf832ac128f11898e5a2dee738019e18f6b2544bc462cba1703",
        ),
    ],
    ids=["sum", "sky"],
)
def test_an_item_has_the_digest_it_always_had(item: Item, whole: str, question: str) -> None:
    assert item_digest(item) == whole
    assert item_digest(question_of(item)) == question


@pytest.mark.parametrize("order", ["012", "210"])
def test_levels_may_stand_in_any_order(order: str) -> None:
    words = {"0": "none", "1": "one", "2": "both"}
    criterion = {"name": "light", "levels": {level: words[level] for level in order}}
    item = parse_item(
        {
            "id": "q3",
            "task": "rubric",
            "question": "Why?",
            "answer": "So.",
            "rubric": {"name": "ideas", "criteria": [criterion]},
        }
    )
    assert b'"levels":{"0":"none","1":"one","2":"both"}' in item_json(item)
    assert msgspec.json.decode(item_json(item), type=Item) == item


def test_a_question_is_known_whoever_answers_it() -> None:
    other = msgspec.structs.replace(SUM, id="q1-leo", learner="Leo", answer="", steps=("2/5",))
    assert question_of(other) == question_of(SUM)


def test_a_solution_makes_another_question() -> None:
    solved = msgspec.structs.replace(SUM, solution="3/6 + 2/6 = 5/6")
    assert item_digest(solved) != item_digest(SUM)
