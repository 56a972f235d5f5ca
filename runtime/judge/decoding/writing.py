"""Many replies written at once, each token of all of them in one step.

    for piece in Writer(sequences).write([WriteRequest(prompt, "root ::= [a-z ]+", 60)]):
        piece.request, piece.text, piece.done

As one reply ends, the next request takes its place (continuous batching: Yu et al. 2022, "Orca").
A prompt that lies in memory costs nothing. Tokens are chosen greedily, so a reply depends on what
is written beside it only as far as the layout of a step moves logits, and a tie is that close. The
same requests to a memory in the same state get the same words; where something was read before,
cells lie in another order, and the last bits of a sum may differ.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack

import numpy as np

from runtime.judge.decoding.branches import OutOfRoomError
from runtime.judge.decoding.grammar import Grammar, end_tokens
from runtime.judge.decoding.reply import Reply, WriteRequest, Written
from runtime.judge.decoding.sequences import Sequences
from runtime.judge.decoding.slots import Slots
from runtime.judge.decoding.streaming import Pieces

__all__ = ["WriteRequest", "Writer", "Written"]

ANYTHING = "root ::= .*"
"""The grammar of any text; special tokens are never written all the same."""


class Writer:
    """Writes replies with a context's sequences. Not for use by two threads at once.

    ``ends`` are the tokens that end a reply (``ChatModel.ends``), else those that the vocabulary
    names. ``written_tokens`` counts the tokens that were decoded here, one by one.
    """

    def __init__(self, sequences: Sequences, ends: Collection[int] | None = None) -> None:
        self.written_tokens = 0
        self._sequences = sequences
        model = sequences.context.model
        self._ends = end_tokens(model) if ends is None else np.array(sorted(ends), np.int32)
        self._pieces = Pieces(sequences.context.model)

    def write(self, requests: Sequence[WriteRequest]) -> Iterator[Written]:
        """Yield every reply piece by piece, as they come; each ends with one that is ``done``.

        Where memory is short, fewer are written at once: one that had to wait goes on where it
        was, and one that runs out of memory all alone ends as if its budget did. Raises
        ``BadInputError`` for a grammar that cannot be used, ``OutOfRoomError`` if not even one
        prompt fits, ``StoppedError`` and ``ModelError`` as ``BranchContext.read`` does. However it
        ends, no sequence stays held.
        """
        with ExitStack() as opened:
            waiting = deque(self._replies(requests, opened))
            slots = Slots(self._sequences)
            opened.callback(slots.release_all)
            while waiting or slots.taken:
                slots.fill(waiting)
                yield from self._choose(slots)
                yield from self._step(slots, waiting)

    def _replies(self, requests: Sequence[WriteRequest], opened: ExitStack) -> Iterator[Reply]:
        model = self._sequences.context.model
        grammars = {text: Grammar(model, text, self._ends) for text in _grammars(requests)}
        for grammar in grammars.values():
            opened.enter_context(grammar)
        for number, request in enumerate(requests):
            course = opened.enter_context(grammars[request.grammar].begin())
            yield Reply(number, request, course, self._pieces)

    def _choose(self, slots: Slots) -> Iterator[Written]:
        """Yield each reply's next piece; let go of those that end."""
        for slot in list(slots.taken):
            reply = slot.reply
            piece = reply.take(slot.logits) if slot.left > 0 else reply.ended("budget")
            if piece.done:
                slots.finish(slot)
            if piece.text or piece.done:
                yield piece

    def _step(self, slots: Slots, waiting: deque[Reply]) -> Iterator[Written]:
        """Read the newest tokens; where memory is short, of fewer replies, the others waiting."""
        while slots.taken:
            try:
                slots.step()
            except OutOfRoomError:
                if not slots.halve(waiting):
                    [last] = slots.taken
                    slots.finish(last)
                    yield last.reply.ended("budget")
            else:
                self.written_tokens += len(slots.taken)
                return


def _grammars(requests: Sequence[WriteRequest]) -> list[str]:
    return list(dict.fromkeys(request.grammar for request in requests))
