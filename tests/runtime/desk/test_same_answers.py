import pytest

from runtime.desk.same_answers import final_answer, same_answer, same_words
from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark, Verdict


def item(answer: str) -> Item:
    return Item(id="1", task=Task.MATH, question="How long?", reference="7/12 m", answer=answer)


def mark(first_wrong_step: int | None = None) -> Mark:
    return Mark(
        id="1",
        verdict=Verdict.INCORRECT,
        score=0.0,
        max_score=1.0,
        confidence=0.9,
        needs_review=False,
        first_wrong_step=first_wrong_step,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("1/2 m", "I got 1/2 m"), ("0.50 m", "0.5 m"), ("x = 5", "5"), ("no idea", "No  idea!")],
)
def test_the_same_answer_in_other_clothes(one: str, other: str) -> None:
    assert same_answer(item(one), mark()) == same_answer(item(other), mark())


@pytest.mark.parametrize(
    ("one", "other"),
    [("1/2 m", "0.5 m"), ("1/2 m", "2/4 m"), ("1/2 m", "1/2 cm"), ("1/2", "1/2 m"), ("5", "6")],
)
def test_another_value_form_or_unit_is_another_answer(one: str, other: str) -> None:
    assert same_answer(item(one), mark()) != same_answer(item(other), mark())


def test_a_wrong_line_tells_answers_apart() -> None:
    assert same_answer(item("1/2 m"), mark(-1)) != same_answer(item("1/2 m"), mark(1))


def test_nothing_is_like_nothing() -> None:
    assert same_answer(item("  "), mark()) is None


def test_a_final_answer_is_shown_as_it_is_read() -> None:
    assert final_answer(item("so it is 3 1/2 m")) == "3 1/2 m"
    assert final_answer(item("no\n idea")) == "no idea"


def test_words_are_the_same_however_they_are_spaced_and_ended() -> None:
    assert same_words(' "The  dog!"\n') == same_words("the dog")
    assert same_words("the dog") != same_words("the dogs")
