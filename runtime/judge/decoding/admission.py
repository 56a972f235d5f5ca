"""Brings prompts into memory: what they share first, then what each has alone, in full steps.

    found = Admission(residents, reader, prompts).held()

One call of ``Sequences.hold``; see there.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import OutOfRoomError
from runtime.judge.decoding.residents import Residents
from runtime.judge.decoding.tree import Node
from runtime.judge.tokens import Ids
from runtime.words import _

Row = NDArray[np.float32]

STORED_FROM = 64
"""Tokens from which on a public beginning is worth a file: fewer are read again in a moment."""


class Prompt(NamedTuple):
    """A whole prompt as token ids, ``(n,)``.

    ``public`` of the first hold no child's text; only these may ever be stored on disk.
    """

    ids: Ids
    public: int = 0


class Held(NamedTuple):
    """A prompt that lies in memory as a sequence of its own, and the logits after its end."""

    sequence: int
    length: int
    logits: Row


class Reader(Protocol):
    """What reads for an admission, and keeps public beginnings between runs."""

    def read(self, pieces: Sequence[Piece]) -> dict[int, Row]:
        """Read pieces and return the last wanted row of each sequence."""

    def restore(self, number: int, ids: Ids) -> bool:
        """Let an empty sequence hold ``ids`` as they were stored; say whether it does."""

    def keep(self, number: int, ids: Ids) -> None:
        """Store what a sequence holds, just ``ids``."""


class Admission:
    """Prompts on their way into memory. Those that are the same are read once."""

    def __init__(self, residents: Residents, reader: Reader, prompts: Sequence[Prompt]) -> None:
        self._residents = residents
        self._reader = reader
        self._prompts = prompts
        self._public: set[Node] = set()
        self._ends = {prompt.ids.tobytes(): self._place(prompt) for prompt in prompts}
        self._nodes = {node: None for end in self._ends.values() for node in end.path}
        self._found: dict[bytes, Held] = {}

    def held(self) -> list[Held]:
        """Read what is not in memory and return the prompts, in order.

        What raises leaves sequences in use; whoever calls gives them back.
        """
        self._check_room()
        self._residents.pinned.update(self._nodes)
        while wave := self._readable():
            self._read_nodes(self._restored(wave))
        self._read_last_tokens()
        return self._in_order()

    def _place(self, prompt: Prompt) -> Node:
        """Return the node of all but the last token: its logits come only of reading it anew."""
        tree = self._residents.tree
        public = min(prompt.public, len(prompt.ids) - 1)
        if public >= STORED_FROM:
            self._public.add(tree.place(prompt.ids[:public]))
        return tree.place(prompt.ids[:-1])

    def _check_room(self) -> None:
        tokens = self._residents.needs(self._nodes) + len(self._ends)
        if tokens > self._residents.room:
            raise OutOfRoomError(
                _("{tokens} tokens are to be held and there is room for {room}.").format(
                    tokens=tokens, room=self._residents.room
                ),
                _("Use smaller batches."),
            )
        if len(self._prompts) > self._residents.free:
            raise OutOfRoomError(
                _("{count} prompts are to be held and {free} can be.").format(
                    count=len(self._prompts), free=self._residents.free
                ),
                _("Use smaller batches."),
            )

    def _readable(self) -> list[Node]:
        """Return the nodes that are still to be read and whose beginnings lie in memory."""
        done = {end for key, end in self._ends.items() if key in self._found}
        return [
            node
            for node in self._nodes
            if not node.present and node.parent and node.parent.present and node not in done
        ]

    def _restored(self, nodes: Iterable[Node]) -> list[Node]:
        """Return the nodes that are not stored; those that are lie in memory afterwards."""
        missing = []
        for node in nodes:
            stored = node in self._public and len(node.run) >= STORED_FROM
            if not (stored and self._restore(node)):
                missing.append(node)
        return missing

    def _restore(self, node: Node) -> bool:
        # A state holds all from the first token on.
        number = self._residents.take(self._residents.tree.root)
        restored = self._reader.restore(number, node.ids)
        if restored:
            self._residents.join(number, node)
        self._residents.give_back(number)
        return restored

    def _read_nodes(self, nodes: Sequence[Node]) -> None:
        """Read runs whose beginnings lie in memory, and the end of a prompt with its run."""
        pieces, ending = {}, {}
        for node in nodes:
            assert node.parent
            number = self._residents.take(node.parent)
            key = self._ending_at(node)
            ids = node.run
            if key is not None:
                ending[number] = key
                ids = np.append(ids, _last(key))
            pieces[number] = Piece(number, ids, node.start, int(key is not None))
        rows = self._reader.read(list(pieces.values()))
        for node, number in zip(nodes, pieces, strict=True):
            if number in ending:
                self._settle(number, node, ending[number], rows[number])
            else:
                self._residents.move(number, node)
                if node in self._public:
                    self._reader.keep(number, node.ids)
                self._residents.give_back(number)

    def _ending_at(self, node: Node) -> bytes | None:
        """Return the prompt that can be read to its end with the run of a node."""
        if node in self._public:
            return None
        keys = [key for key, end in self._ends.items() if end is node]
        alone = len(keys) == 1 and not node.children
        return keys[0] if keys and (alone or self._residents.tree.splits) else None

    def _settle(self, number: int, node: Node, key: bytes, row: Row) -> None:
        """Keep a prompt that was read to its end with its node."""
        own = np.frombuffer(key, np.int32)[node.end :]
        if self._residents.tree.splits:
            self._residents.move(number, node)
        else:
            # With a window nothing can branch off before the last token: no node for others.
            own = np.frombuffer(key, np.int32)[node.start :]
        self._residents.own[number] = own
        self._found[key] = Held(number, node.end + 1, row)

    def _read_last_tokens(self) -> None:
        pieces = {}
        for key, node in self._ends.items():
            if key not in self._found:
                number = self._residents.take(node)
                pieces[key] = Piece(number, _last(key), node.end, 1)
        if pieces:
            rows = self._reader.read(list(pieces.values()))
            for key, piece in pieces.items():
                self._residents.own[piece.sequence] = _last(key)
                self._found[key] = Held(piece.sequence, piece.start + 1, rows[piece.sequence])

    def _in_order(self) -> list[Held]:
        given: set[bytes] = set()
        held = []
        for prompt in self._prompts:
            key = prompt.ids.tobytes()
            one = self._found[key]
            if key in given:
                one = one._replace(sequence=self._residents.twin(one.sequence))
            given.add(key)
            held.append(one)
        return held


def _last(key: bytes) -> Ids:
    return np.frombuffer(key, np.int32)[-1:]
