"""Numbers on paper."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.simulate.maths.numbers import Notation, Pair, decimal, in_words, places, shown_side


@given(st.integers(-(10**6), 10**6), st.sampled_from([1, 2, 4, 5, 8, 10, 100, 1000]))
def test_a_decimal_reads_back(over: int, under: int) -> None:
    value = Fraction(over, under)
    assert Fraction(decimal(value)) == value
    assert Fraction(decimal(value, 2, comma=True).replace(",", ".")) == value


def test_a_third_has_no_short_decimal() -> None:
    assert places(Fraction(1, 3)) is None
    with pytest.raises(ValueError, match="no short decimal"):
        decimal(Fraction(1, 3))


def test_a_side_follows_the_childs_notation() -> None:
    side = (Fraction(-3), "*", Fraction(-5, 2))
    assert shown_side(side, Notation(times="x", spaced=False, comma=True)) == "-3x(-2,5)"


def test_a_fraction_over_one_is_a_whole_number() -> None:
    assert shown_side((Pair(3, 1), "+", Pair(2, 4)), Notation()) == "3 + 2/4"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "zero"), (13, "thirteen"), (40, "forty"), (99, "ninety-nine")]
)
def test_small_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words
