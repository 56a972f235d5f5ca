"""Which sequence holds which node of the tree, and what goes when room is short.

    residents = Residents(context)
    number = residents.take(node)       a sequence that holds just what the node stands for
    residents.give_back(number)         it stays as a memory of its node until room is short

Nothing is read here; ``Sequences`` reads.
"""

import itertools
from collections.abc import Iterable

import numpy as np

from runtime.judge.decoding.branches import BranchContext, OutOfRoomError
from runtime.judge.decoding.tree import Node, Tree
from runtime.judge.tokens import Ids
from runtime.words import _

NOTHING: Ids = np.empty(0, np.int32)


class Residents:
    """The sequences of one context. A number is in use from ``take`` to ``give_back``.

    ``own`` maps each one in use to the ids it holds beyond its node, as far as they are known
    here; who steps the context may have added more. A node of the tree that lies in memory is held
    by a sequence at it or, where the cache keeps every position, by one below it.
    """

    def __init__(self, context: BranchContext) -> None:
        self._context = context
        self.tree = Tree(splits=not context.windowed)
        self.at: dict[int, Node] = {}
        self.own: dict[int, Ids] = {}
        self.pinned: set[Node] = set()
        """Nodes that must stay although no sequence in use holds them: prompts will grow there."""
        self._unused = list(range(context.limits.sequences))[::-1]
        self._clock = itertools.count()

    @property
    def free(self) -> int:
        """How many more sequences could be taken."""
        return self._context.limits.sequences - len(self.own)

    @property
    def room(self) -> int:
        """How many more cells could be filled, if all went that is not in use."""
        used = {node for number in self.own for node in self.at[number].path}
        beyond = sum(self._context.length(one) - self.at[one].end for one in self.own)
        return self._context.cells - beyond - sum(len(node.run) for node in used)

    def take(self, node: Node) -> int:
        """Return a sequence that holds the ids of a node in memory and no more.

        Raises ``OutOfRoomError`` if every sequence is in use.
        """
        self._see(node)
        idle = self._idle_at(node)
        # In a cache with a window only a sequence that stays at its node can be branched from.
        if idle is not None and self.tree.splits:
            number = idle
        else:
            number = self._number()
            if node.parent:
                self._context.copy(self.holder(node), number, node.end)
        self._sit(number, node)
        self.own[number] = NOTHING
        return number

    def move(self, number: int, node: Node) -> None:
        """Say that a sequence now holds all of ``node``, which is thereby in memory."""
        node.present = True
        self._sit(number, node)
        self._see(node)

    def join(self, number: int, node: Node) -> None:
        """Say that a sequence holds all of ``node`` by itself; what is there already lies once."""
        # In a cache with a window what lies there may be just the end of it.
        if self.tree.splits and node.parent and node.parent.parent:
            self._context.share(self.holder(node.parent), number, node.start)
        self.move(number, node)

    def twin(self, number: int) -> int:
        """Return another sequence that holds just what one in use holds.

        Raises ``OutOfRoomError`` as ``take`` does.
        """
        twin = self._number()
        self._context.copy(number, twin)
        self._sit(twin, self.at[number])
        self.own[twin] = self.own[number]
        return twin

    def fall(self, number: int, node: Node) -> None:
        """Take a sequence in use back to a node above its own; what none then holds goes."""
        left = self.at[number]
        self._sit(number, node)
        while left is not node and left.parent and not self._is_held_without(left, number):
            above = left.parent
            self.tree.remove(left)
            left = above

    def give_back(self, number: int) -> None:
        """Let a sequence fall back to its node, or free it if the node is held without it."""
        self.own.pop(number, None)
        node = self.at[number]
        if not node.parent or self._is_held_without(node, number):
            self._free(number)
        else:
            self._context.drop(number, node.end)

    def needs(self, nodes: Iterable[Node]) -> int:
        """Return how many cells the nodes take beside what sequences in use hold."""
        used = {node for number in self.own for node in self.at[number].path}
        return sum(len(node.run) for node in {*nodes} - used)

    def spare(self, cells: int) -> bool:
        """Drop what was used longest ago until ``cells`` are free; say whether anything went."""
        went = self._forget_one()
        while went and self._empty_cells() < cells and self._forget_one():
            pass
        return went

    def _number(self) -> int:
        while not self._unused:
            if not self._forget_one():
                raise OutOfRoomError(
                    _("All {count} sequences are in use.").format(
                        count=self._context.limits.sequences
                    ),
                    _("Use smaller batches."),
                )
        return self._unused.pop()

    def _empty_cells(self) -> int:
        beyond = sum(self._context.length(one) - self.at[one].end for one in self.at)
        kept = sum(len(node.run) for node in self.tree.root.below() if node.present)
        return self._context.cells - beyond - kept

    def _forget_one(self) -> bool:
        """Drop the end of the idle sequence that was seen longest ago; say whether one was."""
        idle = [number for number in self.at if number not in self.own]
        for number in sorted(idle, key=lambda one: self.at[one].seen):
            node = self.at[number]
            if self._is_held_without(node, number):
                self._free(number)
                return True
            alone = not node.children and len(node.branches) == 1
            if alone and node not in self.pinned:
                self._drop_end(number, node)
                return True
        return False

    def _drop_end(self, number: int, node: Node) -> None:
        """Take an idle sequence back to the parent of its node, which goes."""
        assert node.parent
        self._context.drop(number, node.start)
        self._sit(number, node.parent)
        self.tree.remove(node)
        self.give_back(number)

    def _is_held_without(self, node: Node, number: int) -> bool:
        others = node.branches - {number}
        if self.tree.splits:
            return bool(others) or any(child.present for child in node.children)
        return bool(others - self.own.keys())

    def _idle_at(self, node: Node) -> int | None:
        return next((one for one in node.branches if one not in self.own), None)

    def holder(self, node: Node) -> int:
        """Return a sequence that holds all of a node in memory, and perhaps more."""
        idle = self._idle_at(node)
        if idle is not None:
            return idle
        return next(one for part in node.below() if part.present for one in part.branches)

    def _sit(self, number: int, node: Node) -> None:
        if number in self.at:
            self.at[number].branches.discard(number)
        self.at[number] = node
        if node.parent:
            node.branches.add(number)

    def _free(self, number: int) -> None:
        self._context.drop(number)
        self.at.pop(number).branches.discard(number)
        self._unused.append(number)

    def _see(self, node: Node) -> None:
        tick = next(self._clock)
        for one in node.path:
            one.seen = tick
