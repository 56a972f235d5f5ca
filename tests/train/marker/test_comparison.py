"""The comparison in torch: the runtime's numbers, and nothing where it has nothing to say."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
import torch
from torch import Tensor

from runtime.judge.comparison import Comparer, Comparison
from runtime.judge.features import alignment
from tests.train.marker.tables import FUNCTION, WIDTH, Table, framed, prepared, reader
from train.marker.alignment import align
from train.marker.comparison import ComparisonModule

QUESTION, REFERENCE = (5, 3, 6), (7, 4, 8, 5, 9)
ANSWERS: tuple[tuple[int, ...], ...] = (
    *((7, 3, 8, 10), (), QUESTION, REFERENCE, (9,), FUNCTION),
    (10, 9, 8, 7, 6, 5, 4, 3),
)


def untrained(share: float = 0.0) -> ComparisonModule:
    torch.manual_seed(0)
    return ComparisonModule(WIDTH, 4, share)


@pytest.fixture
def module() -> ComparisonModule:
    """As if trained: every weight is random."""
    found = untrained()
    for weight in found.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return found


def logits(
    module: ComparisonModule,
    table: Table,
    answers: Sequence[Sequence[int]] = ANSWERS,
    reference: Sequence[int] = REFERENCE,
) -> Tensor:
    read = reader(table).read
    question, wanted = read([framed(QUESTION)]), read([framed(reference)])
    said = read([framed(answer) for answer in answers])
    found: Tensor = module(wanted, said, align(question, wanted, said))
    return found


@pytest.mark.parametrize("reference", [REFERENCE, FUNCTION, QUESTION, (9,), ()])
def test_logits_are_those_of_the_runtime(
    module: ComparisonModule, reference: tuple[int, ...]
) -> None:
    table = Table()
    comparer = Comparer(module.exported())
    question, wanted = (prepared(table, text) for text in (QUESTION, reference))
    said = [prepared(table, answer) for answer in ANSWERS]
    expected = [comparer.logit(wanted, one, alignment(question, wanted, one)) for one in said]
    found = logits(module, table, reference=reference).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert reference == () or np.ptp(found) > 0.1


def test_untrained_it_says_nothing_at_all() -> None:
    assert logits(untrained(), Table()).tolist() == [0] * len(ANSWERS)


def test_of_an_empty_text_it_says_nothing(module: ComparisonModule) -> None:
    assert logits(module, Table())[ANSWERS.index(())] == 0
    assert logits(module, Table(), reference=()).tolist() == [0] * len(ANSWERS)


def test_company_changes_no_answer(module: ComparisonModule) -> None:
    together = logits(module, Table())
    alone = torch.cat([logits(module, Table(), [answer]) for answer in ANSWERS])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


@pytest.mark.parametrize("reference", [REFERENCE, FUNCTION, ()])
def test_gradients_are_finite(module: ComparisonModule, reference: tuple[int, ...]) -> None:
    table = Table()
    found = logits(module, table, reference=reference).sum()
    gradients = torch.autograd.grad(found, [table.vectors, *module.parameters()])
    assert all(torch.isfinite(gradient).all() for gradient in gradients)


def test_hidden_units_are_left_out_in_training_only() -> None:
    module = untrained(share=0.5)
    torch.nn.init.normal_(module.wanted.score.weight)
    once, again = logits(module, Table()), logits(module, Table())
    assert not torch.equal(once, again)
    module.eval()
    assert torch.equal(logits(module, Table()), logits(module, Table()))


def test_what_is_exported_survives_being_written(module: ComparisonModule) -> None:
    exported = module.exported()
    assert msgspec.json.decode(msgspec.json.encode(exported), type=Comparison) == exported
