"""Steps: all is read, in order, within the limits, and in no more steps than it takes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import ROW_GROUP, BranchLimits
from runtime.judge.decoding.packing import packed

ROOM = 2 * ROW_GROUP


def pieces(lengths: list[int]) -> list[Piece]:
    return [Piece(i, np.arange(n, dtype=np.int32), 3, 1) for i, n in enumerate(lengths)]


@given(st.lists(st.integers(1, 60), max_size=20), st.integers(1, 5))
def test_every_piece_is_read_whole_in_order_and_within_the_limits(
    lengths: list[int], rows: int
) -> None:
    limits = BranchLimits(4096, 32, step=24, rows=rows)
    read: dict[int, list[int]] = {i: [] for i in range(len(lengths))}
    wanted = []
    for step in packed(pieces(lengths), limits):
        assert sum(len(piece.ids) for piece in step) <= limits.step - ROOM
        assert sum(piece.wanted for piece in step) <= rows
        for piece in step:
            assert piece.start == 3 + len(read[piece.sequence])
            read[piece.sequence] += [int(i) for i in piece.ids]
            wanted += [piece.sequence] * piece.wanted
    assert read == {i: list(range(n)) for i, n in enumerate(lengths)}
    assert sorted(wanted) == list(range(len(lengths)))


def test_steps_are_filled_with_what_fits() -> None:
    limits = BranchLimits(4096, 32, step=100 + ROOM)
    steps = packed(pieces([70, 20, 60, 40, 30, 80]), limits)
    assert [sum(len(piece.ids) for piece in step) for step in steps] == [100, 100, 100]


def test_a_class_of_thirty_takes_no_more_steps_than_its_tokens_fill() -> None:
    assert len(packed(pieces([80] * 30), BranchLimits(4096, 32))) == 5


def test_the_end_of_a_long_piece_is_not_read_before_its_beginning() -> None:
    limits = BranchLimits(4096, 32, step=10 + ROOM)
    steps = packed(pieces([9, 25, 4]), limits)
    places = [i for i, step in enumerate(steps) for piece in step if piece.sequence == 1]
    assert places == sorted(places)
    assert len(steps) == 4
