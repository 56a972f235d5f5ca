"""What token sequences share, as a tree of runs (a radix tree): no model, only ids.

    tree = Tree()
    end = tree.place(ids)          the node at which ``ids`` ends
    end.path                       the runs from the root to it
    end.present = True             its run lies in memory

A node stands for all ids from the root to its own end; what two prompts begin with is one node.
"""

from collections.abc import Iterator

import numpy as np

from runtime.judge.tokens import Ids


class Node:
    """A run of tokens after those of its parent. ``present`` says that it lies in memory."""

    def __init__(self, run: Ids, parent: "Node | None" = None) -> None:
        self.run = run
        self.parent = parent
        self.children: list[Node] = []
        self.present = parent is None
        self.branches: set[int] = set()
        """The sequences that end at this node, not counting what they grew beyond it."""
        self.start: int = parent.end if parent else 0
        self.seen = 0
        """When it was last of use; whoever keeps the tree keeps the clock."""

    @property
    def end(self) -> int:
        """Position after its last token: the length of all that it stands for."""
        return self.start + len(self.run)

    @property
    def path(self) -> "list[Node]":
        """The nodes from below the root to this one."""
        above = self.parent.path if self.parent else []
        return [*above, self] if self.parent else above

    @property
    def ids(self) -> Ids:
        """All that the node stands for, ``(end,)``."""
        return np.concatenate([np.empty(0, np.int32), *(node.run for node in self.path)])

    def below(self) -> "Iterator[Node]":
        """Yield the node and all under it."""
        yield self
        for child in self.children:
            yield from child.below()


class Tree:
    """The nodes under one root. ``splits``: whether a run that lies in memory may be cut in two."""

    def __init__(self, splits: bool = True) -> None:
        self.root = Node(np.empty(0, np.int32))
        self.splits = splits

    def place(self, ids: Ids) -> Node:
        """Return the node at which ``ids`` ends, made (not present) where there was none."""
        node, at = self.root, 0
        while at < len(ids):
            child, shared = self._best(node, ids[at:])
            if child is None:
                child = self._added(node, ids[at:])
                shared = len(child.run)
            elif shared < len(child.run):
                child = _split(child, shared)
            node, at = child, at + shared
        return node

    def remove(self, node: Node) -> None:
        """Take a node without children out of the tree."""
        assert node.parent is not None and not node.children
        node.parent.children.remove(node)

    def prune(self) -> None:
        """Take out what is not in memory."""
        for node in reversed(list(self.root.below())):
            if not node.present and not node.children:
                self.remove(node)

    def _best(self, node: Node, ids: Ids) -> tuple[Node | None, int]:
        """Return the child that shares most with ``ids`` and how many tokens, at least one."""
        best, most = None, 0
        for child in node.children:
            shared = common(child.run, ids)
            # Cutting a run in memory asks for what was there at the cut.
            whole = shared == len(child.run) or not child.present or self.splits
            if whole and shared > most:
                best, most = child, shared
        return best, most

    @staticmethod
    def _added(node: Node, run: Ids) -> Node:
        child = Node(run.copy(), node)
        node.children.append(child)
        return child


def common(one: Ids, other: Ids) -> int:
    """Return how many tokens two sequences begin with alike."""
    size = min(len(one), len(other))
    # Most siblings differ at once; the array comparison is for those that do not.
    if not size or one[0] != other[0]:
        return 0
    differing = np.flatnonzero(one[:size] != other[:size])
    return int(differing[0]) if len(differing) else size


def _split(node: Node, size: int) -> Node:
    """Cut a run in two and return the upper part, which gets the node's place."""
    assert node.parent is not None
    upper = Node(node.run[:size], node.parent)
    upper.present, upper.seen = node.present, node.seen
    upper.children = [node]
    siblings = node.parent.children
    siblings[siblings.index(node)] = upper
    node.parent, node.run, node.start = upper, node.run[size:], upper.end
    return upper
