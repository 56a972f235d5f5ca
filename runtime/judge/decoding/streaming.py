"""Text as it is written: whole characters, stop strings, and no saying the same for ever.

stream = Stream(stops=("\\n\\n",))
stream.add(b"caf\\xc3")       "caf"
stream.add(b"\\xa9")          "é"
stream.stopped               whether a stop string was met; the text ends before it
stream.flush()               what was held back, at the end
"""

import codecs
import ctypes
from collections.abc import Sequence
from functools import lru_cache

from llama_cpp import llama_cpp as llama

from runtime.judge.engine import Model

MAX_PERIOD = 16
"""Tokens of the longest phrase that is taken for a loop when it comes again and again."""

ROUNDS = 3
"""So often in a row a phrase comes before it is a loop; a child may well be told "no, no, no"."""

MIN_LOOP = 12
"""Tokens that a loop has at least: "ha ha ha" is none."""


class Pieces:
    """The bytes of each token of a model's vocabulary; special tokens have none."""

    def __init__(self, model: Model) -> None:
        self._vocab = model.vocab
        self.of = lru_cache(maxsize=20_000)(self._read)

    def _read(self, token: int) -> bytes:
        size = 64
        while True:
            room = ctypes.create_string_buffer(size)
            found = int(llama.llama_token_to_piece(self._vocab, token, room, size, 0, False))
            if found >= 0:
                return room.raw[:found]
            size = -found


class Stream:
    """The text of one reply. A token may be part of a character, and a stop string many tokens."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self.stopped = False
        self._stops = tuple(filter(None, stops))
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def add(self, data: bytes) -> str:
        """Return the text that is sure by now; nothing behind a stop string is."""
        return self._released(self._decoder.decode(data))

    def flush(self) -> str:
        """Return the rest, the beginning of a character as U+FFFD; nothing comes after it."""
        text = self._released(self._decoder.decode(b"", final=True))
        text, self._held = text + self._held, ""
        return text

    def _released(self, more: str) -> str:
        if self.stopped:
            return ""
        text = self._held + more
        found = [at for at in (text.find(stop) for stop in self._stops) if at >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        keep = max((_overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]


def _overlap(text: str, stop: str) -> int:
    """Return how many characters at the end of ``text`` begin ``stop``."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if stop.startswith(text[-n:])), 0)


def loops(ids: Sequence[int]) -> bool:
    """Whether the ids end in the same few tokens over and over.

    A greedy reply that once repeats itself so does it for ever (Holtzman et al. 2020, "The
    Curious Case of Neural Text Degeneration").
    """
    return any(_repeats(ids, period) for period in range(1, MAX_PERIOD + 1))


def _repeats(ids: Sequence[int], period: int) -> bool:
    length = max(ROUNDS * period, MIN_LOOP)
    if len(ids) < length:
        return False
    tail = ids[len(ids) - length :]
    return all(tail[at] == tail[at - period] for at in range(period, length))
