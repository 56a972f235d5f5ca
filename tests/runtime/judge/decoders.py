"""A tiny decoder and adapters for it, built once for the tests that read them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.engine import Model
from tests.tiny_decoders import VOCABULARY, Weights, write_decoder, write_lora

NEAR = 1e-4
"""float32 against float64, with values around 1."""


class Files(NamedTuple):
    """A decoder's file and weights, and two adapters' files and what they add."""

    path: Path
    weights: Weights
    loras: tuple[Path, Path]
    changes: tuple[Weights, Weights]


@pytest.fixture(scope="session")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder: Path = tmp_path_factory.mktemp("decoder")
    loras = folder / "maths.gguf", folder / "essay.gguf"
    changes = write_lora(loras[0], 2), write_lora(loras[1], 3, rank=8, alpha=32.0)
    return Files(folder / "d.gguf", write_decoder(folder / "d.gguf", 1), loras, changes)


@pytest.fixture
def model(decoder: Files) -> Iterator[Model]:
    with Model(decoder.path) as found:
        yield found


@pytest.fixture
def context(model: Model) -> Iterator[CausalContext]:
    with CausalContext(model, CausalLimits(1024, threads=1, exact=True)) as found:
        yield found


def some_ids(count: int, seed: int = 0) -> list[int]:
    return [int(i) for i in np.random.default_rng(seed).integers(VOCABULARY, size=count)]
