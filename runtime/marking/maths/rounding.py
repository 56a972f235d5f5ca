"""Rounding: when two numbers that differ are still the same answer.

The one stated rounding rule: two numbers are equal by
rounding when the shorter is written with two or more decimals, the longer has further decimals
(or none that end, as 1/3), and the longer rounded half up to the shorter's places is the shorter.
An answer with fewer decimals than the reference is never equal: 3.1 is not 3.14, and one decimal
never stands for a fraction: 0.3 is not 1/3.
"""

from fractions import Fraction

from runtime.marking.maths.match import OTHER, SAME, Match
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.values import Quantity
from runtime.words import noted


def match_numbers(reference: Quantity, answer: Quantity) -> Match:
    """Compare the numbers alone."""
    if reference.number == answer.number:
        return SAME
    exact_answer = answer.style is not Style.DECIMAL and answer.number.denominator > 1
    if _rounds_to(answer, reference):
        note = noted("The answer rounds to the reference.")
        return Match(Outcome.EQUAL, (note,), exact_answer)
    endless = reference.style is not Style.DECIMAL and _is_endless(reference.number)
    if endless and answer.style is Style.DECIMAL and _rounds_to(reference, answer):
        return Match(Outcome.EQUAL, (noted("The answer is rounded."),), answer.decimals > 2)
    return OTHER


def _rounds_to(longer: Quantity, shorter: Quantity) -> bool:
    places = shorter.decimals
    if places < 2 or (longer.style is Style.DECIMAL and longer.decimals <= places):
        return False
    scaled = abs(longer.number) * 10**places
    rounded = Fraction(int(scaled + Fraction(1, 2)), 10**places)
    return rounded == abs(shorter.number) and (longer.number < 0) == (shorter.number < 0)


def _is_endless(value: Fraction) -> bool:
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return rest > 1
