"""Answers: the reference and the child's final answer, found in their texts and read."""

import re

import msgspec

from runtime.marking.item import Item
from runtime.marking.maths.extraction import extract
from runtime.marking.maths.notation import wording
from runtime.marking.maths.places import Candidate, Strength
from runtime.marking.maths.reading import read
from runtime.marking.maths.values import Group, Quantity, Symbolic, Value, Words

_LEAD_IN = re.compile(
    r"^(?:(?:i think|i say|i got|so|it is|it's|its|the answer is|answer|this is|that is|is|a|an|"
    r"the)\b[:,]?\s*)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
_UNDECIDED = re.compile(r"\b(?:not|no|or|isn't|never|nor)\b", re.IGNORECASE)


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
    values = read(reference)
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
    whole = _whole(text, reference)
    if whole is not None:
        return whole
    found = extract(text)
    if found.answer is None:
        return None
    values = read(found.answer.text)
    return ReadAnswer(found.answer.text, values, found.answer, found.rivals) if values else None


def _whole(text: str, reference: ReadAnswer | None) -> ReadAnswer | None:
    """Take the whole text as the answer where it is nothing but a value, or words are wanted."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return None
    place = Candidate(text[start:end], start, end, Strength.CONCLUSION)
    if reference is not None and isinstance(reference.values[0], Words):
        return _worded(place, reference.values[0])
    if "\n" in text.strip() or len(text) > 300 or "####" in text or "\\boxed" in text:
        return None
    values = read(text)
    if values and not isinstance(values[0], Words) and not _has_prose(values[0]):
        return ReadAnswer(place.text, values, place)
    return None


def _has_prose(value: Value) -> bool:
    """Whether words around the number may change what the answer is."""
    if isinstance(value, Quantity):
        return len(value.noun.split()) > 2
    if isinstance(value, Symbolic):
        return "=" in value.source or _WORD.search(value.source) is not None
    return isinstance(value, Group) and any(map(_has_prose, value.items))


def _worded(place: Candidate, wanted: Words) -> ReadAnswer | None:
    """Read an answer in words: the first line, without "I think it is"."""
    line = place.text.splitlines()[0]
    words = wording(_LEAD_IN.sub("", line.strip()))
    if not words:
        return None
    held = f" {wanted.text} " in f" {words} " and not _UNDECIDED.search(line)
    if wording(line) == wanted.text or (
        held and len(words.split()) <= len(wanted.text.split()) + 8
    ):
        words = wanted.text
    short = Candidate(line, place.start, place.start + len(line), place.strength)
    return ReadAnswer(line, (Words(words),), short)
