"""Labels as tokens: the shortest beginnings that tell replies apart."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge.llm.labels import tokenized
from runtime.judge.tokens import Ids

TOKENS = ("Score", ":", " 1", "1", "0", "/", "10", "5", "In", "correct", "Correct", " ")


def greedy(text: str) -> Ids:
    """A vocabulary that takes the longest piece it knows, else a character."""
    found = []
    while text:
        piece = max((token for token in TOKENS if text.startswith(token)), key=len, default=text[0])
        found.append(TOKENS.index(piece) if piece in TOKENS else 100 + ord(piece))
        text = text[len(piece) :]
    return np.array(found, np.int32)


def letters(text: str) -> Ids:
    return np.array([ord(letter) for letter in text], np.int32)


def lists(labels: Sequence[Ids]) -> list[list[int]]:
    return [label.tolist() for label in labels]


def test_one_token_is_enough() -> None:
    found = tokenized("", ("Incorrect", "Correct"), greedy)
    assert lists(found.labels) == [[TOKENS.index("In")], [TOKENS.index("Correct")]]
    assert found.start.tolist() == []


def test_a_start_that_grows_into_a_label() -> None:
    """ " 1" is one token, so no model writes the blank of "Score: " alone before it."""
    found = tokenized("Score: ", ("1", "5"), greedy)
    assert found.start.tolist() == greedy("Score:").tolist()
    assert lists(found.labels) == [[TOKENS.index(" 1")], [TOKENS.index(" ")]]


def test_scores_that_begin_alike_need_two() -> None:
    found = tokenized("", ("1/10", "10/10", "5/10"), letters)
    assert lists(found.labels) == lists([letters("1/"), letters("10"), letters("5")])


def test_what_all_begin_with_is_read_once() -> None:
    found = tokenized("Score: ", ("1/5", "2/5"), letters)
    assert found.start.tolist() == letters("Score: ").tolist()
    assert lists(found.labels) == lists([letters("1"), letters("2")])


@pytest.mark.parametrize("labels", [("a", "a"), ("a", "ab"), ("", "a")])
def test_replies_that_are_one(labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="does not differ"):
        tokenized("", labels, letters)


def test_one_label_is_no_question() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        tokenized("", ("a",), letters)


@given(st.text(max_size=4), st.lists(st.text(min_size=1, max_size=5), min_size=2, unique=True))
def test_the_parts_begin_the_replies_and_never_each_other(start: str, labels: list[str]) -> None:
    ended = [f"{label}\n" for label in labels if "\n" not in label]
    assume(len(ended) > 1)
    found = tokenized(start, ended, letters)
    for label, ids in zip(ended, found.labels, strict=True):
        whole = letters(start + label).tolist()
        part = [*found.start.tolist(), *ids.tolist()]
        assert whole[: len(part)] == part
        assert len(ids) > 0
    parts = lists(found.labels)
    for at, one in enumerate(parts):
        assert not any(other[: len(one)] == one for other in parts[:at] + parts[at + 1 :])
