"""Makes worse versions of a text in known steps, so that a head can learn what "worse" looks like.

No graded essays may train a shipped weight, so the essay head learns from order instead: a text
with half its content, with misspelt words or padded with itself is worse than the text itself.
The shares below are the only opinion in it.
"""

import random
import re
from collections.abc import Callable

import msgspec

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z]{3,}")

PLAIN_WORDS = ("thing", "good", "bad", "nice", "stuff", "do", "get", "make", "big", "lot")
"""What a weak writer says instead of the word that fits."""

Change = Callable[[str], str]


class Degraded(msgspec.Struct, frozen=True):
    """A worse text, and its quality in 0..1 relative to a full text on the same question."""

    text: str
    quality: float


def degrade(text: str, full_length: int, rng: random.Random) -> Degraded:
    """Return ``text`` with content cut, words misspelt or flattened, or padded, by ``rng``.

    ``full_length`` counts the characters of the fullest text on the same question: what a
    text leaves unsaid beside it is missing, whether it was cut here or never written.
    """
    kept = rng.choice((1.0, rng.uniform(0.05, 1.0)))
    errors = rng.choice((0.0, rng.uniform(0.0, 0.3)))
    flat = rng.choice((0.0, rng.uniform(0.0, 0.5)))
    sentences = _SENTENCE.split(text.strip())
    chosen = sentences[: max(1, round(kept * len(sentences)))]
    fullness = min(1.0, len(" ".join(chosen)) / max(1, full_length))
    padded = rng.random() < 0.2
    if padded:
        chosen += rng.choices(chosen, k=len(chosen))
    body = _replace(" ".join(chosen), flat, rng, lambda _: rng.choice(PLAIN_WORDS))
    body = _replace(body, errors, rng, lambda word: _misspell(word, rng))
    # Half the content is worth more than half the marks; errors cost more than they are many.
    quality = fullness**0.6 * (1 - 1.3 * errors) * (1 - 0.6 * flat) * (1 - 0.2 * padded)
    return Degraded(body, quality)


def _replace(text: str, rate: float, rng: random.Random, change: Change) -> str:
    return _WORD.sub(lambda m: change(m.group()) if rng.random() < rate else m.group(), text)


def _misspell(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    dropped = word[:at] + word[at + 1 :]
    doubled = word[: at + 1] + word[at:]
    return rng.choice((swapped, dropped, doubled))
