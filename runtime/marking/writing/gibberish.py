"""Gibberish: text that is no language at all, so that no similarity can earn it marks.

Three signs, each language-neutral within alphabetic scripts: words nobody can say (keys hit at
random), one thing said over and over, and a list of words that no grammar holds together.
"""

import re
import unicodedata
from collections import Counter

from runtime.marking.mark import Evidence
from runtime.marking.writing.words import Word, words
from runtime.words import noted

_UNSAYABLE = re.compile(r"(.)\1{3,}|[bcdfghjklmnpqrstvwxz]{6,}|^[bcdfghjklmnpqrstvwxz]{4,}$")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")

MAX_UNSAYABLE = 0.5
"""Half the words: one typing slip or an abbreviation must not condemn a short answer."""

MIN_WORDS_TO_JUDGE_REPETITION = 12
MIN_DISTINCT = 0.25
"""A quarter of the words; no answer of SciEntsBank falls below it."""

MIN_WORDS_TO_JUDGE_GRAMMAR = 25
MIN_FUNCTION_WORDS = 0.12
"""The least in an answer of this length in SciEntsBank is 0.32; a bag of random words has few."""


def find_gibberish(
    text: str, language: str = "en", known: frozenset[str] = frozenset()
) -> Evidence | None:
    """Return a finding over the whole text if it is gibberish, else ``None``.

    Words in ``known`` (lower case: those of the question and the reference) are words.
    """
    found = words(text, language)
    if not found:
        return _finding(noted("There are no words in this answer."), text) if text.strip() else None
    if _unsayable_share(found, known) > MAX_UNSAYABLE:
        return _finding(noted("Most of this is not made of words."), text)
    if _is_repetition(found):
        return _finding(noted("This says the same few words over and over."), text)
    if language in {"en", "it"} and _is_word_list(found):
        return _finding(noted("This is a list of words, not sentences."), text)
    return None


def visible(text: str) -> str:
    """Return ``text`` without control, format and unassigned characters, stripped."""
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cn", "Cs"}
    ).strip()


def _finding(message: str, text: str) -> Evidence:
    return Evidence(kind="gibberish", message=message, span=(0, len(text)))


def _unsayable_share(found: tuple[Word, ...], known: frozenset[str]) -> float:
    # Capitals alone are an abbreviation (HTML), digits a formula (H2O): no sign of random keys.
    letters = [w.text.lower() for w in found if w.text.isalpha() and not w.text.isupper()]
    if not letters:
        return 0.0
    return sum(_is_unsayable(word) for word in letters if word not in known) / len(letters)


def _is_unsayable(word: str) -> bool:
    if _UNSAYABLE.search(word):
        return True
    return len(word) >= 4 and any(word in row or word in row[::-1] for row in _KEY_ROWS)


def _is_repetition(found: tuple[Word, ...]) -> bool:
    if len(found) < MIN_WORDS_TO_JUDGE_REPETITION:
        return False
    counts = Counter(word.stem for word in found)
    # A long honest text repeats its function words, so growth is judged against a square root.
    expected = MIN_DISTINCT * (MIN_WORDS_TO_JUDGE_REPETITION * len(found)) ** 0.5
    return len(counts) < min(expected, MIN_DISTINCT * len(found)) or max(
        counts.values()
    ) > 0.5 * len(found)


def _is_word_list(found: tuple[Word, ...]) -> bool:
    letters = [word for word in found if word.text.isalpha()]
    if len(letters) < MIN_WORDS_TO_JUDGE_GRAMMAR:
        return False
    return sum(not word.is_content for word in letters) / len(letters) < MIN_FUNCTION_WORDS
