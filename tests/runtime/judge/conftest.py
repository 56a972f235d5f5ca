"""A tiny encoder that is built once for all tests of the judge."""

from pathlib import Path

import pytest

from tests import tiny_models
from tests.runtime.judge.decoders import context, decoder, model

__all__ = ["context", "decoder", "model"]


@pytest.fixture(scope="session")
def tiny_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.write_sources(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_gguf(tiny_sources: Path) -> Path:
    return tiny_models.write_gguf(tiny_sources / "tiny-f16.gguf", tiny_sources)
