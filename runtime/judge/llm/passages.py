"""Which passages of a source are closest to a question (BM25; Robertson and Zaragoza 2009).

ranked = closest(source, "Why do puddles dry up?", "en")
joined(source, ranked[:3])      in the order of the source, a mark where something is left out
"""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from runtime.judge.prompt.wording import OMITTED
from runtime.marking.writing.words import content_stems, words

Span = tuple[int, int]

MOST_WORDS = 40
"""A sentence longer than this is several passages, so that one never fills the room alone."""

# The usual values: how soon repetition stops to count, and how much a passage's length does.
_K1, _B = 1.2, 0.75

_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’»)]*(?=\s)|(?=\n)|\Z)", re.DOTALL)
_WORDS = re.compile(rf"\S{{1,80}}(?:\s*\S{{1,80}}){{0,{MOST_WORDS - 1}}}")


def closest(text: str, question: str, language: str) -> list[Span]:
    """Return the text's passages, the closest first; those equally close in their order."""
    passages = [span for found in _SENTENCE.finditer(text) for span in _parted(text, found.span())]
    wanted = content_stems(words(question, language))
    counts = [_stems(text[start:end], language) for start, end in passages]
    known = Counter(stem for count in counts for stem in count)
    mean = sum(count.total() for count in counts) / max(1, len(counts))
    scores = [
        sum(_weight(count, stem, known[stem], len(counts), mean) for stem in wanted & count.keys())
        for count in counts
    ]
    return [passages[at] for at in sorted(range(len(passages)), key=lambda at: -scores[at])]


def joined(text: str, passages: Sequence[Span]) -> str:
    """Return these passages of a text in its order, with a mark for what lies between them."""
    found, at = "", 0
    for start, end in sorted(passages):
        between = text[at:start]
        found += (OMITTED if between.strip() else between) + text[start:end]
        at = end
    return found + (OMITTED if text[at:].strip() else text[at:])


def _parted(text: str, sentence: Span) -> list[Span]:
    return [found.span() for found in _WORDS.finditer(text, *sentence)]


def _stems(passage: str, language: str) -> Counter[str]:
    return Counter(word.stem for word in words(passage, language))


def _weight(count: Counter[str], stem: str, holding: int, passages: int, mean: float) -> float:
    rarity = log(1 + (passages - holding + 0.5) / (holding + 0.5))
    often = count[stem]
    return rarity * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * count.total() / mean))
