"""All checks of one text, in the order in which they matter to a child."""

import re
from collections.abc import Iterator

import msgspec

from runtime.marking.feedback_check.contradictions import contradictions
from runtime.marking.feedback_check.kindness import unkind
from runtime.marking.feedback_check.leaks import leaks
from runtime.marking.feedback_check.plain_words import strange
from runtime.marking.feedback_check.reading_level import is_too_hard
from runtime.marking.feedback_check.told import Told
from runtime.marking.mark import Verdict
from runtime.words import noted

LANGUAGES = frozenset({"en", "it"})
"""The languages that have word lists here; what is written in another is never shown."""

MAX_CHARS = 1200
"""Ten long sentences: what is longer is no feedback, and every check stays quick."""

_REFERENCE = r"(?:the|that of the|its) (?:reference|right|correct|expected)"
_ALIKE = re.compile(
    rf"(?:equals|matches|agrees with|is equal to|has the same value as) {_REFERENCE}"
    r"|is (?:the|that of the) reference",
    re.I,
)
_UNLIKE = re.compile(
    rf"(?:(?:not|n't) (?:equal|match|agree with|equal to)|differs? from|different from|"
    rf"(?:an)?other value than) {_REFERENCE}|(?:is not|isn't) (?:the|that of the) reference",
    re.I,
)
_BUT = re.compile(r"\b(?:but|although|however|except|not|only)\b", re.I)


def find_faults(text: str, told: Told) -> tuple[str, ...]:
    """Return why a text may not be shown to the child, a sentence each; empty if it may.

    Nothing may be shown in a language that is not among ``LANGUAGES``.
    """
    if not text.strip():
        return (noted("It says nothing."),)
    if len(text) > MAX_CHARS:
        return (noted("It is too long for a child to read."),)
    return tuple(_faults(text, told))


def find_faults_for_teacher(text: str, told: Told) -> tuple[str, ...]:
    """Return why a reason may not stand beside a mark; a teacher may read the answer."""
    open_to_all = msgspec.structs.replace(told, reveal=True)
    odd = strange(text, told.language)
    beside = _of_reference(text, told)
    return (*([odd] if odd else []), *contradictions(text, open_to_all), *beside)


def _of_reference(text: str, told: Told) -> Iterator[str]:
    """Yield what a reason says of the right answer against the verdict; to children nobody does."""
    if told.verdict is Verdict.CORRECT and _UNLIKE.search(text):
        yield noted("It finds fault with an answer that is right.")
    # With a "but" the value may well be that of the reference, and the form or the unit not.
    qualified = _BUT.search(text) or _UNLIKE.search(text)
    if told.verdict is Verdict.INCORRECT and _ALIKE.search(text) and not qualified:
        yield noted("It praises an answer that is wrong.")


def _faults(text: str, told: Told) -> Iterator[str]:
    odd = strange(text, told.language)
    if odd:
        yield odd
    leak = leaks(text, told)
    if leak:
        yield leak
    yield from contradictions(text, told)
    hurtful = unkind(text, given=told.item.question)
    if hurtful:
        yield noted("It is unkind: {hurtful}.", hurtful=hurtful)
    known = f"{told.item.question} {told.item.text}"
    if is_too_hard(text, told.item.grade_level, told.language, known):
        yield noted("It is too hard to read for this grade.")
