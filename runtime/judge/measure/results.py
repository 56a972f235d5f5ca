"""What a benchmark measures, by name, with units.

    Result("pp512", [101.2, 99.8, 102.4]).spread.median

The names with pp, tg and pl are llama-bench's and llama-batched-bench's.
"""

import msgspec

from runtime.judge.measure.spread import Spread


class Meaning(msgspec.Struct, frozen=True):
    """The unit of a measure, and what it is in a sentence."""

    unit: str
    says: str


MEANINGS = {
    "load": Meaning("s", "opening the file and preparing its memory"),
    "pp": Meaning("tokens/s", "reading a prompt of so many tokens"),
    "tg": Meaning("tokens/s", "writing so many tokens, one after another"),
    "pl": Meaning("tokens/s", "writing in so many sequences at once, all together"),
    "p50": Meaning("ms", "one answer to a question that was read before: median"),
    "p95": Meaning("ms", "the same: 19 of 20 take no longer"),
    "first word": Meaning("ms", "from an answer to its verdict and the first word of feedback"),
    "class": Meaning("s", "all verdicts of a class, the question included"),
    "answers": Meaning("/min", "verdicts a minute, a class at a time"),
    "with feedback": Meaning("/min", "answers a minute with a verdict and feedback each"),
    "feedback": Meaning("tokens/s", "writing the feedback of a class, all together"),
    "peak": Meaning("MB", "the most memory, the mapped file included"),
    "energy": Meaning("J", "for one verdict of a class"),
}
"""Every measure there is. Encoders have no tokens to write."""


def meaning(name: str) -> Meaning:
    """Return what a measure is; "pp512" is "pp" with its number of tokens."""
    return MEANINGS[name if name in MEANINGS else name.rstrip("0123456789")]


class Result(msgspec.Struct, frozen=True):
    """The measurements of one name."""

    name: str
    values: list[float]

    @property
    def spread(self) -> Spread:
        """Their median and how far they lie apart."""
        return Spread.of(self.values)
