"""Sentences as they are written: each is shown when it is whole and has been checked.

shown = Shown(check=lambda text: find_faults(text, told), fewest=2)
shown.add("Good start. Look")      ["Good start."]
shown.end()                        []
shown.fault                        why the rest was kept back, "" if nothing was
"""

import re
from collections.abc import Callable, Iterator

from runtime.words import noted

_END = re.compile(r"[.!?][\"'”’»)]*(?=\s)")

UNFINISHED = noted("It does not come to an end.")


class Shown:
    """A text that grows by sentences. ``check`` returns what is wrong with all of it so far.

    A text is whole with ``fewest`` sentences or with its end; ``stands`` tells whether what was
    shown may stay if the rest may not.
    """

    def __init__(self, check: Callable[[str], tuple[str, ...]], fewest: int = 1) -> None:
        self.text = ""
        self.fault = ""
        self._check = check
        self._fewest = fewest
        self._sentences: list[str] = []
        self._rest = ""

    @property
    def stands(self) -> bool:
        """Whether what was shown is enough to be left alone."""
        enough = 1 if not self.fault else self._fewest
        return len(self._sentences) >= enough

    def add(self, text: str) -> Iterator[str]:
        """Yield the sentences that are whole and good now, with the blank before them."""
        self._rest += text
        while match := _END.search(self._rest):
            yield from self._next(self._rest[: match.end()])
            self._rest = self._rest[match.end() :]

    def end(self) -> Iterator[str]:
        """Yield the last sentence; one that has no end (the budget cut it) is left out."""
        rest, self._rest = self._rest.strip(), ""
        if re.search(r"[.!?][\"'”’»)]*$", rest):
            yield from self._next(rest)
        elif not self._sentences and not self.fault:
            self.fault = UNFINISHED

    def _next(self, sentence: str) -> Iterator[str]:
        sentence = sentence.strip()
        # A small model that has nothing more to say says the same again.
        if self.fault or not sentence or sentence in self._sentences:
            return
        text = f"{self.text} {sentence}".strip()
        faults = self._check(text)
        if faults:
            self.fault = faults[0]
            return
        piece, self.text = text[len(self.text) :], text
        self._sentences.append(sentence)
        yield piece
