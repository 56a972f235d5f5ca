"""The layout of a step: what of it moves a quantized model's logits, and how far.

Where the cause is fixed, equality is bit for bit: a new llama.cpp that computes otherwise is
noticed here. The tables are in ``benchmarks.layout``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.layout import SHARED, WAYS, measure
from benchmarks.shapes import SHAPES, write_half
from benchmarks.vocabulary import learn
from convert.quantize.quantize import quantize
from runtime.judge.batches import Piece
from runtime.judge.context import Vectors
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.decoding.scoring import TOLERANCE, ScoreRequest, distribution, score
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.decoding.writing import ANYTHING, Writer, WriteRequest
from runtime.judge.engine import Model

KINDS = "Q4_K_M", "Q8_0"
LIMITS = BranchLimits(2048, 32, threads=1)
LABELS = tuple(np.array([token], np.int32) for token in (400, 800, 1200))


@pytest.fixture(scope="session", params=KINDS)
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with rows of 256, which both kinds of quantization take as they are."""
    folder: Path = tmp_path_factory.mktemp("layout")
    write_half(folder / "F16.gguf", SHAPES["tiny"], learn(("a word",), SHAPES["tiny"].vocabulary))
    quantize(folder / "F16.gguf", folder / "quantized.gguf", request.param)
    return folder / "quantized.gguf"


@pytest.fixture
def context(path: Path) -> Iterator[BranchContext]:
    with Model(path) as model, BranchContext(model, LIMITS) as found:
        yield found


def some(count: int, seed: int) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.random.default_rng(seed).integers(300, 3000, count).astype(np.int32)


def read(context: BranchContext, lengths: Sequence[int]) -> Vectors:
    """Read tails of these lengths after the same beginning, in one step; return their rows."""
    context.clear()
    context.read([Piece(0, some(SHARED, 0))], fixed=True)
    pieces = []
    for i, length in enumerate(lengths, 1):
        context.copy(0, i)
        pieces.append(Piece(i, some(length, i), SHARED, 1))
    return context.read(pieces, fixed=True)


@pytest.mark.parametrize("beside", [(), (3,), (61,), (64, 80), (7, 90, 33, 2, 1, 50, 31, 77, 9)])
@pytest.mark.parametrize("length", [1, 5, 60, 64, 99])
def test_what_stands_beside_an_answer_does_not_move_it(
    context: BranchContext, length: int, beside: tuple[int, ...]
) -> None:
    [alone] = read(context, [length])
    np.testing.assert_array_equal(read(context, [length, *beside])[0], alone)


def test_with_tiles_kept_nothing_moves(path: Path) -> None:
    found = {moved.way: moved.logit for moved in measure(path, 5, threads=1)}
    kept = {way.name for way in WAYS if way.tiles}
    assert len(kept) == 2
    assert {found[way] for way in kept} == {0.0}


def test_verdicts_of_a_class_are_those_of_each_alone(path: Path) -> None:
    requests = [
        ScoreRequest(Prompt(np.concatenate([some(SHARED + 7, 0), some(60 + i, 50 + i)])), LABELS)
        for i in range(20)
    ]
    with Model(path) as model, BranchContext(model, LIMITS) as context:
        with Sequences(context) as sequences:
            together = [distribution(one) for one in score(sequences, requests)]
        for asked, found in zip(requests, together, strict=True):
            with Sequences(context) as sequences:
                alone = distribution(score(sequences, [asked])[0])
            first, second, *_ = np.sort(alone)[::-1]
            assert np.abs(found - alone).max() < TOLERANCE / 2
            assert first - second < TOLERANCE or found.argmax() == alone.argmax()


@pytest.mark.parametrize("count", [1, 5, 13])
def test_the_same_answers_get_the_same_words_again(path: Path, count: int) -> None:
    requests = [
        WriteRequest(Prompt(np.concatenate([some(SHARED, 0), some(9 + i, 50 + i)])), ANYTHING, 16)
        for i in range(count)
    ]
    runs = []
    for _ in range(2):
        with Model(path) as model, BranchContext(model, LIMITS) as context:
            runs.append(list(Writer(Sequences(context)).write(requests)))
    assert runs[0] == runs[1]
    assert any(piece.text for piece in runs[0])


@pytest.mark.parametrize("beside", [3, 7, 29])
def test_a_vector_does_not_depend_on_how_many_are_asked_for(
    context: BranchContext, beside: int
) -> None:
    def vector(count: int) -> Vectors:
        context.clear()
        context.read([Piece(0, some(SHARED, 0))], fixed=True)
        for i in range(1, count + 1):
            context.copy(0, i)
        pieces = [Piece(i, some(1, i), SHARED, 1) for i in range(1, count + 1)]
        return np.asarray(context.vectors(pieces)[0], np.float32)

    np.testing.assert_array_equal(vector(1 + beside), vector(1))
