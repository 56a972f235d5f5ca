"""Equivalence: whether a child's value equals the reference, and what else is to be said.

Exact values are compared exactly; the one rounding rule stands in ``rounding``.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import gcd

from runtime.marking.maths.match import OTHER, RANK, SAME, Match
from runtime.marking.maths.numerals import Style
from runtime.marking.maths.report import Outcome
from runtime.marking.maths.unit_match import match_quantities
from runtime.marking.maths.units import Unit
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
from runtime.words import noted


def best_match(
    references: Sequence[Value], answers: Sequence[Value], percent_asked: bool = False
) -> Match:
    """Compare all readings and return the best match, first readings before later ones.

    ``percent_asked`` tells that the question speaks of percent, so that a bare 28 and 28 %
    name the same number.
    """
    matches = [
        _unsure(
            compare(reference, answer, percent_asked),
            _is_second(reference, references) or _is_second(answer, answers),
        )
        for reference in references
        for answer in answers
    ]
    return min(matches, key=lambda match: (RANK[match.outcome], not match.sure), default=OTHER)


def _is_second(value: Value, readings: Sequence[Value]) -> bool:
    """Whether another value of the same kind was likelier: 1.500 as 1500, not 2:30 as a time."""
    return value is not readings[0] and type(value) is type(readings[0])


def _unsure(match: Match, later: bool) -> Match:
    if not later or match.outcome is Outcome.DIFFERENT:
        return match
    note = noted("The notation can be read in two ways; it was read as the reference suggests.")
    return Match(match.outcome, (*match.notes, note), False)


def compare(  # noqa: PLR0911 - one case a pair of kinds
    reference: Value, answer: Value, percent_asked: bool = False
) -> Match:
    """Compare one reading of the reference with one of the answer."""
    match reference, answer:
        case Quantity(), Quantity():
            if _names_another(reference, answer):
                return OTHER
            return match_quantities(reference, answer, percent_asked)
        case Group(), Group():
            return _groups(reference, answer)
        case Ratio(), Ratio():
            return SAME if _in_proportion(reference.parts, answer.parts) else OTHER
        case Clock(), Clock():
            day = 720 if reference.half or answer.half else 1440
            return SAME if (reference.minutes - answer.minutes) % day == 0 else OTHER
        case Relation(), Relation():
            return SAME if _same_relation(reference, answer) else OTHER
        case Algebra(), Algebra():
            return _expressions(reference, answer)
        case (Remainder(), Remainder()) | (Words(), Words()):
            return SAME if reference == answer else OTHER
        case Symbolic(), Symbolic():
            same = "".join(reference.source.split()) == "".join(answer.source.split())
            return SAME if same else OTHER
    return _mixed_kinds(reference, answer)


def _expressions(reference: Algebra, answer: Algebra) -> Match:
    if reference.polynomial != answer.polynomial:
        return OTHER
    units = (reference.unit, answer.unit)
    return Match(Outcome.WRONG_UNIT) if None not in units and units[0] != units[1] else SAME


def _names_another(reference: Quantity, answer: Quantity) -> bool:
    """Whether the answer solves for another letter: y = 4 where x = 4 is wanted."""
    names = (reference.name.casefold(), answer.name.casefold())
    return all(len(name) == 1 and name.isalpha() for name in names) and names[0] != names[1]


def _mixed_kinds(reference: Value, answer: Value) -> Match:
    match reference, answer:
        case Ratio(), Quantity() if len(reference.parts) == 2 and answer.style is Style.FRACTION:
            first, second = reference.parts
            if second and answer.unit is None and first / second == answer.number:
                return Match(Outcome.EQUAL, (noted("The ratio is written as a fraction."),))
        case Quantity(unit=Unit(dimension="time") as unit), Clock():
            seconds = reference.number * unit.factor
            if seconds == answer.minutes * 60:
                return Match(Outcome.EQUAL, (noted("The duration is written like a time of day."),))
        case Remainder(rest=Fraction(numerator=0)), Quantity():
            return SAME if answer.number == reference.quotient else OTHER
        case Group(), Ratio():
            parts = tuple(Quantity(number=part) for part in answer.parts)
            return compare(reference, Group(parts, ordered=True))
        case Quantity(), Remainder() if not answer.rest:
            return SAME if answer.quotient == reference.number else OTHER
    return OTHER


def _in_proportion(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> bool:
    if len(first) != len(second):
        return False
    return all(
        first[i] * second[j] == first[j] * second[i] for i in range(len(first)) for j in range(i)
    ) and [bool(part) for part in first] == [bool(part) for part in second]


def _same_relation(first: Relation, second: Relation) -> bool:
    if first.solved and not second.solved and _is_unsolved(second):
        return False
    return first.sign == second.sign and _directed(first) == _directed(second)


def _is_unsolved(relation: Relation) -> bool:
    """Whether something is left to divide, or an equation to solve; -x > -1 only turns signs."""
    letters = [value for key, value in relation.difference.terms.items() if key]
    return relation.sign == "=" or any(abs(value) != 1 for value in letters)


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
        return OTHER
    if reference.ordered or answer.ordered:
        return _all_of(zip(reference.items, answer.items, strict=True))
    wanted, given = _distinct(reference.items), _distinct(answer.items)
    if len(wanted) != len(given):
        return OTHER
    found = [OTHER]
    for value in wanted:
        index = next((i for i, other in enumerate(given) if _pairs(value, other)), None)
        if index is None:
            return OTHER
        found.append(compare(value, given.pop(index)))
    return _all_of_matches(found[1:])


def _distinct(items: tuple[Value, ...]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        if not any(_pairs(item, other) for other in kept):
            kept.append(item)
    return kept


def _pairs(value: Value, other: Value) -> bool:
    named = [item for item in (value, other) if isinstance(item, Quantity) and item.name]
    names = {re.sub(r"_?\{?\d\}?$", "", item.name) for item in named}  # x1 and x2 are both x
    return len(names) < 2 and compare(value, other).outcome is Outcome.EQUAL


def _all_of(pairs: "zip[tuple[Value, Value]]") -> Match:
    return _all_of_matches([compare(value, other) for value, other in pairs])


def _all_of_matches(matches: list[Match]) -> Match:
    worst = max(matches, key=lambda match: RANK[match.outcome])
    notes = tuple(dict.fromkeys(note for match in matches for note in match.notes))
    return Match(worst.outcome, notes, all(match.sure for match in matches))


def lowest_ratio(parts: tuple[Fraction, ...]) -> bool:
    """Whether a ratio is in whole numbers without a common factor."""
    whole = all(part.denominator == 1 for part in parts)
    return whole and gcd(*(int(part) for part in parts)) == 1
