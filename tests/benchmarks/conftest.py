"""A tiny model of Qwen2's kind with random weights, written once."""

from pathlib import Path

import pytest

from benchmarks.shapes import SHAPES, write_half
from benchmarks.vocabulary import Vocabulary, learn
from train.bases.texts import training_texts


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return learn(training_texts(), SHAPES["tiny"].vocabulary)


@pytest.fixture(scope="session")
def tiny_shape(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    path = tmp_path_factory.mktemp("shape") / "tiny.gguf"
    write_half(path, SHAPES["tiny"], vocabulary)
    return path
