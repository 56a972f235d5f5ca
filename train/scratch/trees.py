"""Class sets as trees of token ids: what answers share is read once, in training as in marking.

    step = packed(prefix, classes, length=512)
    step.ids, step.allowed          (rows, 512) and (rows, 512, len(prefix) + 512)

All prompts begin with the same system text (``prefix``), those of a class with the same question
and reference, and only then come an answer and its verdict. A row holds several such classes; a
token sees the prefix, its class's question and its own answer, at the positions that these would
have in a sequence of their own (tree attention, as in Cai et al. 2024, Medusa). So an answer costs
its own forty tokens and not the three hundred of its whole prompt.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = list[int]


class Leaf(NamedTuple):
    """What is one answer's own: ids, and how much each counts when it is to be foretold."""

    ids: Ids
    weights: list[float]


class Tree(NamedTuple):
    """A class: the ids of question and reference, and what follows for each answer."""

    shared: Ids
    leaves: tuple[Leaf, ...]


class Step(NamedTuple):
    """Rows of one optimizer step. ``allowed`` tells which keys a token sees, the prefix's first;
    ``targets`` are the ids to foretell and ``weights`` how much each counts, 0 for none.
    """

    prefix: NDArray[np.int64]
    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]


class _Row:
    """A row in the making."""

    def __init__(self, length: int, start: int) -> None:
        self.start = start
        self.used = 0
        self.tree = self.leaf = 0
        self.ids = np.zeros(length, np.int64)
        self.positions = np.full(length, start, np.int64)
        # Padding is a tree of its own that counts for nothing.
        self.trees = np.zeros(length, np.int64)
        self.leaves = np.zeros(length, np.int64)
        self.targets = np.zeros(length, np.int64)
        self.weights = np.zeros(length, np.float32)

    @property
    def room(self) -> int:
        return len(self.ids) - self.used

    def share(self, ids: Ids) -> None:
        """Begin a tree."""
        self.tree, self.leaf = self.tree + 1, 0
        self._put(ids, self.start)
        self.base = self.start + len(ids)

    def add(self, leaf: Leaf) -> None:
        """Add an answer to the tree."""
        self.leaf += 1
        at = self._put(leaf.ids, self.base)
        last = at.stop - 1
        self.targets[at.start : last] = leaf.ids[1:]
        self.weights[at.start : last] = leaf.weights[1:]

    def _put(self, ids: Ids, position: int) -> slice:
        at = slice(self.used, self.used + len(ids))
        self.ids[at] = ids
        self.positions[at] = np.arange(position, position + len(ids))
        self.trees[at], self.leaves[at] = self.tree, self.leaf
        self.used = at.stop
        return at

    def allowed(self) -> NDArray[np.bool_]:
        same = self.trees[:, None] == self.trees[None]
        seen = (self.leaves[None] == 0) | (self.leaves[:, None] == self.leaves[None])
        own = same & seen & np.tri(len(self.ids), dtype=bool)
        return np.hstack([np.ones((len(own), self.start), bool), own])


def packed(prefix: Ids, trees: Iterable[Tree], length: int) -> Step:
    """Pack trees into rows of ``length`` tokens; an answer that fits into none is left out."""
    rows: list[_Row] = []
    for tree in trees:
        _place(tree, rows, length, len(prefix))
    return Step(
        prefix=np.array(prefix, np.int64),
        ids=np.stack([row.ids for row in rows]),
        positions=np.stack([row.positions for row in rows]),
        allowed=np.stack([row.allowed() for row in rows]),
        targets=np.stack([row.targets for row in rows]),
        weights=np.stack([row.weights for row in rows]),
    )


def _place(tree: Tree, rows: list[_Row], length: int, start: int) -> None:
    begun = False
    for leaf in tree.leaves:
        needed = len(tree.shared) + len(leaf.ids)
        if needed > length:
            continue
        if not rows or rows[-1].room < (len(leaf.ids) if begun else needed):
            rows.append(_Row(length, start))
            begun = False
        if not begun:
            rows[-1].share(tree.shared)
            begun = True
        rows[-1].add(leaf)


def grown(prefix: int, sequences: Sequence[Leaf]) -> Tree:
    """Return whole sequences that all begin with ``prefix`` ids as the tree of what they share.

    At least the last two tokens of the shortest stay its own.
    """
    ids = [one.ids for one in sequences]
    same = max(prefix, min(common(ids), min(map(len, ids)) - 2))
    leaves = (Leaf(one.ids[same:], one.weights[same:]) for one in sequences)
    return Tree(ids[0][prefix:same], tuple(leaves))


def common(sequences: Sequence[Ids]) -> int:
    """Return how many first ids all sequences share."""
    columns: Iterator[tuple[int, ...]] = zip(*sequences, strict=False)
    shortest = min(map(len, sequences))
    return next((at for at, column in enumerate(columns) if len(set(column)) > 1), shortest)
