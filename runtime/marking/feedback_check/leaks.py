"""Whether feedback gives the answer away: its value in any notation, or its words.

    leaks("It is three quarters.", told)      "It tells the answer: three quarters."

What stands in the question or in the child's own answer is known to the child and may be named;
but not as what the answer is.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from runtime.marking.feedback_check.numbers_said import Said, numbers_said
from runtime.marking.feedback_check.told import Told
from runtime.marking.item import Item, Task
from runtime.marking.mark import Verdict
from runtime.marking.maths.answers import read_reference
from runtime.marking.maths.equivalence import best_match
from runtime.marking.maths.notation import plain, wording
from runtime.marking.maths.reading import read
from runtime.marking.maths.report import Outcome
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
from runtime.marking.writing.words import words
from runtime.words import noted

MOST_SHARE = 0.5
"""Of the reference's words that the child has not read or written, fewer than this may be said."""

RUN = 4
"""Words in a row that are quoted from the reference rather than met by chance."""

_MAX_WINDOW = 7
"""Tokens of a value with its unit: "2 h 30 min", "x = -3/4"."""

_TELLING = re.compile(
    r"(?:[=≈→]|\b(?:answer|result|solution|total|sum|value|it|that|this)(?:'s| is| was| are|"
    r" should be| must be| would be| equals| comes to)|\b(?:makes|gives|equals|get)|"
    r"(?<!you )\b(?:write|put|say)|"
    r"\b(?:risposta|risultato|soluzione|totale|somma|valore)(?: giust[oa]| corrett[oa]| esatt[oa])?"
    r"(?: è| sarebbe| deve essere| dev'essere)|\b(?:fa|viene|ottieni|scrivi|uguale a))"
    r"\W{0,3}(?:exactly |about |just |the |a |an |circa |il |la )?[-$£€]?\s*$",
    re.IGNORECASE,
)
_CLOCK_WORDS = re.compile(
    r"\b(?:past|o'clock|quarter to|e mezza|e un quarto|meno un quarto)\b", re.I
)


_SPEAKING = {
    "en": "answer question sentence word line step part piece idea reason point example detail "
    "thing way explain say tell think look see read write check need miss add give mean complete "
    "whole good right close clear start end first last next one two three more other another",
    "it": "risposta domanda frase parola riga passo passaggio parte pezzo idea ragione motivo "
    "punto esempio dettaglio cosa modo spiegare dire pensare guardare vedere leggere scrivere "
    "controllare serve manca aggiungere dare completa intera buona giusta chiara inizio fine prima "
    "ultima prossima uno due tre altro",
}
"""Words in which any feedback speaks of an answer: alone they tell nothing of what is in it."""
_COUNTED = re.compile(
    r"\s+(?:more |other |good |small |different |altr[ei] |buon[ei] )*(?:parts?|things?|ideas?|"
    r"steps?|lines?|sentences?|words?|reasons?|points?|examples?|details?|ways?|questions?|more\b|"
    r"part[ei]|cos[ae]|ide[ae]|pass[oi]|passagg\w+|righ?[ae]|fras[ei]|parol[ae]|motiv[oi]|"
    r"ragion[ei]|punt[oi]|esemp\w+|mod[oi]|domand[ae])\b",
    re.IGNORECASE,
)


def leaks(text: str, told: Told) -> str | None:
    """Return what tells the answer, in words; ``None`` if nothing does or it may be told."""
    reference = told.item.reference or ""
    if told.reveal or told.verdict is Verdict.CORRECT or not reference.strip():
        return None
    known = f"{told.item.question}\n{told.item.text}"
    values = _values(told.item, reference)
    shown = {said.text.lower() for said in numbers_said(known, told.language)}
    found = _by_number(text, shown, values, told) or _by_value(text, shown, known, values)
    found = found or _by_wording(text, known, reference)
    if found is None and _has_words(values):
        found = _by_words(text, known, reference, told.language)
    return noted("It tells the answer: {found}.", found=found) if found else None


def _values(item: Item, reference: str) -> tuple[Value, ...]:
    """Return what the reference says; of a worked solution, what it comes to."""
    found = read_reference(reference) if item.task is Task.MATH else None
    return tuple(found.values) if found else read(reference)


def _has_words(values: tuple[Value, ...]) -> bool:
    return not values or isinstance(values[0], Words | Symbolic)


def _by_number(text: str, shown: set[str], values: tuple[Value, ...], told: Told) -> str | None:
    """Find a number of the reference in any notation; ``shown`` are those the child knows."""
    wanted = set(_numbers(values))
    if _has_words(values):
        wanted |= {said.value for said in numbers_said(told.item.reference or "", told.language)}
    body = plain(text)
    for said in numbers_said(text, told.language):
        if said.value not in wanted or _counts_parts(body, said, told):
            continue
        if said.text.lower() not in shown or _tells(body, said):
            return said.text
    if any(isinstance(value, Clock) for value in values) and _CLOCK_WORDS.search(text):
        return "a time of day"
    return None


