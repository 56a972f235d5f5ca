"""Every number in a text is read, in every fair way."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking.feedback_check.numbers_said import numbers_said


def said(text: str, language: str = "en") -> set[Fraction]:
    return {one.value for one in numbers_said(text, language)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is 1.500 g.", Fraction(1500)),
        ("It is 1.500 g.", Fraction(3, 2)),
        ("add 3,12", Fraction(78, 25)),
        ("add 3,12", Fraction(12)),
        ("1 200 apples", Fraction(1200)),
        ("Twelve eggs", Fraction(12)),
        ("one hundred and twenty-four", Fraction(124)),
        ("two and a half", Fraction(5, 2)),
        ("1 3/4 cups", Fraction(7, 4)),
        ("¾ of it", Fraction(3, 4)),
        ("50 per cent", Fraction(1, 2)),
        ("minus 5", Fraction(-5)),
        ("−5", Fraction(-5)),
        ("1.2 × 10³", Fraction(1200)),
        ("1.2 x 10^-3", Fraction(12, 10_000)),
        ("a dozen", Fraction(12)),
    ],
)
def test_is_read(text: str, value: Fraction) -> None:
    assert value in said(text)


def test_in_italian_too() -> None:
    assert {Fraction(24), Fraction(3, 4)} <= said("ventiquattro e tre quarti", "it")


@pytest.mark.parametrize("text", ["", "No number here.", "one of them", "half of the class"])
def test_nothing_is_read_where_nothing_is_said(text: str) -> None:
    assert said(text) == set()


def test_sei_is_you_are() -> None:
    assert said("Tu sei bravo.", "it") == set()


@given(st.text(max_size=60), st.sampled_from(["en", "it", "de"]))
def test_places_are_those_of_the_text(text: str, language: str) -> None:
    for one in numbers_said(text, language):
        assert 0 <= one.start < one.end
