"""Copying: runs of words that stand in the source or the question just as the child wrote them."""

import msgspec

from runtime.marking.mark import Evidence
from runtime.marking.writing.words import Word, words
from runtime.words import noted

MIN_RUN = 8
"""Words in a row. Shorter runs are names and set phrases that every honest answer shares."""


_MESSAGES = {
    "source": noted("These words stand just so in the source."),
    "question": noted("These words stand just so in the question."),
}


class Copying(msgspec.Struct, frozen=True):
    """Share of the child's words (0..1) that stand in copied runs, and where the runs are."""

    share: float
    evidence: tuple[Evidence, ...] = ()


def find_copying(answer: str, source: str, name: str, min_run: int = MIN_RUN) -> Copying:
    """Find runs of at least ``min_run`` words of ``answer`` that occur in ``source``."""
    given, original = words(answer), words(source)
    known = _runs(original, min_run)
    copied = [False] * len(given)
    for at in range(len(given) - min_run + 1):
        if _key(given[at : at + min_run]) in known:
            copied[at : at + min_run] = [True] * min_run
    spans = _spans(given, copied)
    message = _MESSAGES[name]
    found = tuple(Evidence(kind="copied", message=message, span=span) for span in spans)
    return Copying(sum(copied) / len(given) if given else 0.0, found)


def _runs(original: tuple[Word, ...], size: int) -> set[tuple[str, ...]]:
    return {_key(original[at : at + size]) for at in range(len(original) - size + 1)}


def _key(run: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.text.lower() for word in run)


def _spans(given: tuple[Word, ...], copied: list[bool]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for at, (word, hit) in enumerate(zip(given, copied, strict=True)):
        if hit and at and copied[at - 1]:
            spans[-1] = (spans[-1][0], word.end)
        elif hit:
            spans.append((word.start, word.end))
    return spans
