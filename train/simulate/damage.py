"""Ways to spoil a text that cost a known number of points, and the harmless ways of a child.

What costs points: sentences in a senseless order, padding, a fifth of the words misspelt, words
of content flattened to "thing" and "stuff". What costs none: plain synonyms, dropped articles,
a neighbouring pair of sentences swapped, a slip of spelling here and there.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count, pairwise

Sentences = list[str]

COSTS: Mapping[str, int] = {"": 0, "shuffled": 1, "padded": 1, "misspelt": 1, "generic_words": 2}
"""Points each kind of damage costs; the empty name is none."""

LEAST_SENTENCES = 3
"""Fewer cannot be out of order, nor does repeating them stand out."""

SHARE = 0.45
"""Of the longer words: about a fifth of all words."""

_SYNONYMS = {
    "big": "large",
    "large": "big",
    "huge": "very big",
    "about": "around",
    "because": "since",
    "starts": "begins",
    "begins": "starts",
    "children": "kids",
    "makes": "creates",
    "help": "support",
    "however": "but",
    "therefore": "so",
    "many": "lots of",
    "a lot of": "many",
    "nearly": "almost",
    "almost": "nearly",
}
_CHILD_SPELLINGS = {
    "because": "becuase",
    "their": "there",
    "which": "wich",
    "different": "diffrent",
    "people": "peple",
    "until": "untill",
    "always": "allways",
    "through": "threw",
    "animals": "animels",
    "believed": "beleived",
    "they": "thay",
    "where": "were",
    "little": "littel",
    "would": "wud",
    "there": "their",
    "too": "to",
}
_WORD = re.compile(r"[A-Za-z]+")
_LONG = re.compile(r"[A-Za-z]{4,}")
_CONTENT = re.compile(
    r"\b(?!(?:could|would|should|their|there|which|where|while|about|after|before|every|because"
    r"|think|these|those|other|under|until|since|through|over|than)\b)[a-z]{5,}\b"
)
_PLAIN = ("thing", "things", "stuff", "nice", "good", "something")
_PADDING = (
    "This is very important and it is important to know this.",
    "I think everybody knows this because it is like that.",
    "There is a lot to say and I say it here.",
    "As I said before, this is how it is.",
    "It is really very very interesting to read about it.",
)


def spoil(kind: str, sentences: Sequence[str], rng: random.Random) -> Sentences:
    """Return the sentences damaged in the way ``kind`` (a key of ``COSTS``)."""
    ways: Mapping[str, Callable[[Sentences, random.Random], Sentences]] = {
        "shuffled": _shuffled,
        "padded": _padded,
        "misspelt": _misspelt,
        "generic_words": _generic,
    }
    return ways[kind](list(sentences), rng) if kind else list(sentences)


def childlike(sentences: Sequence[str], rng: random.Random) -> Sentences:
    """Return the sentences as some child writes them, all of their sense kept."""
    found = list(sentences)
    if len(found) > LEAST_SENTENCES and rng.random() < 0.3:
        at = rng.randrange(1, len(found) - 1)
        found[at], found[at + 1] = found[at + 1], found[at]
    if rng.random() < 0.4:
        found = [_each(text, _SYNONYMS, 0.5, rng) for text in found]
    if rng.random() < 0.4:
        found = [_each(text, _CHILD_SPELLINGS, 0.5, rng) for text in found]
    if rng.random() < 0.25:
        found = [re.sub(r" (the|a|an) ", _drop(rng), text) for text in found]
    if rng.random() < 0.2:
        found = [text[:1].lower() + text[1:] for text in found]
    return found


def _drop(rng: random.Random) -> Callable[[re.Match[str]], str]:
    return lambda found: " " if rng.random() < 0.4 else found.group()


def _each(text: str, words: Mapping[str, str], rate: float, rng: random.Random) -> str:
    def change(found: re.Match[str]) -> str:
        other = words.get(found.group())
        return other if other and rng.random() < rate else found.group()

    return _WORD.sub(change, text)


def _shuffled(sentences: Sentences, rng: random.Random) -> Sentences:
    """Return an order in which no sentence follows the one it belongs after."""
    order = list(range(len(sentences)))
    while any(b == a + 1 for a, b in pairwise(order)) or order[0] == 0:
        rng.shuffle(order)
    return [sentences[at] for at in order]


def _padded(sentences: Sentences, rng: random.Random) -> Sentences:
    """Return the sentences with as many empty or repeated ones between them."""
    found: Sentences = []
    for sentence in sentences:
        found += [sentence, rng.choice((sentence, rng.choice(_PADDING)))]
    return found


def _misspelt(sentences: Sentences, rng: random.Random) -> Sentences:
    return _some(sentences, _LONG, lambda word: _misspell(word, rng), rng)


def _misspell(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice((swapped, word[:at] + word[at + 1 :], word[: at + 1] + word[at:]))


def _generic(sentences: Sentences, rng: random.Random) -> Sentences:
    return _some(sentences, _CONTENT, lambda _: rng.choice(_PLAIN), rng)


def _some(
    sentences: Sentences, words: re.Pattern[str], change: Callable[[str], str], rng: random.Random
) -> Sentences:
    """Change ``SHARE`` of the words that match, and two at least: a label must have its cause."""
    total = sum(len(words.findall(text)) for text in sentences)
    chosen = set(rng.sample(range(total), min(total, max(2, round(SHARE * total)))))
    place = count()

    def changed(found: re.Match[str]) -> str:
        return change(found.group()) if next(place) in chosen else found.group()

    return [words.sub(changed, text) for text in sentences]
