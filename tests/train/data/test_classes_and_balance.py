"""Classes are verdicts or rounded scores, and balancing leaves exactly as many of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from tests.train.data.makers import HALF, RIGHT, WRONG, example
from train.data.balance import balance
from train.data.classes import class_of, classes_in, require_classes

MARKED = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([RIGHT, HALF, WRONG])),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({verdict for _, verdict in rows}) > 1)


def scored(score: float, number: int = 1) -> object:
    return example(number, verdict=None, score=score, scale=(0.0, 5.0))


@pytest.mark.parametrize(
    ("score", "labels", "found"),
    [
        (2.5, (), "2.5"),
        (2.5, ("2", "3"), "3"),
        (0.0, ("incorrect", "correct"), "incorrect"),
        (5.0, ("incorrect", "correct"), "correct"),
        (4.9, ("incorrect", "partial"), "partial"),
        (4.9, ("incorrect", "correct"), None),
    ],
)
def test_a_score_has_the_class_its_labels_ask_for(
    score: float, labels: tuple[str, ...], found: str | None
) -> None:
    assert class_of(example(verdict=None, score=score, scale=(0.0, 5.0)), labels) == found


def test_classes_are_counted_in_the_order_of_their_numbers() -> None:
    examples = [example(n, verdict=None, score=n, scale=(0.0, 20.0)) for n in (10, 9, 10)]
    assert list(classes_in(examples).items()) == [("9", 1), ("10", 2)]


@pytest.mark.parametrize(
    ("verdicts", "labels", "message"),
    [
        ([None], (), "no example has a label"),
        ([RIGHT, RIGHT], (), "all 2 examples are of one class, 'correct'"),
        ([RIGHT, WRONG], ("incorrect", "partial", "correct"), "of the class 'partial'"),
        ([HALF], ("incorrect", "correct"), "no example has a label among incorrect, correct"),
    ],
)
def test_classes_that_are_missing_are_named(
    verdicts: list[object], labels: tuple[str, ...], message: str
) -> None:
    examples = [example(n, verdict=verdict) for n, verdict in enumerate(verdicts)]
    with pytest.raises(BadInputError, match=message):
        require_classes(examples, labels, "The data")


def test_a_score_beyond_the_labels_is_refused() -> None:
    examples = [example(n, verdict=None, score=n, scale=(0.0, 9.0)) for n in (0, 1, 9)]
    with pytest.raises(BadInputError, match="the score 9 of ours 9 is out of range"):
        require_classes(examples, ("0", "1", "2"), "The data")


@given(MARKED, st.integers(0, 3))
def test_balanced_classes_are_equal_and_nothing_is_lost_from_the_smallest(
    rows: list[tuple[str, object]], seed: int
) -> None:
    examples = [example(n, group=group, verdict=v) for n, (group, v) in enumerate(rows)]
    found = balance(examples, seed)
    before, after = classes_in(examples), classes_in(found.examples)
    assert set(after.values()) == {min(before.values())} == {found.each}
    assert found.dropped == dict(before - after) | {
        name: 0 for name in before if before[name] == found.each
    }
    places = [examples.index(one) for one in found.examples]
    assert places == sorted(set(places))


def test_every_question_keeps_an_answer_where_there_is_room() -> None:
    many = [example(f"m{n}", group="large", verdict=RIGHT) for n in range(50)]
    few = [example(f"f{n}", group=f"small {n}", verdict=RIGHT) for n in range(4)]
    wrong = [example(f"w{n}", group="large", verdict=WRONG) for n in range(5)]
    kept = balance([*many, *few, *wrong], seed=0).examples
    assert {one.group for one in kept} == {"large", *(one.group for one in few)}


def test_examples_of_no_class_are_counted() -> None:
    examples = [example(1), example(2, verdict=WRONG), example(3, verdict=HALF)]
    assert balance(examples, 0, ("incorrect", "correct")).without_class == 1


def test_the_same_seed_keeps_the_same() -> None:
    examples = [example(n, verdict=RIGHT if n < 30 else WRONG) for n in range(35)]
    first, again, other = (balance(examples, seed).examples for seed in (1, 1, 2))
    assert first == again != other
