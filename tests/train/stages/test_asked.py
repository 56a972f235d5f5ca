"""What a stage asks about an example, the reply it learns, and what an example must have for it."""

import pytest
from msgspec.structs import replace

from runtime.errors import BadInputError
from runtime.judge.prompt import Prompt
from runtime.marking.item import Task
from tests.train.stages.small import maths
from train.data.pairs import preference_pairs
from train.data.schema import Example
from train.recipe import PromptName
from train.stages.asked import asked, both_sides, label_place, replies, wanted

RIGHT, WRONG = maths(1)
ESSAY = Example(
    id="e", set="ours", group="e", task=Task.ESSAY, question="Write.", score=3.0, scale=(0.0, 5.0)
)
CHOICE = Example(
    id="c",
    set="ours",
    group="c",
    task=Task.SHORT_ANSWER,
    question="Which conducts?",
    options=("wood", "copper"),
    reference="copper",
)
EXPLAINED = replace(WRONG, language="it", feedback="Rileggi la fonte [1].", sources=("Fonte.",))


def said(prompt: Prompt) -> str:
    return "".join(part.text for message in prompt for part in message.parts)


@pytest.mark.parametrize(
    ("name", "example", "reply"),
    [
        ("solve", RIGHT, RIGHT.feedback),
        ("summarise", RIGHT, RIGHT.feedback),
        ("mark_maths", RIGHT, "Correct"),
        ("mark_short_answer", WRONG, "Incorrect"),
        ("mark_essay", ESSAY, "Score: 3/5"),
        ("mark_rubric", replace(ESSAY, feedback="It is short."), "Score: 3/5\nIt is short."),
        ("choose", CHOICE, "B"),
        (
            "explain",
            EXPLAINED,
            "**Valutazione**: errata\n\n**Feedback Pedagogico**: Rileggi la fonte [1].",
        ),
    ],
)
def test_the_reply_is_what_the_contract_reads(
    name: PromptName, example: Example, reply: str
) -> None:
    assert wanted(name, example) == reply
    assert example.question in said(asked(name, example)) or name == "summarise"


@pytest.mark.parametrize("name", ["mark_maths", "mark_essay", "choose", "explain"])
def test_the_labels_of_a_prompt_begin_its_replies(name: PromptName) -> None:
    example = {"mark_essay": ESSAY, "choose": CHOICE}.get(name, EXPLAINED)
    options = list(replies(name, example).values())
    place = label_place(name, example)
    assert [wanted(name, example).startswith(option) for option in options] == [
        at == place for at in range(len(options))
    ]


@pytest.mark.parametrize(
    ("scale", "labels"),
    [((1.0, 5.0), ["1", "2", "3", "4", "5"]), ((0.0, 1.0), ["0", "0.5", "1"])],
)
def test_scores_are_those_that_marking_reads(scale: tuple[float, float], labels: list[str]) -> None:
    assert list(replies("mark_essay", replace(ESSAY, scale=scale))) == labels


def test_a_solution_is_no_label() -> None:
    assert replies("solve", RIGHT) == {}


def test_half_a_point_goes_to_the_nearer_label() -> None:
    assert label_place("mark_essay", replace(ESSAY, score=3.7)) == 4


@pytest.mark.parametrize(
    ("name", "example", "field"),
    [
        ("solve", replace(RIGHT, feedback=None), "feedback"),
        ("mark_maths", replace(RIGHT, verdict=None), "verdict"),
        ("mark_essay", replace(ESSAY, score=None), "score"),
        ("choose", replace(CHOICE, reference="iron"), "reference"),
    ],
)
def test_an_example_without_its_label_is_named(
    name: PromptName, example: Example, field: str
) -> None:
    with pytest.raises(BadInputError, match=f"example {example.id} has no {field}"):
        wanted(name, example)


def test_both_sides_of_a_pair_differ_in_the_answer_only() -> None:
    (pair,) = preference_pairs([RIGHT, WRONG], seed=0)
    better, worse = (said(prompt) for prompt in both_sides("mark_maths", pair))
    assert better.replace(f"\n{RIGHT.answer}\n", f"\n{WRONG.answer}\n", 2) != better
    assert RIGHT.answer in better
    assert WRONG.answer in worse


def test_a_comparison_shows_both_answers_in_both_orders() -> None:
    (pair,) = preference_pairs([RIGHT, WRONG], seed=0)
    better, worse = (said(prompt) for prompt in both_sides("compare_answers", pair))
    assert f"<answer_a>\n{RIGHT.answer}" in better
    assert f"<answer_b>\n{RIGHT.answer}" in worse


def test_a_comparison_is_not_about_one_answer() -> None:
    with pytest.raises(BadInputError, match="not about one answer"):
        asked("compare_answers", RIGHT)
