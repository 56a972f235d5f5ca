"""Answers: the reference and the child's final answer, found in their texts and read."""

import re

import msgspec

from runtime.marking.item import Item
from runtime.marking.maths.extraction import Extraction, extract
from runtime.marking.maths.intended import between, intended
from runtime.marking.maths.notation import plain, wording
from runtime.marking.maths.places import Candidate, Strength
from runtime.marking.maths.reading import read, tidy
from runtime.marking.maths.values import Group, Quantity, Relation, Symbolic, Value, Words
from runtime.marking.maths.worded import sign_name, worded

_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
_BECAUSE = re.compile(r"\s*[,(]?\s*\b(?:because|since|cos|cuz|coz|perché|weil)\b", re.IGNORECASE)
_SHORT = 200
_CHANGED = re.compile(r"\b(?:wait|actually|sorry|oops|no|or|not)\b", re.IGNORECASE)


class ReadAnswer(msgspec.Struct, frozen=True):
    """A final answer with its readings."""

    text: str
    values: tuple[Value, ...]
    place: Candidate | None = None
    rivals: tuple[Candidate, ...] = ()


def read_reference(reference: str | None) -> ReadAnswer | None:
    """Read a bare value as it stands, a worked solution by its final answer."""
    if reference is None or not reference.strip():
        return None
    sign = sign_name(reference)
    if sign is not None:
        return ReadAnswer(reference, (Words(sign),))
    values = read(reference)
    bounds = between(tidy(reference))
    if bounds is not None:
        return ReadAnswer(reference, (bounds,))
    worked = "\n" in reference.strip() or "\\boxed" in reference or "####" in reference
    if values and not worked and not isinstance(values[0], Words | Symbolic):
        return ReadAnswer(reference, values)
    found = extract(reference).answer
    if found is not None and found.strength > Strength.NUMBER and read(found.text):
        return ReadAnswer(found.text, read(found.text))
    return ReadAnswer(reference, values or (Words(wording(reference)),))


def read_answer(item: Item, reference: ReadAnswer | None) -> ReadAnswer | None:
    """Read the child's final answer; ``None`` where none can be read."""
    text = item.text
    whole = _whole(text, reference, item.question)
    if whole is not None:
        return whole
    found = extract(text)
    if found.answer is None:
        return _in_prose(text)
    found = _not_given(found, item.question)
    if found.answer is None:
        return None
    values = read(found.answer.text)
    if reference is not None:
        values = intended(found.answer.text, reference.values, item.question) or values
    return ReadAnswer(found.answer.text, values, found.answer, found.rivals) if values else None


def _not_given(found: Extraction, question: str) -> Extraction:
    """Prefer the one number of a sentence that the question did not give: 9 in 4 pens."""
    if found.answer is None or found.answer.strength > Strength.NUMBER or not found.rivals:
        return found
    given = set(_digits(plain(question)))
    places = (*found.rivals, found.answer)
    fresh = [place for place in places if not given.issuperset(_digits(place.text))]
    own = {tidy(place.text) for place in fresh}
    return Extraction(fresh[-1]) if len(own) == 1 and len(fresh) < len(places) else found


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)?", text)


def _in_prose(text: str) -> ReadAnswer | None:
    """Take a number word that opens a sentence without digits: "four squares to the right"."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    values = read(text) if start < end <= _SHORT and "\n" not in text[start:end] else ()
    if not values or not isinstance(values[0], Quantity):
        return None
    place = Candidate(text[start:end], start, end, Strength.CONCLUSION)
    return ReadAnswer(place.text, values, place)


def _whole(text: str, reference: ReadAnswer | None, question: str) -> ReadAnswer | None:
    """Take the whole text as the answer where it is nothing but a value, or words are wanted."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return None
    place = Candidate(text[start:end], start, end, Strength.CONCLUSION)
    if reference is not None and isinstance(reference.values[0], Words):
        return _worded(place, reference.values[0])
    special = _special(text, place, reference, question) if reference is not None else None
    if special is not None:
        return special
    if "\n" in text.strip() or len(text) > 300 or "####" in text or "\\boxed" in text:
        return None
    values = read(text)
    if values and not isinstance(values[0], Words) and not _has_prose(values[0]):
        return ReadAnswer(place.text, values, place)
    return _before_reason(text, start)


def _last_line(text: str, reference: ReadAnswer) -> ReadAnswer | None:
    """Take the last line of working where it is of the kind wanted, as x = 2 or x = 3 is."""
    lines = [match for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    wanted = reference.values[0]
    if len(lines) < 2 or not isinstance(wanted, Group | Relation) or "\\boxed" in text:
        return None
    last = lines[-1]
    values = intended(last.group(), reference.values) or read(last.group())
    if not values or type(values[0]) is not type(wanted) or _is_loose(values[0]):
        return None
    if not all(re.search(r"[=<>≤≥]", line.group()) for line in lines[:-1]):
        return None
    place = Candidate(last.group(), *last.span(), Strength.CONCLUSION)
    return ReadAnswer(place.text, values, place)


def _is_loose(value: Value) -> bool:
    """Whether a list of lines may be read from what is no list: a sum, a single name."""
    return isinstance(value, Group) and any(
        isinstance(item, Symbolic | Words) for item in value.items
    )


def _special(
    text: str, place: Candidate, reference: ReadAnswer, question: str
) -> ReadAnswer | None:
    """Read what only the kind of value wanted explains, in the whole text or its last line."""
    values = intended(text, reference.values, question)
    return ReadAnswer(place.text, values, place) if values else _last_line(text, reference)


def _before_reason(text: str, start: int) -> ReadAnswer | None:
    """Take a value that opens the text and is followed by nothing but its reason."""
    cut = _BECAUSE.search(text)
    head = text[start : cut.start()].rstrip() if cut else ""
    values = read(head)
    if not values or not isinstance(values[0], Quantity) or _CHANGED.search(text):
        return None
    if _has_prose(values[0]) or "=" in head:
        return None
    return ReadAnswer(head, values, Candidate(head, start, start + len(head), Strength.CONCLUSION))


def _has_prose(value: Value) -> bool:
    """Whether words around the number may change what the answer is."""
    if isinstance(value, Quantity):
        return len(value.noun.split()) > 2
    if isinstance(value, Symbolic):
        return "=" in value.source or _WORD.search(value.source) is not None
    return isinstance(value, Group) and any(map(_has_prose, value.items))


def _worded(place: Candidate, wanted: Words) -> ReadAnswer | None:
    """Read an answer in words, from its first line."""
    line = place.text.splitlines()[0]
    words = worded(place, wanted.text)
    short = Candidate(line, place.start, place.start + len(line), place.strength)
    return ReadAnswer(line, (Words(words),), short) if words else None
