"""Numerals: digits in every notation of a school book, and number words.

One numeral may be read in two ways (1.500 is 1.5 in London and 1500 in Rome); the second reading
is asked for with ``swap``.
"""

import re
from enum import StrEnum
from fractions import Fraction

import msgspec

from runtime.marking.maths.notation import VULGAR

_VULGAR = "".join(VULGAR)

# Bounded repeats: no backtracking to speak of, and a numeral of more digits is no schoolwork.
NUMERAL = (
    rf"\d{{1,12}} ?[{_VULGAR}]"
    rf"|[{_VULGAR}]"
    r"|(?<![\d./])\d{1,9} {1,2}\d{1,6}/\d{1,6}(?![\d/.])"
    r"|\d{1,3}(?:(?:[ '_]\d{3}){1,6}|(?:,\d{3}){1,8})(?:\.\d{1,20})?(?!\d)"
    r"|\d{1,2}(?:,\d{2}){1,4},\d{3}(?:\.\d{1,20})?(?![\d,])"
    r"|\d{1,3}(?:\.\d{3}){1,8}(?:,\d{1,20})(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){2,8}(?!\d)"
    r"|\d{1,40},\d{1,40}(?![,\d])"
    r"|\d{0,40}\.\d{1,40}"
    r"|\d{1,40}\.?(?!\d)"
)
"""One numeral without its sign, in text that went through ``notation.plain``."""

_DOTTED = re.compile(r"\d{1,3}\.\d{3}")
_COMMAED = re.compile(r"[1-9]\d{0,2},\d{3}")


class Style(StrEnum):
    """How a number is written."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    MIXED = "mixed"
    WORDS = "words"
    CALCULATION = "calculation"


class Numeral(msgspec.Struct, frozen=True):
    """A number with the way it was written; ``decimals`` counts its decimal places."""

    value: Fraction
    style: Style
    decimals: int = 0
    ambiguous: bool = False
    reduced: bool = True


def numeral(text: str, swap: bool = False) -> Numeral | None:
    """Read what ``NUMERAL`` matched; ``swap`` takes a single , or . the other way round."""
    body = text.strip()
    for char, spelled in VULGAR.items():
        body = body.replace(char, f" {spelled}")
    if "/" in body:
        return _with_fraction(body.strip())
    return _decimal(body, swap)


def fraction_is_reduced(top: int, bottom: int) -> bool:
    """Whether nothing can be cancelled and the bottom is not 1."""
    return bottom > 1 and Fraction(top, bottom).denominator == bottom


def _with_fraction(body: str) -> Numeral | None:
    digits = [int(part) for part in re.findall(r"\d+", body)]
    top, bottom = digits[-2:]
    if not bottom:
        return None
    whole = digits[0] if len(digits) == 3 else 0
    style = Style.MIXED if len(digits) == 3 else Style.FRACTION
    reduced = fraction_is_reduced(top, bottom) and (style is Style.FRACTION or top < bottom)
    return Numeral(whole + Fraction(top, bottom), style, reduced=reduced)


def _decimal(body: str, swap: bool) -> Numeral | None:
    digits = re.sub(r"[ '_]", "", body)
    odd = re.fullmatch(r"[1-9]\d{0,2},\d{4,}", digits)  # 16,0000: a slip for 160,000
    ambiguous = bool(_DOTTED.fullmatch(digits) or _COMMAED.fullmatch(digits) or odd)
    digits = _with_point(digits, swap and ambiguous)
    whole, _, decimals = digits.partition(".")
    if not whole + decimals or len(digits) > 60:
        return None
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    style = Style.DECIMAL if decimals else Style.INTEGER
    return Numeral(value, style, len(decimals), ambiguous)


def _with_point(digits: str, swap: bool) -> str:
    """Drop what groups thousands and write the decimal sign as a point."""
    last_comma, last_dot = digits.rfind(","), digits.rfind(".")
    if last_comma >= 0 and last_dot >= 0:
        groups, point = (",", ".") if last_dot > last_comma else (".", ",")
    elif digits.count(".") > 1:
        groups, point = ".", ","
    else:
        thousands = digits.count(",") > 1 or _COMMAED.fullmatch(digits) is not None
        comma_decimal = last_comma >= 0 and not thousands
        groups, point = (".", ",") if comma_decimal is not swap else (",", ".")
    return digits.replace(groups, "").replace(point, ".")
