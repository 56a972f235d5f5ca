"""Bug rules, each on the example of its description."""

from fractions import Fraction

import pytest

from train.simulate.maths import slips

CASES = [
    (slips.ignores_carrying, "47", "38", "75"),
    (slips.ignores_carrying, "87", "46", "123"),
    (slips.ignores_carrying, "2.7", "1.85", "3.55"),
    (slips.smaller_from_larger, "52", "38", "26"),
    (slips.misplaced_sum, "2.5", "0.13", "0.38"),
    (slips.misplaced_sum, "457", "26", "717"),
    (slips.one_off_sum, "47", "38", "84"),
    (slips.one_over_sum, "47", "38", "86"),
    (slips.one_off_difference, "52", "38", "15"),
    (slips.one_under_difference, "52", "38", "13"),
    (slips.table_slip, "7", "8", "63"),
    (slips.table_slip_down, "7", "8", "48"),
    (slips.off_quotient, "56", "7", "7"),
    (slips.too_many_noughts, "30", "6", "1800"),
    (slips.too_few_noughts, "30", "6", "18"),
    (slips.too_few_noughts, "0.4", "6", "0.24"),
    (slips.shifted_quotient, "156", "4", "390"),
]


@pytest.mark.parametrize(("slip", "a", "b", "wrong"), CASES)
def test_a_slip_gives_the_childs_result(slip: slips.Slip, a: str, b: str, wrong: str) -> None:
    assert slip(Fraction(a), Fraction(b)) == Fraction(wrong)


@pytest.mark.parametrize(
    ("slip", "a", "b"),
    [
        (slips.ignores_carrying, 41, 38),
        (slips.smaller_from_larger, 58, 32),
        (slips.misplaced_sum, 57, 26),
        (slips.too_few_noughts, 7, 8),
    ],
)
def test_without_an_occasion_there_is_no_slip(slip: slips.Slip, a: int, b: int) -> None:
    assert slip(Fraction(a), Fraction(b)) is None


def test_wrong_results_never_hold_the_right_one_or_less_than_nothing() -> None:
    found = slips.wrong_results(Fraction(9), "-", Fraction(9))
    assert [wrong for _, wrong in found] == [1]
