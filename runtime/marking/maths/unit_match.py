"""Quantities compared: units converted, missing or wrong, percentages, small coins."""

import msgspec

from runtime.marking.maths.match import OTHER, Match
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.rounding import match_numbers
from runtime.marking.maths.units import PERCENT, Unit, find_unit
from runtime.marking.maths.values import Quantity
from runtime.words import noted


def match_quantities(  # noqa: PLR0911 - one case a kind of unit
    reference: Quantity, answer: Quantity, percent_asked: bool
) -> Match:
    """Compare two numbers with or without units; ``percent_asked`` as in ``best_match``."""
    if PERCENT in (reference.unit, answer.unit):
        return _percents(reference, answer, percent_asked)
    if reference.unit is None or answer.unit is None:
        return _half_known_units(reference, answer)
    if {reference.unit.name, answer.unit.name} == {"£", "pound"}:
        return match_numbers(reference, answer)  # the word names a coin as well as a weight
    if (reference.unit.dimension, answer.unit.name) == ("temperature", "°"):
        return match_numbers(reference, answer)  # a bare degree sign names no scale
    if (reference.unit.dimension, answer.unit.name) == ("money €", "cent"):
        answer = msgspec.structs.replace(answer, unit=find_unit("eurocent"))
    if answer.unit is None or reference.unit.dimension != answer.unit.dimension:
        return _wrong_unit(reference, answer)
    if reference.unit == answer.unit:
        return match_numbers(reference, answer)
    converted = _converted(answer, reference.unit)
    match = match_numbers(reference, converted)
    if match.outcome is Outcome.EQUAL:
        return Match(
            Outcome.EQUAL, (*match.notes, noted("The answer is in another unit.")), match.sure
        )
    return _wrong_unit(reference, answer)


def _converted(answer: Quantity, unit: Unit) -> Quantity:
    if answer.unit is None:
        return answer
    base = answer.number * answer.unit.factor + answer.unit.offset
    return msgspec.structs.replace(answer, number=(base - unit.offset) / unit.factor, unit=unit)


def _half_known_units(reference: Quantity, answer: Quantity) -> Match:
    """Compare where at most one side has a unit that is known."""
    match = match_numbers(reference, answer)
    if match.outcome is Outcome.EQUAL:
        return _with_missing_unit(match, reference, answer)
    unit = answer.unit
    if unit is not None and unit.dimension.startswith("money") and unit.factor != 1:
        major = msgspec.structs.replace(answer, number=answer.number * unit.factor, unit=None)
        if match_numbers(reference, major).outcome is Outcome.EQUAL:
            return Match(Outcome.EQUAL, (noted("The answer counts the smaller coin."),))
    return match


def _with_missing_unit(match: Match, reference: Quantity, answer: Quantity) -> Match:
    if reference.unit is None:
        return match
    if answer.noun and not _says_the_unit(answer.noun):
        note = noted("The unit of the answer is not known; only the number was compared.")
        return Match(match.outcome, (*match.notes, note), False)
    return Match(match.outcome, (*match.notes, noted("The unit is missing.")), match.sure)


def _says_the_unit(noun: str) -> bool:
    return len(noun.split()) > 3


def _wrong_unit(reference: Quantity, answer: Quantity) -> Match:
    if match_numbers(reference, answer).outcome is Outcome.EQUAL:
        return Match(Outcome.WRONG_UNIT, (noted("The number is right, the unit is another one."),))
    return OTHER


def _percents(reference: Quantity, answer: Quantity, asked: bool) -> Match:
    if reference.unit == answer.unit:
        return match_numbers(reference, answer)
    if (
        match_numbers(_fraction_of_one(reference), _fraction_of_one(answer)).outcome
        is Outcome.EQUAL
    ):
        return Match(Outcome.EQUAL, (noted("One side is a percentage, the other is not."),))
    same = match_numbers(reference, answer).outcome is Outcome.EQUAL
    if same and reference.unit == PERCENT and answer.unit is None:
        return Match(Outcome.EQUAL, (noted("The percent sign is missing."),))
    if same and asked and reference.unit is None:
        return Match(
            Outcome.EQUAL, (noted("The answer has a percent sign, the reference has none."),)
        )
    return _wrong_unit(reference, answer)


def _fraction_of_one(value: Quantity) -> Quantity:
    if value.unit != PERCENT:
        return value
    places = value.decimals + 2 if value.decimals else 0
    return msgspec.structs.replace(
        value, number=value.number / 100, unit=None, decimals=places, style=Style.DECIMAL
    )
