"""What can be counted in an essay: how much of its own it says, how clean, how much is copied.

Amount is counted in distinct words of content that are spelt right and are not copied, so that
padding, copying and misspelling add nothing to it. Counts of this kind are classic features of
essay scoring (Attali and Burstein 2006, "Automated essay scoring with e-rater V.2").
"""

import re
from math import log1p

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.writing.words import Word, content_stems, words

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

SAME = 0.8
"""Two sentences that share this much of their content words say the same."""

MOST_SENTENCES = 300
"""Far beyond a school essay, and bounded work for a pasted book: each is held beside all others."""

Sentences = list[frozenset[str]]


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one text; the field order is the order of head features."""

    own_given: float
    """Natural logarithm of 1 + own words where what belongs in the text is given, else 0: there
    the amount counts for less, since what is said of it can be compared."""
    own_open: float
    """The same where nothing but the question is given, else 0."""
    spelling: float
    """Spelling findings a word, at most 0.5."""
    grammar: float
    """Grammar findings a word, at most 0.5."""
    copied: float
    """Share of words in runs copied from the source or the question."""
    repeated: float
    """Share of the sentences that say again what an earlier one says, word for word or nearly."""


def given(item: Item) -> str:
    """Return what belongs in a text: the source that it is about, else the reference, else ""."""
    return item.source or item.reference or ""


def measure(item: Item, evidence: tuple[Evidence, ...]) -> Style:
    """Count what ``Style`` names in ``item.text``; ``evidence`` is its writing report's."""
    found = words(item.text, item.language)
    count = max(1, len(found))
    copied = _inside(found, evidence, "copied")
    not_own = copied | _inside(found, evidence, "spelling")
    own = log1p(len(content_stems(tuple(w for w in found if w not in not_own))))
    return Style(
        own_given=own if given(item) else 0.0,
        own_open=0.0 if given(item) else own,
        spelling=min(0.5, _count(evidence, "spelling") / count),
        grammar=min(0.5, _count(evidence, "grammar") / count),
        copied=len(copied) / count,
        repeated=_repeated(_sentences(item.text, item.language)),
    )


def _sentences(text: str, language: str) -> Sentences:
    """Return the content stems of each of the first sentences, if it has any."""
    parts = _SENTENCE_END.split(text, maxsplit=MOST_SENTENCES)[:MOST_SENTENCES]
    found = (content_stems(words(part, language)) for part in parts)
    return [stems for stems in found if stems]


def _repeated(sentences: Sentences) -> float:
    again = sum(
        any(len(stems & earlier) >= SAME * len(stems | earlier) for earlier in sentences[:at])
        for at, stems in enumerate(sentences)
    )
    return again / max(1, len(sentences))


def _count(evidence: tuple[Evidence, ...], kind: str) -> int:
    return sum(finding.kind == kind for finding in evidence)


def _inside(found: tuple[Word, ...], evidence: tuple[Evidence, ...], kind: str) -> set[Word]:
    spans = [e.span for e in evidence if e.kind == kind and e.span]
    inside = {place for start, end in spans for place in range(start, end)}
    return {word for word in found if word.start in inside}
