"""How an answer overlaps its reference, word by word, with the question's own words discounted.

Repeating the question earns nothing: words that the question already gives are "demoted", as
in Sultan, Salazar and Sumner (NAACL 2016), "Fast and easy short answer grading".
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from math import log1p

import msgspec

from runtime.marking.writing.words import Word, content_stems, is_negated, words

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CHARACTER_GRAM = 3


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """Shares in 0..1 unless said otherwise; the field order is the order of head features."""

    recall: float
    """Content words of the reference found in the answer."""
    precision: float
    """Content words of the answer found in the reference."""
    new_recall: float
    """As ``recall``, over the words that the question does not give."""
    new_precision: float
    """As ``precision``, over the words that the question does not give."""
    any_recall: float
    """Words of the reference, function words included, found in the answer."""
    echo: float
    """Content words of the answer that the question gives."""
    grams: float
    """Dice coefficient of character trigrams of answer and reference."""
    sequence: float
    """Longest matching blocks of stems in order (Ratcliff and Obershelp 1988)."""
    negation_clash: float
    """1 where exactly one of the two is negated."""
    number_recall: float
    """Numbers of the reference found in the answer; 1 where it has none."""
    log_words: float
    """Natural logarithm of 1 + words of the answer."""
    length_ratio: float
    """Words of the answer over words of the reference, at most 3."""


def compare(question: str, reference: str, answer: str, language: str = "en") -> Overlap:
    """Measure the overlap of ``answer`` with ``reference``; the order of words matters little."""
    asked, expected, given = (words(t, language) for t in (question, reference, answer))
    known, wanted, said = (content_stems(w) for w in (asked, expected, given))
    return Overlap(
        recall=_share(wanted, said),
        precision=_share(said, wanted),
        new_recall=_share(wanted - known, said),
        new_precision=_share(said - known, wanted),
        any_recall=_share({w.stem for w in expected}, {w.stem for w in given}),
        echo=_share(said, known),
        grams=_dice(_grams(reference), _grams(answer)),
        sequence=_sequence(expected, given),
        negation_clash=float(is_negated(expected) != is_negated(given)),
        number_recall=_share(_numbers(reference), _numbers(answer), empty=1.0),
        log_words=log1p(len(given)),
        length_ratio=min(3.0, len(given) / max(1, len(expected))),
    )


def _share(wanted: Iterable[str], found: Iterable[str], empty: float = 0.0) -> float:
    need, have = set(wanted), set(found)
    return len(need & have) / len(need) if need else empty


def _numbers(text: str) -> set[str]:
    return {m.replace(",", ".") for m in _NUMBER.findall(text)}


def _grams(text: str) -> set[str]:
    flat = " ".join(text.lower().split())
    return {flat[i : i + _CHARACTER_GRAM] for i in range(len(flat) - _CHARACTER_GRAM + 1)}


def _dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _sequence(expected: tuple[Word, ...], given: tuple[Word, ...]) -> float:
    # 200 words bound the quadratic matcher; a short answer is far below.
    left, right = ([w.stem for w in found[:200]] for found in (expected, given))
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
