"""Class sets as trees: packing loses nothing, and a tree reads as its sequences one by one."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedModel

from train.scratch.network import loss, read, tensors
from train.scratch.trees import Leaf, Tree, common, grown, packed

LENGTH = 24
tokens = st.lists(st.integers(3, 60), min_size=1, max_size=6)
leaf_ids = st.lists(st.integers(3, 60), min_size=2, max_size=6)
trees = st.lists(
    st.builds(
        lambda shared, leaves: Tree(shared, tuple(Leaf(ids, [1.0] * len(ids)) for ids in leaves)),
        tokens,
        st.lists(leaf_ids, min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=4,
)


@given(trees)
def test_every_target_of_every_leaf_is_packed(found: list[Tree]) -> None:
    step = packed([1, 2], found, LENGTH)
    wanted = sorted(token for tree in found for leaf in tree.leaves for token in leaf.ids[1:])
    assert sorted(step.targets[step.weights > 0].tolist()) == wanted


@given(trees)
def test_a_token_sees_the_prefix_and_itself_and_nothing_that_comes_later(found: list[Tree]) -> None:
    step = packed([1, 2], found, LENGTH)
    assert step.allowed[:, :, :2].all()
    own = step.allowed[:, :, 2:]
    assert own.diagonal(axis1=1, axis2=2).all()
    assert not np.triu(own, 1).any()


def test_an_answer_too_long_for_a_row_is_left_out() -> None:
    short, long = Leaf([3, 4], [1.0] * 2), Leaf([5] * LENGTH, [1.0] * LENGTH)
    step = packed([], [Tree([9], (short, long))], LENGTH)
    assert step.targets[step.weights > 0].tolist() == [4]


def test_sequences_that_begin_alike_become_a_tree() -> None:
    sequences = [Leaf([1, 2, 3, 4, 5], [0.5] * 5), Leaf([1, 2, 3, 6, 7], [0.5] * 5)]
    assert grown(1, sequences) == Tree([2, 3], (Leaf([4, 5], [0.5] * 2), Leaf([6, 7], [0.5] * 2)))


def test_equal_sequences_keep_ids_of_their_own() -> None:
    assert grown(0, [Leaf([1, 2, 3], [1.0] * 3)] * 2).leaves[0].ids == [2, 3]


@pytest.mark.parametrize(
    ("sequences", "count"), [([[1, 2], [1, 3]], 1), ([[1, 2], [1, 2, 3]], 2), ([[1], [2]], 0)]
)
def test_what_sequences_have_in_common(sequences: list[list[int]], count: int) -> None:
    assert common(sequences) == count


@pytest.mark.parametrize("prefix", [[], [7, 8, 9]])
def test_a_tree_reads_as_its_sequences_one_by_one(
    network: PreTrainedModel, prefix: list[int]
) -> None:
    shared = [[10, 11], [20]]
    own = [[[12, 13, 14], [15, 16]], [[21, 22]]]
    built = [
        Tree(ids, tuple(Leaf(leaf, [1.0] * len(leaf)) for leaf in leaves))
        for ids, leaves in zip(shared, own, strict=True)
    ]
    step = packed(prefix, built, LENGTH)
    with torch.no_grad():
        hidden = read(network, tensors([step]))[0]
        at = 0
        for ids, leaves in zip(shared, own, strict=True):
            at += len(ids)
            for leaf in leaves:
                alone = network.model(torch.tensor([[*prefix, *ids, *leaf]]))
                wanted = alone.last_hidden_state[0, -len(leaf) :]
                assert torch.allclose(hidden[at : at + len(leaf)], wanted, atol=1e-5)
                at += len(leaf)


def test_the_loss_is_the_weighted_mean_over_the_targets(network: PreTrainedModel) -> None:
    step = packed([], [Tree([5], (Leaf([6, 7, 8], [0.0, 1.0, 3.0]),))], 8)
    with torch.no_grad():
        found = loss(network, tensors([step]))
        logits = network(torch.tensor([[5, 6, 7]])).logits[0].log_softmax(-1)
    wanted = -(1.0 * logits[1, 7] + 3.0 * logits[2, 8]) / 4.0
    assert found.item() == pytest.approx(wanted.item(), rel=1e-4)
