"""Italian number words, every one below a thousand."""

from fractions import Fraction

import pytest

from runtime.marking.feedback_check.italian_numbers import words_to_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", Fraction(0)),
        ("ventuno", Fraction(21)),
        ("ventotto", Fraction(28)),
        ("ventitré", Fraction(23)),
        ("trentatre", Fraction(33)),
        ("cento", Fraction(100)),
        ("centotto", Fraction(108)),
        ("centootto", Fraction(108)),
        ("duecentoquarantacinque", Fraction(245)),
        ("cento venti", Fraction(120)),
        ("mille", Fraction(1000)),
        ("millecinquecento", Fraction(1500)),
        ("duemilatrecento", Fraction(2300)),
        ("meno cinque", Fraction(-5)),
        ("mezzo", Fraction(1, 2)),
        ("un quarto", Fraction(1, 4)),
        ("tre quarti", Fraction(3, 4)),
        ("due terzi", Fraction(2, 3)),
        ("due e mezzo", Fraction(5, 2)),
        ("uno e tre quarti", Fraction(7, 4)),
        ("tre virgola cinque", Fraction(7, 2)),
        ("zero virgola due cinque", Fraction(1, 4)),
    ],
)
def test_read(text: str, value: Fraction) -> None:
    assert words_to_number(text) == value


@pytest.mark.parametrize("text", ["", "mela", "due mele", "e", "quarti", "tre virgola mela", "3"])
def test_no_number(text: str) -> None:
    assert words_to_number(text) is None
