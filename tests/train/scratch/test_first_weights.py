"""The first weights look up what is copied, before any training."""

import pytest
import torch
from transformers import PreTrainedModel

from train.scratch.network import new_network
from train.scratch.settings import Settings
from train.scratch.vocabulary import practice_tokenizer

LENGTH = 8


@pytest.fixture(scope="module")
def model() -> PreTrainedModel:
    return new_network(Settings(), practice_tokenizer()).eval()


@pytest.fixture(scope="module")
def twice() -> torch.Tensor:
    """Rows of eight different random tokens, a token between, and the same eight again."""
    random = torch.Generator().manual_seed(1)
    ids = torch.stack([torch.randperm(1_400, generator=random)[:LENGTH] + 3 for _ in range(20)])
    between = torch.full((len(ids), 1), 1_450)
    return torch.cat([ids, between, ids], dim=1)


def attention(model: PreTrainedModel, ids: torch.Tensor, layer: int, head: int) -> torch.Tensor:
    model.set_attn_implementation("eager")
    with torch.no_grad():
        found: torch.Tensor = model(ids, output_attentions=True).attentions[layer][:, head]
    model.set_attn_implementation("sdpa")
    return found


@pytest.mark.parametrize(("head", "offset"), [(0, 1), (1, 2)])
def test_the_first_layer_looks_back(
    model: PreTrainedModel, twice: torch.Tensor, head: int, offset: int
) -> None:
    seen = attention(model, twice, 0, head)
    assert (seen.diagonal(-offset, dim1=1, dim2=2) > 0.9).all()


def test_the_second_layer_looks_behind_the_same_token(
    model: PreTrainedModel, twice: torch.Tensor
) -> None:
    seen = attention(model, twice, 1, 0)
    places = seen[:, LENGTH + 1 : -1].argmax(-1)
    assert (places == torch.arange(1, LENGTH)).float().mean() > 0.9


def test_it_foretells_what_is_copied_far_better_than_chance(
    model: PreTrainedModel, twice: torch.Tensor
) -> None:
    with torch.no_grad():
        said = model(twice).logits[:, LENGTH + 1 : -1].argmax(-1)
    assert (said == twice[:, LENGTH + 2 :]).float().mean() > 0.15