def _counts_parts(body: str, said: Said, told: Told) -> bool:
    """Whether "two" only counts the parts of an answer, where nobody was asked for such parts."""
    counted = _COUNTED.match(body[said.end :])
    if counted is None or said.text[0].isdigit():
        return False
    noun = counted.group().split()[-1].casefold()[:4]
    return noun not in f"{told.item.question} {told.item.reference}".casefold()


def _tells(body: str, said: Said) -> bool:
    return _TELLING.search(body[: said.start]) is not None


def _numbers(values: Iterable[Value]) -> Iterator[Fraction]:
    """Yield each number that gives a value away, or half of it."""
    for value in values:
        match value:
            case Quantity():
                yield value.number
                if value.unit is not None and value.unit.name == "%":
                    yield value.number / 100
            case Group():
                yield from _numbers(value.items)
            case Ratio():
                first, *rest = value.parts
                yield from value.parts
                yield from (first / other for other in rest if other)
            case Remainder():
                yield value.quotient
            case Relation() | Algebra():
                yield from _solution(value)


def _solution(value: Relation | Algebra) -> Iterator[Fraction]:
    """Yield the number behind x = 5 and x < 5."""
    polynomial = value.difference if isinstance(value, Relation) else value.polynomial
    letters = [number for key, number in polynomial.terms.items() if key]
    if isinstance(value, Relation) and len(letters) == 1:
        yield -polynomial.terms.get((), Fraction(0)) / letters[0]


def _by_value(text: str, shown: set[str], known: str, values: tuple[Value, ...]) -> str | None:
    """Find a stretch of the text that reads as the reference: with units, letters, as a time."""
    if not values or isinstance(values[0], Words):
        return None
    said = {wording(part) for part in _windows(known)}
    for part in _windows(text):
        if wording(part) not in said:
            given = read(part)
            if _is_known(given, part, shown):
                continue
            match = best_match(values, given)
            if match.outcome in (Outcome.EQUAL, Outcome.WRONG_UNIT, Outcome.WRONG_FORM):
                return part
    return None


def _is_known(given: tuple[Value, ...], part: str, shown: set[str]) -> bool:
    """Whether it is a number with a noun behind it, and the number is known: 12 eggs again."""
    numbers = {said.text.lower() for said in numbers_said(part, "en")}
    return bool(given and numbers) and isinstance(given[0], Quantity) and numbers <= shown


def _windows(text: str) -> Iterator[str]:
    """Yield short stretches that begin with a number, a sign or a letter that stands alone."""
    tokens = list(re.finditer(r"\S+", plain(text)))
    for first, token in enumerate(tokens):
        if re.match(r"[-+(]?\W?(?:\d|[a-zA-Z](?![a-z])|√|π)", token.group()):
            for last in range(first, min(first + _MAX_WINDOW, len(tokens))):
                yield text[token.start() : tokens[last].end()].strip(" ,;:.!?")


def _by_wording(text: str, known: str, reference: str) -> str | None:
    """Find the reference itself, where the child does not know it, or is told that it is it."""
    phrase = wording(reference)
    if not phrase:
        return None
    inside = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    if re.search(inside, wording(known)):
        found = re.search(rf"(.{{0,60}}){inside}", wording(text))
        return phrase if found and _TELLING.search(f"{found[1].rstrip()} ") else None
    return phrase if re.search(inside, wording(text)) else None


def _by_words(text: str, known: str, reference: str, language: str) -> str | None:
    """Find the words that only the reference has, or a run of it."""
    given = {word.stem for word in words(known, language)}
    wanted = words(reference, language)
    every = {word.stem for word in wanted if word.is_content} - given
    said = words(text, language)
    stated = {word.stem for word in said if _TELLING.search(text[: word.start])}
    new = every - (_stems_of_speaking(language) - stated) or every
    spoken = every - new
    told = {word.stem: word.text for word in said if word.stem in new}
    alongside = {word.stem for word in said if word.stem in spoken}
    most = len(told) >= MOST_SHARE * len(new)
    if told and (most or len(told) + len(alongside) >= MOST_SHARE * len(every)):
        return ", ".join(told.values())
    stems = [word.stem for word in said]
    runs = {tuple(w.stem for w in wanted[at : at + RUN]) for at in range(len(wanted) - RUN + 1)}
    for at in range(len(stems) - RUN + 1):
        run = tuple(stems[at : at + RUN])
        if run in runs and new.intersection(run):
            return " ".join(word.text for word in said[at : at + RUN])
    return None


@cache
def _stems_of_speaking(language: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(_SPEAKING.get(language, ""), language))
