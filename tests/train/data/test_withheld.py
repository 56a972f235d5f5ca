"""A question held out of one stage is learnt in none."""

from runtime.marking.item import Task
from train.data.schema import Example
from train.data.withheld import without


def example(name: str, question: str, group: str = "") -> Example:
    return Example(
        id=name, set=name[0], group=group or name, task=Task.MATH, question=question, answer="1"
    )


def test_a_question_in_other_words_of_case_and_space_is_kept_out() -> None:
    train = [example("a1", "What is 1 + 1?"), example("a2", "What is 2 + 2?")]
    assert without(train, [example("b1", "what is  1 + 1?")]) == train[1:]


def test_all_answers_to_the_question_go() -> None:
    train = [example("a1", "1 + 1?", "g"), example("a2", "1 + 1?", "g"), example("a3", "3?")]
    assert [one.id for one in without(train, [example("b1", "1 + 1?")])] == ["a3"]


def test_nothing_held_out_takes_nothing_away() -> None:
    train = [example("a1", "1 + 1?"), example("a2", "2 + 2?")]
    assert without(train, []) == train
