"""The numbers that a text says, however they are written, with where they stand.

    [said.value for said in numbers_said("Twelve is 24/2, or 1 200 %.", "en")]
    [Fraction(12), Fraction(12), Fraction(1200), Fraction(12)]

Every fair reading counts: 1.500 is 1.5 and 1500, 50 % is 50 and one half.
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec

from runtime.marking.feedback_check import italian_numbers
from runtime.marking.maths import number_words
from runtime.marking.maths.latex import is_latex, plain_latex
from runtime.marking.maths.notation import SUPERSCRIPTS, plain
from runtime.marking.maths.numerals import NUMERAL, numeral

_FOUND = re.compile(
    rf"(?P<fraction>\d{{1,9}}\s*/\s*\d{{1,9}}(?![\d/]))|(?P<numeral>{NUMERAL})", re.IGNORECASE
)
_POWER = re.compile(
    r"\s*(?:\*|x)\s*10\s*(?:\^\s*\(?(?P<caret>-?\d{1,2})|(?P<high>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,3}))"
)
_PERCENT = re.compile(r"\s*(?:%|per\s?cent\b|percent\b|per cento\b|hundredths\b)", re.IGNORECASE)
_SIGN = re.compile(r"(?:(?<![\w)])-\s?|\b(?:minus|negative|meno)\s+)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MAX_WORDS = 12
"""Words of a number that is spelled: "two thousand four hundred and twenty six and a half"."""

_READERS: dict[str, Callable[[str], Fraction | None]] = {
    "en": number_words.words_to_number,
    "it": italian_numbers.words_to_number,
}
_JOINING = frozenset("and a an point minus negative e virgola meno".split())
"""Words inside a number that are none by themselves."""

_NO_NUMBERS = frozenset("a an and one point half quarter un uno una e sei".split())
"""What alone is hardly ever meant as a number: "one of them", "sei" (you are)."""


class Said(msgspec.Struct, frozen=True):
    """A number, and the text and place (end exclusive) it was read from."""

    value: Fraction
    text: str
    start: int
    end: int


def numbers_said(text: str, language: str) -> Iterator[Said]:
    """Yield every reading of every number, those in words last."""
    body = plain(text)
    if is_latex(body):
        body = plain_latex(body)
    yield from _in_digits(body)
    for reader in {_READERS.get(language, number_words.words_to_number), _READERS["en"]}:
        yield from _in_words(body, reader)


def _in_digits(body: str) -> Iterator[Said]:
    for match in _FOUND.finditer(body):
        for value in _readings(match):
            for worth in _with_what_follows(value, body[match.end() :]):
                yield Said(worth, match.group().strip(" ."), *match.span())
                if _SIGN.search(body[: match.start()]):
                    yield Said(-worth, match.group().strip(" ."), *match.span())


def _readings(match: re.Match[str]) -> set[Fraction]:
    """Return what a match may say: 3,12 is 3.12, and two numbers of a list."""
    whole = match.group()
    found = {numeral(whole, swap) for swap in (False, True)}
    values = {one.value for one in found if one is not None}
    if not match["fraction"]:
        values |= {Fraction(part) for part in re.split(r"[, ']", whole) if part.isdecimal()}
    return values


def _with_what_follows(value: Fraction, rest: str) -> Iterator[Fraction]:
    yield value
    if _PERCENT.match(rest):
        yield value / 100
    power = _POWER.match(rest)
    if power:
        exponent = power["caret"] or power["high"].translate(SUPERSCRIPTS)
        if exponent.lstrip("-").isdigit():
            yield value * Fraction(10) ** int(exponent)


def _in_words(body: str, reader: Callable[[str], Fraction | None]) -> Iterator[Said]:
    words = list(_WORD.finditer(body))
    may = [_may_count(word.group().lower(), reader) for word in words]
    for first in range(len(words)):
        for last in range(first, min(first + _MAX_WORDS, len(words))):
            start, end = words[first].start(), words[last].end()
            spelled = body[start:end]
            if not may[last] or re.search(r"[.,;:!?\n]", spelled):
                break
            value = None if spelled.lower() in _NO_NUMBERS else reader(spelled)
            if value is not None:
                for worth in _with_what_follows(value, body[end:]):
                    yield Said(worth, spelled, start, end)


def _may_count(word: str, reader: Callable[[str], Fraction | None]) -> bool:
    """Whether a word may be part of a number: "three", "and", "quarti" (of tre quarti)."""
    return word in _JOINING or reader(word) is not None or reader(f"due {word}") is not None
