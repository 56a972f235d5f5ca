"""All checks of one text, in the order in which they matter to a child."""

from collections.abc import Iterator

import msgspec

from runtime.marking.feedback_check.contradictions import contradictions
from runtime.marking.feedback_check.kindness import unkind
from runtime.marking.feedback_check.leaks import leaks
from runtime.marking.feedback_check.plain_words import strange
from runtime.marking.feedback_check.reading_level import is_too_hard
from runtime.marking.feedback_check.told import Told
from runtime.words import noted

LANGUAGES = frozenset({"en", "it"})
"""The languages that have word lists here; what is written in another is never shown."""

MAX_CHARS = 1200
"""Ten long sentences: what is longer is no feedback, and every check stays quick."""


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
    return (*([odd] if odd else []), *contradictions(text, open_to_all))


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
