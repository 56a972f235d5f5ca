"""Equivalence: whether a child's value equals the reference, and what else is to be said.

Exact values are compared exactly. The one stated rounding rule: two numbers are equal by
rounding when the shorter is written with two or more decimals, the longer has further decimals
(or none that end, as 1/3), and the longer rounded half up to the shorter's places is the shorter.
An answer with fewer decimals than the reference is never equal: 3.1 is not 3.14, and one decimal
never stands for a fraction: 0.3 is not 1/3.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

import msgspec

from runtime.marking.maths.numerals import Style
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.units import PERCENT, Unit
from runtime.marking.maths.values import (
    Algebra,
    Clock,
    Group,
    Quantity,
    Ratio,
    Relation,
    Remainder,
    Symbolic,
    Value,
    Words,
)


class Match(msgspec.Struct, frozen=True):
    """How one value compares with another; ``notes`` are plain sentences."""

    outcome: Outcome
    notes: tuple[str, ...] = ()
    sure: bool = True


_SAME = Match(Outcome.EQUAL)
_OTHER = Match(Outcome.DIFFERENT)
_RANK = {Outcome.EQUAL: 0, Outcome.WRONG_UNIT: 1, Outcome.DIFFERENT: 2}


def best_match(
    references: Sequence[Value], answers: Sequence[Value], percent_asked: bool = False
) -> Match:
    """Compare all readings and return the best match, first readings before later ones.

    ``percent_asked`` tells that the question speaks of percent, so that a bare 28 and 28 %
    name the same number.
    """
    matches = [
        _unsure(compare(reference, answer, percent_asked), i + j)
        for i, reference in enumerate(references)
        for j, answer in enumerate(answers)
    ]
    return min(matches, key=lambda match: (_RANK[match.outcome], not match.sure), default=_OTHER)


def _unsure(match: Match, later: int) -> Match:
    if not later or match.outcome is Outcome.DIFFERENT:
        return match
    note = "The notation can be read in two ways; it was read as the reference suggests."
    return Match(match.outcome, (*match.notes, note), False)


def compare(reference: Value, answer: Value, percent_asked: bool = False) -> Match:
    """Compare one reading of the reference with one of the answer."""
    match reference, answer:
        case Quantity(), Quantity():
            return _quantities(reference, answer, percent_asked)
        case Group(), Group():
            return _groups(reference, answer)
        case Ratio(), Ratio():
            return _SAME if _in_proportion(reference.parts, answer.parts) else _OTHER
        case Clock(), Clock():
            day = 720 if reference.half or answer.half else 1440
            return _SAME if (reference.minutes - answer.minutes) % day == 0 else _OTHER
        case Relation(), Relation():
            return _SAME if _same_relation(reference, answer) else _OTHER
        case Algebra(), Algebra():
            return _SAME if reference.polynomial == answer.polynomial else _OTHER
        case (Remainder(), Remainder()) | (Words(), Words()):
            return _SAME if reference == answer else _OTHER
        case Symbolic(), Symbolic():
            same = "".join(reference.source.split()) == "".join(answer.source.split())
            return _SAME if same else _OTHER
    return _mixed_kinds(reference, answer)


def _mixed_kinds(reference: Value, answer: Value) -> Match:
    match reference, answer:
        case Ratio(), Quantity() if len(reference.parts) == 2 and answer.style is Style.FRACTION:
            first, second = reference.parts
            if second and answer.unit is None and first / second == answer.number:
                return Match(Outcome.EQUAL, ("The ratio is written as a fraction.",))
        case Remainder(rest=Fraction(numerator=0)), Quantity():
            return _SAME if answer.number == reference.quotient else _OTHER
        case Quantity(), Remainder() if not answer.rest:
            return _SAME if answer.quotient == reference.number else _OTHER
    return _OTHER


def _quantities(reference: Quantity, answer: Quantity, percent_asked: bool) -> Match:
    if PERCENT in (reference.unit, answer.unit):
        return _percents(reference, answer, percent_asked)
    if reference.unit is None or answer.unit is None:
        return _half_known_units(reference, answer)
    if reference.unit.dimension != answer.unit.dimension:
        return _wrong_unit(reference, answer)
    if reference.unit == answer.unit:
        return _numbers(reference, answer)
    converted = _converted(answer, reference.unit)
    match = _numbers(reference, converted)
    if match.outcome is Outcome.EQUAL:
        return Match(Outcome.EQUAL, (*match.notes, "The answer is in another unit."), match.sure)
    return _wrong_unit(reference, answer)


def _converted(answer: Quantity, unit: Unit) -> Quantity:
    if answer.unit is None:
        return answer
    base = answer.number * answer.unit.factor + answer.unit.offset
    return msgspec.structs.replace(answer, number=(base - unit.offset) / unit.factor, unit=unit)


def _half_known_units(reference: Quantity, answer: Quantity) -> Match:
    """Compare where at most one side has a unit that is known."""
    match = _numbers(reference, answer)
    if match.outcome is Outcome.EQUAL:
        return _with_missing_unit(match, reference, answer)
    unit = answer.unit
    if unit is not None and unit.dimension.startswith("money") and unit.factor != 1:
        major = msgspec.structs.replace(answer, number=answer.number * unit.factor, unit=None)
        if _numbers(reference, major).outcome is Outcome.EQUAL:
            return Match(Outcome.EQUAL, ("The answer counts the smaller coin.",))
    return match


def _with_missing_unit(match: Match, reference: Quantity, answer: Quantity) -> Match:
    if reference.unit is None:
        return match
    if answer.noun and not _says_the_unit(answer.noun):
        note = "The unit of the answer is not known; only the number was compared."
        return Match(match.outcome, (*match.notes, note), False)
    return Match(match.outcome, (*match.notes, "The unit is missing."), match.sure)


def _says_the_unit(noun: str) -> bool:
    return len(noun.split()) > 3


def _wrong_unit(reference: Quantity, answer: Quantity) -> Match:
    if _numbers(reference, answer).outcome is Outcome.EQUAL:
        return Match(Outcome.WRONG_UNIT, ("The number is right, the unit is another one.",))
    return _OTHER


def _percents(reference: Quantity, answer: Quantity, asked: bool) -> Match:
    if reference.unit == answer.unit:
        return _numbers(reference, answer)
    if _numbers(_fraction_of_one(reference), _fraction_of_one(answer)).outcome is Outcome.EQUAL:
        return Match(Outcome.EQUAL, ("One side is a percentage, the other is not.",))
    same = _numbers(reference, answer).outcome is Outcome.EQUAL
    if same and reference.unit == PERCENT and answer.unit is None:
        return Match(Outcome.EQUAL, ("The percent sign is missing.",))
    if same and asked and reference.unit is None:
        return Match(Outcome.EQUAL, ("The answer has a percent sign, the reference has none.",))
    return _wrong_unit(reference, answer)


def _fraction_of_one(value: Quantity) -> Quantity:
    if value.unit != PERCENT:
        return value
    places = value.decimals + 2 if value.decimals else 0
    return msgspec.structs.replace(
        value, number=value.number / 100, unit=None, decimals=places, style=Style.DECIMAL
    )


def _numbers(reference: Quantity, answer: Quantity) -> Match:
    if reference.number == answer.number:
        return _SAME
    exact_answer = answer.style is not Style.DECIMAL and answer.number.denominator > 1
    if _rounds_to(answer, reference):
        note = "The answer rounds to the reference."
        return Match(Outcome.EQUAL, (note,), exact_answer)
    endless = reference.style is not Style.DECIMAL and _is_endless(reference.number)
    if endless and answer.style is Style.DECIMAL and _rounds_to(reference, answer):
        return Match(Outcome.EQUAL, ("The answer is rounded.",), answer.decimals > 2)
    return _OTHER


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


def _in_proportion(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> bool:
    if len(first) != len(second):
        return False
    return all(
        first[i] * second[j] == first[j] * second[i] for i in range(len(first)) for j in range(i)
    ) and [bool(part) for part in first] == [bool(part) for part in second]


def _same_relation(first: Relation, second: Relation) -> bool:
    return first.sign == second.sign and _directed(first) == _directed(second)


def _directed(relation: Relation) -> frozenset[tuple[object, Fraction]]:
    """Scale the leading coefficient away; its sign matters for < and <= only."""
    terms = relation.difference.terms
    if not terms:
        return frozenset()
    lead = terms[min(terms, key=lambda key: (key == (), key))]
    scale = abs(lead) if "<" in relation.sign else lead
    return frozenset((key, value / scale) for key, value in terms.items())


def _groups(reference: Group, answer: Group) -> Match:
    if len(reference.items) != len(answer.items) and (reference.ordered or answer.ordered):
        return _OTHER
    if reference.ordered or answer.ordered:
        return _all_of(zip(reference.items, answer.items, strict=True))
    wanted, given = _distinct(reference.items), _distinct(answer.items)
    if len(wanted) != len(given):
        return _OTHER
    found = [_OTHER]
    for value in wanted:
        index = next((i for i, other in enumerate(given) if _pairs(value, other)), None)
        if index is None:
            return _OTHER
        found.append(compare(value, given.pop(index)))
    return _all_of_matches(found[1:])


def _distinct(items: tuple[Value, ...]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        if not any(_pairs(item, other) for other in kept):
            kept.append(item)
    return kept


def _pairs(value: Value, other: Value) -> bool:
    names = {item.name for item in (value, other) if isinstance(item, Quantity) and item.name}
    return len(names) < 2 and compare(value, other).outcome is Outcome.EQUAL


def _all_of(pairs: "zip[tuple[Value, Value]]") -> Match:
    return _all_of_matches([compare(value, other) for value, other in pairs])


def _all_of_matches(matches: list[Match]) -> Match:
    worst = max(matches, key=lambda match: _RANK[match.outcome])
    notes = tuple(dict.fromkeys(note for match in matches for note in match.notes))
    return Match(worst.outcome, notes, all(match.sure for match in matches))


def lowest_ratio(parts: tuple[Fraction, ...]) -> bool:
    """Whether a ratio is in whole numbers without a common factor."""
    whole = all(part.denominator == 1 for part in parts)
    return whole and gcd(*(int(part) for part in parts)) == 1
