"""Splits never cut a question, whatever the sets call it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadInputError
from tests.train.data.makers import RIGHT, WRONG, example
from train.data.groups import by_question, questions_of
from train.data.schema import Example
from train.data.split import folds, split

SIZES = st.lists(st.integers(1, 12), min_size=3, max_size=25)
SHARES = st.sampled_from(
    [
        {"train": 0.9, "held_out": 0.1},
        {"a": 0.5, "b": 0.5},
        {"train": 0.8, "validation": 0.1, "test": 0.1},
    ]
)


def examples_of(sizes: list[int]) -> list[Example]:
    return [
        example(f"{q}-{n}", group=f"q{q}", verdict=RIGHT if (q * n) % 3 else WRONG)
        for q, size in enumerate(sizes)
        for n in range(size)
    ]


@given(SIZES, SHARES, st.integers(0, 5))
def test_every_example_is_once_in_a_part_and_every_question_in_one(
    sizes: list[int], shares: dict[str, float], seed: int
) -> None:
    examples = examples_of(sizes)
    parts = split(examples, shares, seed)
    assert list(parts) == list(shares)
    ids = [one.id for part in parts.values() for one in part]
    assert sorted(ids) == sorted(one.id for one in examples)
    groups = [{one.group for one in part} for part in parts.values()]
    assert sum(map(len, groups)) == len(set.union(*groups))


@given(SIZES, SHARES, st.integers(0, 5))
def test_parts_are_near_the_asked_shares_and_never_empty(
    sizes: list[int], shares: dict[str, float], seed: int
) -> None:
    parts = split(examples_of(sizes), shares, seed)
    for name, part in parts.items():
        assert len(part) > 0
        assert len(part) < sum(sizes) * shares[name] + max(sizes)


@given(st.lists(st.integers(1, 12), min_size=5, max_size=25), st.integers(0, 5))
def test_folds_are_each_others_complement(sizes: list[int], seed: int) -> None:
    found = folds(examples_of(sizes), 5, seed)
    assert sum(map(len, found)) == sum(sizes)
    assert all(found)


def test_classes_are_as_even_as_questions_allow() -> None:
    kinds = {"easy": RIGHT, "hard": WRONG}
    examples = [
        example(f"{kind}{q}-{n}", group=f"{kind}{q}", verdict=verdict)
        for kind, verdict in kinds.items()
        for q in range(10)
        for n in range(4)
    ]
    held_out = split(examples, {"train": 0.8, "held_out": 0.2}, seed=0)["held_out"]
    assert Counter(one.verdict for one in held_out) == {RIGHT: 8, WRONG: 8}


def test_examples_keep_their_order_and_the_seed_decides_the_questions() -> None:
    examples = examples_of([3] * 20)
    first, again, other = (split(examples, {"a": 1, "b": 1}, seed) for seed in (1, 1, 2))
    assert first == again != other
    places = [examples.index(one) for one in first["a"]]
    assert places == sorted(places)


def test_too_few_questions_are_refused() -> None:
    with pytest.raises(BadInputError, match="1 questions cannot be split into 2 parts"):
        split(examples_of([9]), {"a": 1, "b": 1}, seed=0)


def test_a_question_that_two_sets_share_is_one_question() -> None:
    ours = example(1, group="7", question="Why does ice float?")
    theirs = example(2, group="x", set="theirs", question="why does ice  float?")
    third = example(3, group="x", set="theirs", question="Why? (asked again)")
    other = example(4, group="7", set="theirs", question="What is dew?")
    assert questions_of([ours, other, theirs, third]) == [0, 1, 0, 0]
    assert [len(members) for members in by_question([ours, other, theirs, third])] == [3, 1]


def test_the_same_words_about_another_text_are_another_question() -> None:
    asked = "Summarise the text."
    one, other = (
        example(text, group=text, question=asked, source=text) for text in ("Bees.", "Ice.")
    )
    empty = [example(n, group=str(n), question="") for n in range(2)]
    assert questions_of([one, other, *empty]) == [0, 1, 2, 3]
