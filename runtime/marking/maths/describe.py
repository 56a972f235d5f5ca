"""Descriptions: how a value was read, in words a teacher checks at a glance."""

from collections.abc import Sequence
from fractions import Fraction

from runtime.marking.maths.numerals import Style
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
from runtime.words import _, numeral


def describe(value: Value) -> str:  # noqa: PLR0911 - one case a kind of value
    """Return the value in short plain notation: "3 1/2 cm", "7 remainder 2"."""
    match value:
        case Quantity():
            return _quantity(value)
        case Ratio():
            return ":".join(map(_number, value.parts))
        case Clock():
            return f"{value.minutes // 60}:{value.minutes % 60:02}"
        case Remainder():
            return _("{quotient} remainder {rest}").format(
                quotient=_number(value.quotient), rest=_number(value.rest)
            )
        case Group():
            inner = _listed([describe(one) for one in value.items])
            return f"({inner})" if value.ordered else inner
        case Relation() | Algebra():
            return _algebra(value)
        case Words():
            return value.text
        case Symbolic():
            return " ".join(value.source.split())


def _quantity(value: Quantity) -> str:
    shown = _decimal(value) if value.style is Style.DECIMAL else _number(value.number, value.style)
    unit = value.unit.name if value.unit else value.noun
    if not unit:
        return shown
    return (
        f"{shown}{unit}"
        if unit == "%"
        else f"{unit}{shown}"
        if unit in "$£€"
        else f"{shown} {unit}"
    )


def _decimal(value: Quantity) -> str:
    scaled = abs(value.number) * 10**value.decimals
    if scaled.denominator != 1:
        return _number(value.number)
    digits = str(scaled.numerator).rjust(value.decimals + 1, "0")
    split = len(digits) - value.decimals
    sign = "-" if value.number < 0 else ""
    whole, rest = digits[:split], digits[split:]
    return f"{sign}{whole}{numeral('.')}{rest}" if value.decimals else f"{sign}{digits}"


def _listed(items: Sequence[str]) -> str:
    # A decimal comma between commas would be read as one of them.
    return ("; " if any("," in item for item in items) else ", ").join(items)


def _number(value: Fraction, style: Style = Style.FRACTION) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    if style is Style.MIXED and abs(value) > 1:
        whole, rest = divmod(abs(value.numerator), value.denominator)
        return f"{'-' if value < 0 else ''}{whole} {rest}/{value.denominator}"
    return f"{value.numerator}/{value.denominator}"


def _algebra(value: Relation | Algebra) -> str:
    if isinstance(value, Algebra):
        return _terms(value)
    return f"{_terms(Algebra(value.difference))} {value.sign} 0"


def _terms(value: Algebra) -> str:
    parts = []
    for key, number in sorted(value.polynomial.terms.items(), reverse=True):
        letters = "".join(name if power == 1 else f"{name}^{power}" for name, power in key)
        factor = "" if letters and abs(number) == 1 else _number(abs(number))
        parts.append(f"{'-' if number < 0 else '+'} {factor}{letters}")
    return " ".join(parts).removeprefix("+ ") or "0"
