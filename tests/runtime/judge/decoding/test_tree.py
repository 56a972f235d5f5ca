"""The tree of runs: what is shared is one node, however the sequences come."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.decoding.tree import Tree, common
from runtime.judge.tokens import Ids

FEW = st.lists(st.integers(0, 2), max_size=8)
"""Short and of few tokens, so that they share much."""


def ids(values: list[int]) -> Ids:
    return np.array(values, np.int32)


@given(st.lists(FEW, max_size=12))
def test_a_node_stands_for_what_was_placed(sequences: list[list[int]]) -> None:
    tree = Tree()
    ends = [tree.place(ids(values)) for values in sequences]
    assert [end.ids.tolist() for end in ends] == sequences
    assert [end.end for end in ends] == [len(values) for values in sequences]


@given(st.lists(FEW, max_size=12))
def test_every_beginning_lies_in_the_tree_once(sequences: list[list[int]]) -> None:
    tree = Tree()
    for values in sequences:
        tree.place(ids(values))
    beginnings = {tuple(s[:at]) for s in sequences for at in range(1, len(s) + 1)}
    assert sum(len(node.run) for node in tree.root.below()) == len(beginnings)


def test_a_run_in_memory_is_cut_where_another_sequence_leaves_it() -> None:
    tree = Tree()
    whole = tree.place(ids([1, 2, 3, 4]))
    whole.present, whole.seen = True, 7
    other = tree.place(ids([1, 2, 9]))
    assert other.parent is whole.parent
    assert other.parent and (other.parent.present, other.parent.seen) == (True, 7)
    assert not other.present


def test_a_run_that_may_not_be_cut_is_shared_whole_or_not_at_all() -> None:
    tree = Tree(splits=False)
    whole = tree.place(ids([1, 2, 3]))
    whole.present = True
    assert tree.place(ids([1, 2, 9])).parent is tree.root
    assert tree.place(ids([1, 2, 3, 4])).parent is whole


def test_a_run_that_is_still_to_be_read_may_be_cut_always() -> None:
    tree = Tree(splits=False)
    first, second = tree.place(ids([1, 2, 3])), tree.place(ids([1, 2, 9]))
    assert first.parent is second.parent is not tree.root


def test_pruning_leaves_what_is_in_memory() -> None:
    tree = Tree()
    kept = tree.place(ids([1, 2]))
    kept.present = True
    tree.place(ids([1, 2, 3]))
    tree.place(ids([5, 6, 7]))
    tree.prune()
    assert list(tree.root.below()) == [tree.root, kept]


@given(FEW, FEW)
def test_common_counts_what_two_begin_with(one: list[int], other: list[int]) -> None:
    count = common(ids(one), ids(other))
    assert one[:count] == other[:count]
    assert one[count : count + 1] != other[count : count + 1] or count == len(one) == len(other)
