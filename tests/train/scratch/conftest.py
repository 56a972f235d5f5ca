"""One thread, as for all tiny models, and one tiny run for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedModel

from train.scratch.class_sets import ClassSets
from train.scratch.network import new_network
from train.scratch.settings import Settings
from train.scratch.vocabulary import practice_tokenizer

TINY = Settings().tiny()


@pytest.fixture(autouse=True, scope="package")
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="package")
def sets() -> ClassSets:
    return ClassSets(practice_tokenizer(), TINY)


@pytest.fixture
def network() -> PreTrainedModel:
    return new_network(TINY, practice_tokenizer()).eval()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"
