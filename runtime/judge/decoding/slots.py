"""The replies that are being written now, each in a sequence of its own.

slots = Slots(sequences)
slots.fill(waiting)                 takes as many as there is room for
for slot in slots.taken:
    slot.reply.take(slot.logits)
slots.step()                        reads the newest token of each
"""

from collections import deque
from contextlib import suppress

import numpy as np

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import OutOfRoomError
from runtime.judge.decoding.grammar import Row
from runtime.judge.decoding.reply import Reply
from runtime.judge.decoding.sequences import Held, Prompt, Sequences

Waiting = deque[Reply]


class Slot:
    """A reply, where it lies, and the logits after all of it that was read."""

    def __init__(self, reply: Reply, held: Held, room: int) -> None:
        self.reply = reply
        self.held = held
        self.logits: Row = held.logits
        # The prompt, and what was written before the reply had to wait.
        self.start = held.length - len(reply.ids)
        self.most = min(reply.request.budget, room - self.start)

    @property
    def left(self) -> int:
        """How many tokens may still be written."""
        return self.most - len(self.reply.ids)


class Slots:
    """As many replies at once as there are sequences, rows of logits and cells for."""

    def __init__(self, sequences: Sequences) -> None:
        limits = sequences.context.limits
        self.taken: list[Slot] = []
        self._sequences = sequences
        self._most = min(limits.sequences, limits.rows or limits.sequences, limits.step)
        self._room = min(sequences.context.model.positions, sequences.context.cells)

    def fill(self, waiting: Waiting) -> None:
        """Take waiting replies in, the first first; those without room go on waiting.

        Raises ``OutOfRoomError`` if not even one prompt fits.
        """
        count = min(len(waiting), self._most - len(self.taken), self._sequences.free)
        while count > 0 and self._has_room_for(waiting[0]):
            replies = [waiting.popleft() for _ in range(count)]
            try:
                held = self._sequences.hold([_prompt(reply) for reply in replies])
            except OutOfRoomError:
                waiting.extendleft(reversed(replies))
                if count == 1 and not self.taken:
                    raise
                count //= 2
                continue
            pairs = zip(replies, held, strict=True)
            self.taken += [Slot(reply, one, self._room) for reply, one in pairs]
            break
        while len(self.taken) > 1 and self._needed() > self._sequences.room:
            self._put_back(waiting)

    def step(self) -> None:
        """Read the newest token of each reply in one step, for the logits after it.

        Raises as ``BranchContext.read`` does; after an ``OutOfRoomError`` all is as it was.
        """
        pieces = [_newest(slot) for slot in self.taken]
        try:
            rows = self._sequences.context.read(pieces)
        except OutOfRoomError:
            for piece in pieces:
                self._sequences.context.drop(piece.sequence, piece.start)
            raise
        for slot, row in zip(self.taken, rows, strict=True):
            slot.logits = row

    def halve(self, waiting: Waiting) -> bool:
        """Let the younger half wait until others have ended; say whether there were two."""
        self._most = max(1, len(self.taken) // 2)
        fewer = len(self.taken) > self._most
        while len(self.taken) > self._most:
            self._put_back(waiting)
        return fewer

    def finish(self, slot: Slot) -> None:
        """Give a reply's sequence back, with the reply in it if it is to be kept."""
        self.taken.remove(slot)
        # What is held begins with what was written before the reply had to wait.
        more = slot.reply.ids[slot.held.length - slot.start :]
        try:
            if slot.reply.request.keep and more:
                # Without room it is written all the same, and read again by whoever goes on.
                with suppress(OutOfRoomError):
                    self._sequences.grow(slot.held, more)
        finally:
            self._sequences.release(slot.held)

    def release_all(self) -> None:
        """Give every sequence back."""
        while self.taken:
            self._sequences.release(self.taken.pop().held)

    def _has_room_for(self, reply: Reply) -> bool:
        more = reply.request.budget - len(reply.ids)
        return not self.taken or self._needed() + more < self._sequences.room

    def _needed(self) -> int:
        return sum(slot.left for slot in self.taken)

    def _put_back(self, waiting: Waiting) -> None:
        slot = self.taken.pop()
        waiting.appendleft(slot.reply)
        self._sequences.release(slot.held)


def _prompt(reply: Reply) -> Prompt:
    prompt = reply.request.prompt
    if not reply.ids:
        return prompt
    ids = np.concatenate([prompt.ids, np.array(reply.ids, np.int32)])
    return Prompt(ids, prompt.public)


def _newest(slot: Slot) -> Piece:
    *_, token = slot.reply.ids
    return Piece(slot.held.sequence, [token], slot.start + len(slot.reply.ids) - 1, 1)
