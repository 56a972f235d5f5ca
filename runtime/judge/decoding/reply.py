"""One reply in the making: which token comes next, the text so far, and when it ends.

reply = Reply(0, request, grammar.begin(), pieces)
piece = reply.take(logits)          Written(0, "Look", False)
reply.ids                           the tokens so far
"""

from typing import Literal, NamedTuple

from runtime.closing import Closing
from runtime.judge.decoding.grammar import Course, Row
from runtime.judge.decoding.sequences import Prompt
from runtime.judge.decoding.streaming import Pieces, Stream, loops

Why = Literal["", "end", "budget", "stop", "repeats"]


class WriteRequest(NamedTuple):
    """What to write on: a prompt, the grammar of the reply, and at most so many tokens.

    The text ends before the first of the ``stop`` strings. ``keep``: the reply is to stay in
    memory behind its prompt, for a prompt that goes on from there.
    """

    prompt: Prompt
    grammar: str
    budget: int
    stop: tuple[str, ...] = ()
    keep: bool = False


class Written(NamedTuple):
    """The next piece of one reply's text. The last one is ``done`` and says why it ends.

    "end": the model or the grammar ended it; "budget", "stop" (a stop string), "repeats" (the same
    words over and over). ``ids`` of the last piece are the reply's tokens, without an end token.
    """

    request: int
    text: str
    done: bool
    why: Why = ""
    ids: tuple[int, ...] = ()


class Reply(Closing):
    """The state of one reply; it owns its course through the grammar."""

    def __init__(self, number: int, request: WriteRequest, course: Course, pieces: Pieces) -> None:
        self.number = number
        self.request = request
        self.ids: list[int] = []
        self._course = course
        self._pieces = pieces
        self._stream = Stream(request.stop)

    def take(self, logits: Row) -> Written:
        """Choose the next token greedily and return the text that is sure by now."""
        token = self._course.pick(logits)
        if token is None or self._course.ends(token):
            return self.ended("end")
        self._course.accept(token)
        self.ids.append(token)
        text = self._stream.add(self._pieces.of(token))
        why = self._why()
        return self.ended(why, text) if why else Written(self.number, text, False)

    def ended(self, why: Why, text: str = "") -> Written:
        """Return the last piece: ``text`` and what was held back."""
        return Written(self.number, text + self._stream.flush(), True, why, tuple(self.ids))

    def close(self) -> None:
        """Free the course; a second call does nothing."""
        self._course.close()

    def _why(self) -> Why:
        if self._stream.stopped:
            return "stop"
        if loops(self.ids):
            return "repeats"
        return "budget" if len(self.ids) >= self.request.budget else ""
