"""Counts of an essay."""

from math import log1p

import msgspec
import pytest

from runtime.marking.item import Item, Task
from runtime.marking.mark import Evidence
from runtime.marking.writing.style import MOST_SENTENCES, measure


def style(text: str, *evidence: Evidence) -> dict[str, float]:
    return counts(essay(text), *evidence)


def essay(text: str) -> Item:
    return Item(id="1", task=Task.ESSAY, question="Why do cats purr?", answer=text)


def counts(essay: Item, *evidence: Evidence) -> dict[str, float]:
    return msgspec.structs.asdict(measure(essay, evidence))


def found(kind: str, start: int, end: int) -> Evidence:
    return Evidence(kind=kind, message="", span=(start, end))


def test_padding_with_itself_adds_no_words_of_its_own() -> None:
    once, thrice = style("Cats purr when happy. "), style("Cats purr when happy. " * 3)
    assert once["own_open"] == thrice["own_open"]
    assert (once["repeated"], thrice["repeated"]) == (0, 2 / 3)


@pytest.mark.parametrize("kind", ["spelling", "copied"])
def test_misspelt_and_copied_words_are_not_own(kind: str) -> None:
    spoilt = style("Cats purr happily", found(kind, 0, 4))
    assert spoilt["own_open"] == log1p(2)
    assert spoilt[kind] == 1 / 3


def test_a_word_written_rightly_elsewhere_counts() -> None:
    text = "Cats purr, cats sleep"
    assert style(text, found("spelling", 0, 4))["own_open"] == style(text)["own_open"]


@pytest.mark.parametrize("where", ["source", "reference"])
def test_own_words_stand_apart_where_something_is_given(where: str) -> None:
    text = "Cats purr when happy."
    given = msgspec.structs.replace(essay(text), **{where: "Cats purr to calm themselves."})
    opened, beside = style(text), counts(given)
    assert (opened["own_given"], beside["own_open"]) == (0, 0)
    assert opened["own_open"] == beside["own_given"] == log1p(3)


def test_findings_are_counted_by_the_word() -> None:
    slip = found("grammar", 0, 4)
    assert style("Cat purr when they are happy and warm.", slip)["grammar"] == 1 / 8


def test_the_copied_share_counts_words_inside_copied_spans() -> None:
    assert style("Cats purr a lot", found("copied", 0, 9))["copied"] == 0.5


def test_a_sentence_on_the_same_thing_is_no_repetition() -> None:
    assert style("Cats purr when happy. Happy cats sleep in the sun.")["repeated"] == 0


def test_a_pasted_book_is_read_so_far_and_no_further() -> None:
    read = " ".join(f"Cat {number} purrs at dog {number}." for number in range(MOST_SENTENCES))
    assert style(f"{read} Cats sleep. Cats sleep.")["repeated"] == 0


def test_an_empty_text_counts_nothing() -> None:
    assert set(style("").values()) == {0.0}
