"""Alignment in torch: the runtime's numbers, whatever stands beside a text, and sound gradients."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from runtime.judge.features import ALIGNMENT, alignment
from tests.train.marker.tables import FUNCTION, TOKENS, WORDS, Table, framed, prepared, reader
from train.bases import Loaded
from train.marker.alignment import TOGETHER, Reader, align
from train.marker.building import Tokenize

Tokens = Sequence[int]

texts = st.lists(st.sampled_from(TOKENS), max_size=7)


def in_torch(
    table: Table, question: Tokens, reference: Tokens, answers: Sequence[Tokens]
) -> Tensor:
    read = reader(table).read
    return align(
        read([framed(question)]), read([framed(reference)]), read([framed(one) for one in answers])
    )


def in_numpy(table: Table, question: Tokens, reference: Tokens, answer: Tokens) -> list[float]:
    return alignment(*(prepared(table, text) for text in (question, reference, answer)))


def assert_equal(
    table: Table, question: Tokens, reference: Tokens, answers: Sequence[Tokens]
) -> None:
    found = in_torch(table, question, reference, answers)
    for at, answer in enumerate(answers):
        expected = in_numpy(table, question, reference, answer)
        # Of a text that the question gives, the least weights and rounding are left.
        np.testing.assert_allclose(found[at].detach().numpy(), expected, atol=1e-3)


QUESTION, REFERENCE = (5, 3, 6), (7, 4, 8, 5, 9)


@pytest.mark.parametrize(
    ("question", "reference", "answer"),
    [
        (QUESTION, REFERENCE, (7, 3, 8, 10)),
        (QUESTION, REFERENCE, ()),
        (QUESTION, REFERENCE, QUESTION),
        (QUESTION, REFERENCE, REFERENCE),
        (QUESTION, REFERENCE, (9,)),
        (QUESTION, REFERENCE, FUNCTION),
        (QUESTION, FUNCTION, (8, 9)),
        (QUESTION, (9,), (9,)),
        (QUESTION, (), (8, 9)),
        (QUESTION, (), ()),
        ((), REFERENCE, (7, 8)),
        ((), (), ()),
        (QUESTION, QUESTION, QUESTION),
    ],
)
def test_features_are_those_of_the_runtime(
    question: Tokens, reference: Tokens, answer: Tokens
) -> None:
    assert_equal(Table(), question, reference, [answer])


@given(texts, texts, st.lists(texts, min_size=1, max_size=4), st.integers(0, 3))
def test_features_of_any_texts_are_those_of_the_runtime(
    question: list[int], reference: list[int], answers: list[list[int]], seed: int
) -> None:
    assert_equal(Table(seed), question, reference, answers)


def test_there_is_a_number_for_every_name() -> None:
    found = in_torch(Table(), QUESTION, REFERENCE, [(7,), (8, 9)])
    assert found.shape == (2, len(ALIGNMENT))


def test_company_changes_no_answer() -> None:
    # More than go through the encoder at once, and of every length.
    answers = [WORDS[: at % 6] for at in range(2 * TOGETHER + 1)]
    together = in_torch(Table(), QUESTION, REFERENCE, answers)
    for answer, found in zip(answers, together, strict=True):
        [alone] = in_torch(Table(), QUESTION, REFERENCE, [answer])
        torch.testing.assert_close(found, alone, atol=1e-5, rtol=0)


def test_company_changes_nothing_a_true_encoder_reads(loaded: Loaded) -> None:
    tokenize = Tokenize(loaded)
    read = Reader(loaded.model.eval(), [], len(loaded.tokenizer)).read
    written = ["it melts", "", "the sun heats the water of the puddle until it is gone"]
    with torch.no_grad():
        together = read([tokenize(text) for text in written])
        for at, text in enumerate(written):
            alone = read([tokenize(text)])
            length = alone.vectors.shape[1]
            torch.testing.assert_close(together.vectors[at, :length], alone.vectors[0])
            torch.testing.assert_close(together.sentence[at], alone.sentence[0])
            assert together.inner[at].sum() == alone.inner[0].sum()


@pytest.mark.parametrize("question", [QUESTION, ()])
@pytest.mark.parametrize("reference", [REFERENCE, FUNCTION, QUESTION, ()])
def test_gradients_are_finite(question: Tokens, reference: Tokens) -> None:
    table = Table()
    answers = [(), QUESTION, REFERENCE, FUNCTION, (9,), (7, 3, 8, 10)]
    found = in_torch(table, question, reference, answers)
    [gradient] = torch.autograd.grad(found.sum(), [table.vectors])
    assert torch.isfinite(gradient).all()


def test_gradients_reach_the_words_compared() -> None:
    table = Table()
    new = in_torch(table, QUESTION, (7, 8), [(9,)])[0, ALIGNMENT.index("answer_new")]
    [gradient] = torch.autograd.grad(new, [table.vectors])
    moved = gradient.abs().sum(1) > 1e-6
    assert moved[9]
    assert moved[7] or moved[8]
    assert not moved[10]
