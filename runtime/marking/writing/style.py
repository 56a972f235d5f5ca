"""What can be counted in an essay: length, variety, sentences, errors, use of the source.

Counts of this kind are the classic features of essay scoring (Attali and Burstein 2006,
"Automated essay scoring with e-rater V.2"); each is bounded, so that padding cannot run away.
"""

import re
from math import log1p

import msgspec

from runtime.marking.item import Item
from runtime.marking.mark import Evidence
from runtime.marking.writing.words import Word, content_stems, words

_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")
_CONNECTIVES = frozenset(
    "because therefore however although though while whereas since unless until furthermore "
    "moreover first second third finally then next also instead otherwise thus hence example "
    "perché quindi però sebbene mentre inoltre infine prima poi invece".split()
)


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one text; the field order is the order of head features."""

    log_words: float
    """Natural logarithm of 1 + words."""
    log_distinct: float
    """Natural logarithm of 1 + distinct stems of content words: padding does not raise it."""
    word_length: float
    """Mean letters a word, at most 8."""
    long_share: float
    """Share of words of seven letters or more."""
    sentence_length: float
    """Mean words a sentence, at most 40."""
    log_sentences: float
    """Natural logarithm of 1 + sentences."""
    connectives: float
    """Connectives a sentence, at most 2."""
    spelling: float
    """Spelling findings a word, at most 0.5."""
    grammar: float
    """Grammar findings a word, at most 0.5."""
    source_coverage: float
    """Content words of the source (or reference, or question) found in the text."""
    copied: float
    """Share of words in runs copied from the source or the question."""


def measure(item: Item, evidence: tuple[Evidence, ...]) -> Style:
    """Count what ``Style`` names in ``item.text``; ``evidence`` is its writing report's."""
    found = words(item.text, item.language)
    sentences = max(1, len(_SENTENCE_END.findall(item.text)))
    count = max(1, len(found))
    topic = item.source or item.reference or item.question
    wanted = content_stems(words(topic, item.language))
    stems = content_stems(found)
    return Style(
        log_words=log1p(len(found)),
        log_distinct=log1p(len(stems)),
        word_length=min(8.0, sum(len(w.text) for w in found) / count),
        long_share=sum(len(w.text) >= 7 for w in found) / count,
        sentence_length=min(40.0, len(found) / sentences),
        log_sentences=log1p(sentences),
        connectives=min(2.0, sum(w.text.lower() in _CONNECTIVES for w in found) / sentences),
        spelling=min(0.5, _count(evidence, "spelling") / count),
        grammar=min(0.5, _count(evidence, "grammar") / count),
        source_coverage=len(wanted & stems) / len(wanted) if wanted else 0.0,
        copied=_copied_share(found, evidence),
    )


def _count(evidence: tuple[Evidence, ...], kind: str) -> int:
    return sum(finding.kind == kind for finding in evidence)


def _copied_share(found: tuple[Word, ...], evidence: tuple[Evidence, ...]) -> float:
    spans = [e.span for e in evidence if e.kind == "copied" and e.span]
    inside = sum(any(a <= word.start < b for a, b in spans) for word in found)
    return inside / len(found) if found else 0.0
