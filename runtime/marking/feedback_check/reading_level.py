"""How hard a text is to read, by published formulas, against the child's grade.

    is_too_hard("Look at line 2 again.", grade=4, language="en")     False

English: the grade of Flesch and Kincaid (Kincaid, Fishburne, Rogers and Chissom 1975, "Derivation
of New Readability Formulas for Navy Enlisted Personnel"). Italian: Gulpease (Lucisano and
Piemontese 1988, "GULPEASE: una formula per la predizione della difficoltà dei testi in lingua
italiana"), 0 to 100, the easier the higher.
"""

import re

import numpy as np

USUAL_GRADE = 6
"""Where an item names no grade: the middle of the school years that are marked here."""

MARGIN_GRADES = 3.0
"""Both formulas were fitted to passages of 100 words and more. In twenty words, one word of five
syllables moves the grade by 2.4; so this much over the child's grade is no finding yet."""

MARGIN_GULPEASE = 15.0
"""The same in Italian: in twenty words, a sentence more or less moves the index by 15."""

SHORT = "leaf"
"""A word as short as any: one syllable, four letters."""

# Texts below these are hard for a reader who has finished that grade (Lucisano & Piemontese 1988).
_GULPEASE = ((5, 80.0), (8, 60.0), (13, 40.0))

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?]*[^\W_][^.!?]*")
_SILENT = re.compile(r"(?:[^aeiouyl]|[aeiouyl]l)e$|[^aeiouytd]ed$|[^aeiouyscxzg]es$")
_VOWELS = re.compile(r"[aeiouyáéíóú]+")


def is_too_hard(text: str, grade: int | None, language: str, known: str = "") -> bool:
    """Whether a child of that grade would struggle; ``language`` is "en" or "it".

    Words of ``known`` (the question) are what the lesson is about, and count as short ones.
    """
    words = {word.lower() for word in _WORD.findall(known)}
    text = _WORD.sub(lambda m: SHORT if m.group().lower() in words else m.group(), text)
    level = USUAL_GRADE if grade is None else max(1, min(grade, 13))
    if not _WORD.search(text):
        return False
    if language == "it":
        years, indices = zip(*_GULPEASE, strict=True)
        return gulpease(text) < float(np.interp(level, years, indices)) - MARGIN_GULPEASE
    return flesch_kincaid(text) > level + MARGIN_GRADES


def flesch_kincaid(text: str) -> float:
    """Return the school grade in the United States; it may be below 0. 0 without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / _sentences(text) + 11.8 * syllables / len(words) - 15.59


def gulpease(text: str) -> float:
    """Return the index, 0 to 100. 100 without words."""
    words = _WORD.findall(text)
    if not words:
        return 100.0
    letters = sum(char.isalpha() for char in text)
    index = 89 + (300 * _sentences(text) - 10 * letters) / len(words)
    return max(0.0, min(100.0, index))


def count_syllables(word: str) -> int:
    """Return the syllables of an English word by its groups of vowels, at least one.

    A silent e at the end does not count, nor that of -es and -ed behind most letters.
    """
    lower = re.sub(r"(?:'|’)\w*$", "", word.lower())
    groups = len(_VOWELS.findall(lower))
    return max(1, groups - bool(_SILENT.search(lower)))


def _sentences(text: str) -> int:
    return max(1, len(_SENTENCE.findall(re.sub(r"(?<=\d)[.](?=\d)", "", text))))
