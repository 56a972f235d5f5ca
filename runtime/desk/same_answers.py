"""Which answers are the same answer: equal in value and form for maths, else in their words.

same_answer(item)        equal for "1/2 cm" and "0 1/2 cm = 1/2 cm", another for "0.5 cm"
same_words("The  dog!")  "the dog"
"""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from functools import lru_cache

import msgspec

from runtime.marking.item import Item, Task
from runtime.marking.mark import Mark
from runtime.marking.maths.answers import ReadAnswer, read_answer, read_reference
from runtime.marking.maths.describe import describe
from runtime.marking.maths.values import Quantity, Value, Words

READINGS = 4096
"""Readings that are kept: those of a class set, since a teacher comes back to each question."""

_SHORT = 30
"""Characters of an answer that is a value and no more."""

_EDGES = " \t.,;:!?\"'()"


def same_answer(item: Item, mark: Mark) -> Hashable | None:
    """Return a key that is equal for answers in maths that deserve the same treatment.

    The final answer as code reads it, and whether a line of the working is known to be wrong. An
    answer of which no value is read is known by its words; an empty one by nothing.
    """
    read = _read(item.question, item.reference, item.text)
    if read is None or read.rivals or isinstance(read.values[0], Words):
        words = same_words(item.text)
        return ("words", words) if words else None
    return ("value", _formed(read.values[0]), has_wrong_line(mark))


def has_wrong_line(mark: Mark | None) -> bool:
    """Return whether a line of the working is known to be wrong."""
    first = mark.first_wrong_step if mark else None
    return first is not None and first >= 0


def final_answer(item: Item) -> str:
    """Return a maths answer as it is read, in words; its text where it is not read as a value."""
    read = _read(item.question, item.reference, item.text)
    return describe(read.values[0]) if read and not read.rivals else " ".join(item.text.split())


def as_written(items: Sequence[Item]) -> str:
    """Return what was written most often of answers that are the same; the value where it is long.

    4/12 stays 4/12: its value, 1/3, may look like the right answer.
    """
    texts = [" ".join(item.text.split()) for item in items]
    short = [text for text in texts if len(text) <= _SHORT and "=" not in text]
    counts = Counter(short)
    most = min(counts, key=lambda text: (-counts[text], len(text)), default="")
    return most or final_answer(items[0])


def same_words(text: str) -> str:
    """Return a text so that the same words are equal, however they are spaced and ended."""
    return re.sub(r"\s+", " ", text).strip(_EDGES).casefold()


@lru_cache(maxsize=READINGS)
def _read(question: str, reference: str | None, text: str) -> ReadAnswer | None:
    item = Item(id="", task=Task.MATH, question=question, reference=reference, answer=text)
    return read_answer(item, _read_reference(reference))


@lru_cache(maxsize=READINGS)
def _read_reference(reference: str | None) -> ReadAnswer | None:
    return read_reference(reference)


def _formed(value: Value) -> Hashable:
    """Return value and form: 0.50 is 0.5 but not 1/2, x = 5 is 5."""
    if isinstance(value, Quantity):
        value = msgspec.structs.replace(value, name="", decimals=0, noun=value.noun.casefold())
        return (value.number, value.unit, value.noun, value.style, value.reduced)
    return (type(value).__name__, describe(value))
