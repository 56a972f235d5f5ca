"""Branches: what the memory does, and what is refused before llama.cpp ends the process."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.batches import Piece
from runtime.judge.decoding.branches import (
    TILE,
    BranchContext,
    BranchLimits,
    OutOfRoomError,
    StoppedError,
)
from runtime.judge.engine import Model
from tests.runtime.judge.decoders import NEAR, Files, some_ids
from tests.tiny_decoders import forward, write_decoder

LIMITS = BranchLimits(256, 4, step=128, threads=1, exact=True)


@pytest.fixture
def branches(model: Model) -> Iterator[BranchContext]:
    with BranchContext(model, LIMITS) as found:
        yield found


def expected(files: Files, ids: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.asarray(forward(files.weights, ids).logits[-1])


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("count", [1, 3, 63, 64, 65, 120, 126, 128])
def test_a_step_gives_its_last_logits(
    branches: BranchContext, decoder: Files, fixed: bool, count: int
) -> None:
    ids = some_ids(count)
    [row] = branches.read([Piece(0, ids, 0, 1)], fixed=fixed)
    np.testing.assert_allclose(row, expected(decoder, ids), atol=NEAR)
    assert branches.length(0) == count


def test_filling_up_leaves_no_trace(branches: BranchContext, decoder: Files) -> None:
    for start in range(0, 250, 5):
        ids = some_ids(250)
        [row] = branches.read([Piece(0, ids[start : start + 5], start, 1)], fixed=start < 190)
        np.testing.assert_allclose(row, expected(decoder, ids[: start + 5]), atol=NEAR)
    assert branches.length(LIMITS.sequences) == 0


def test_without_room_for_it_nothing_is_filled_up(branches: BranchContext, decoder: Files) -> None:
    branches.read([Piece(0, some_ids(125))])
    branches.read([Piece(1, some_ids(125))])
    [row] = branches.read([Piece(2, some_ids(6), 0, 1)], fixed=True)
    np.testing.assert_allclose(row, expected(decoder, some_ids(6)), atol=NEAR)


def test_a_branch_may_leave_in_the_middle(branches: BranchContext, decoder: Files) -> None:
    ids = some_ids(30)
    branches.read([Piece(0, ids)])
    branches.copy(0, 1, 12)
    assert branches.length(1) == 12
    [row] = branches.read([Piece(1, [7], 12, 1)])
    np.testing.assert_allclose(row, expected(decoder, [*ids[:12], 7]), atol=NEAR)


def test_what_two_hold_apart_they_can_share(branches: BranchContext, decoder: Files) -> None:
    ids = some_ids(100)
    for sequence in (0, 1):
        branches.read([Piece(sequence, ids)])
    branches.share(0, 1, 100)
    # 256 cells: only with the first hundred shared is there room for a hundred and fifty more.
    branches.read([Piece(2, some_ids(100, seed=2))])
    [row] = branches.read([Piece(1, some_ids(50, seed=1), 100, 1)])
    np.testing.assert_allclose(row, expected(decoder, ids + some_ids(50, seed=1)), atol=NEAR)


def test_full_cells_are_no_room(branches: BranchContext) -> None:
    for sequence in (0, 1):
        branches.read([Piece(sequence, some_ids(128))])
    with pytest.raises(OutOfRoomError, match="read 3 tokens"):
        branches.read([Piece(2, some_ids(3))])


def test_who_can_spare_some_is_asked(branches: BranchContext) -> None:
    for sequence in (0, 1):
        branches.read([Piece(sequence, some_ids(128))])
    asked = []

    def spare(cells: int) -> bool:
        asked.append(cells)
        branches.drop(0)
        return True

    branches.spare = spare
    branches.read([Piece(2, some_ids(3))])
    assert asked == [3]


@pytest.mark.parametrize(
    "piece", [Piece(0, some_ids(129)), Piece(0, some_ids(40), 0, 40)], ids=["tokens", "rows"]
)
def test_a_step_larger_than_was_said(branches: BranchContext, piece: Piece) -> None:
    with pytest.raises(OutOfRoomError, match="too large"):
        branches.read([piece])


@pytest.mark.parametrize("tokens", [1, 40, 128, 300])
def test_a_step_is_no_longer_than_memory(model: Model, tokens: int) -> None:
    with BranchContext(model, LIMITS._replace(tokens=tokens, step=512)) as branches:
        assert branches.limits.step == tokens
        assert len(branches.read([Piece(0, some_ids(tokens), 0, 1)])) == 1
        branches.clear()
        with pytest.raises(OutOfRoomError, match="too large"):
            branches.read([Piece(0, some_ids(tokens + 1))])


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("left", [3, 4, 7, 30, 63, 64, 66])
def test_nearly_full_a_step_is_read_as_it_is(
    branches: BranchContext, decoder: Files, left: int, count: int
) -> None:
    ids = some_ids(256 - left + count)
    for start in range(0, 256 - left, 100):
        branches.read([Piece(0, ids[start : min(start + 100, 256 - left)], start)])
    [row] = branches.read([Piece(0, ids[256 - left :], 256 - left, 1)], fixed=True)
    np.testing.assert_allclose(row, expected(decoder, ids), atol=NEAR)
    assert branches.length(0) == len(ids)
    assert branches.length(LIMITS.sequences) == 0


@pytest.mark.parametrize("count", [1, 3, 4])
def test_vectors_are_the_hidden_states(branches: BranchContext, decoder: Files, count: int) -> None:
    texts = [some_ids(20 + i, seed=i) for i in range(count)]
    branches.read([Piece(i, ids[:-1]) for i, ids in enumerate(texts)])
    found = branches.vectors([Piece(i, [ids[-1]], len(ids) - 1, 1) for i, ids in enumerate(texts)])
    hidden = [forward(decoder.weights, ids).hidden[-1] for ids in texts]
    np.testing.assert_allclose(found, hidden, atol=NEAR)
    assert branches.length(LIMITS.sequences) == 0
    # And logits come again afterwards.
    branches.clear()
    [row] = branches.read([Piece(0, texts[0], 0, 1)])
    np.testing.assert_allclose(row, expected(decoder, texts[0]), atol=NEAR)


@pytest.mark.parametrize("rows", [1, 4, 20])
def test_any_number_of_rows_can_be_asked_for(model: Model, rows: int) -> None:
    with BranchContext(model, LIMITS._replace(rows=rows)) as branches:
        assert len(branches.read([Piece(0, some_ids(30), 0, rows)], fixed=True)) == rows


def test_stopping_says_so_and_the_next_step_works(branches: BranchContext, decoder: Files) -> None:
    branches.stopping = lambda: True
    with pytest.raises(StoppedError):
        branches.read([Piece(0, some_ids(50))], fixed=True)
    branches.drop(0)
    branches.stopping = None
    [row] = branches.read([Piece(0, some_ids(50), 0, 1)], fixed=True)
    np.testing.assert_allclose(row, expected(decoder, some_ids(50)), atol=NEAR)


def test_a_model_that_gives_no_numbers_is_refused(tmp_path: Path) -> None:
    write_decoder(tmp_path / "d.gguf", 1)
    data = bytearray((tmp_path / "d.gguf").read_bytes())
    # The last tensor in the file is the last norm: a number that is none reaches every logit.
    data[-128:] = np.full(32, np.nan, np.float32).tobytes()
    (tmp_path / "nan.gguf").write_bytes(data)
    with (
        Model(tmp_path / "nan.gguf") as model,
        BranchContext(model, LIMITS) as branches,
        pytest.raises(ModelError, match="no numbers") as told,
    ):
        branches.read([Piece(0, some_ids(TILE), 0, 1)])
    assert told.value.remedy


def test_an_encoder_is_refused(tiny_gguf: Path) -> None:
    with Model(tiny_gguf) as model, pytest.raises(ModelError, match="is an encoder"):
        BranchContext(model, LIMITS)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("is_recurrent", "one running state"),
        ("is_hybrid", "one running state"),
        ("is_diffusion", "by diffusion"),
        ("has_encoder", "is an encoder"),
    ],
)
def test_what_cannot_branch_is_refused(
    model: Model, monkeypatch: pytest.MonkeyPatch, question: str, told: str
) -> None:
    monkeypatch.setattr(f"llama_cpp.llama_cpp.llama_model_{question}", lambda _model: True)
    with pytest.raises(ModelError, match=told):
        BranchContext(model, LIMITS)
