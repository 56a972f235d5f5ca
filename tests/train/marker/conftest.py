"""One thread, as for all tiny models; a tiny network with an adapter, fresh for each test."""

import os

# Before the first import of huggingface_hub, which reads it once.
os.environ["HF_HUB_OFFLINE"] = "1"

from collections.abc import Iterator

import pytest
import torch

from tests.train.marker import small
from train.bases import Loaded
from train.marker.network import MarkerNetwork


@pytest.fixture(autouse=True, scope="package")
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def loaded() -> Loaded:
    return small.loaded()


@pytest.fixture
def network(loaded: Loaded) -> MarkerNetwork:
    return small.network(loaded)
