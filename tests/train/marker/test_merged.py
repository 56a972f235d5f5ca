"""From training to marking: what the network reads in torch, the runtime reads through llama.cpp.

The adapter is trained beside the base and merged into it for the runtime. Both ways must give the
same features.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from convert.embedded import bert
from convert.merge import adapters, safetensors
from runtime.judge.embedded import Features
from runtime.judge.encoder import Encoder
from runtime.judge.features import Aligner, Floats
from tests import tiny_models
from tests.train.marker import small
from train.bases import Loaded, save_adapter
from train.data.schema import Example
from train.marker.building import Tokenize, read
from train.marker.network import MarkerNetwork
from train.marker.questions import gather

CLOSE = 5e-3
"""A feature may differ by this: the runtime's matrices are 16-bit floats."""

ODD_ANSWERS = (
    (small.PUDDLE, "the of and", False),
    (small.PUDDLE, "[SEP] it evaporates [CLS]", True),
    (small.PUDDLE, small.PUDDLE[0], False),
    (small.ICE, small.ICE[1], True),
    (small.ICE, "Water!", True),
    (small.ICE, "l'eau 🙂 à 20 °C = 3/4", False),
    (small.ICE, "it melts, then " + "the water runs and runs " * 8, True),
)

Tensors = Mapping[str, NDArray[np.float32]]


class Marker(NamedTuple):
    """A network, the base it stands on, and that base's own weights."""

    loaded: Loaded
    network: MarkerNetwork
    base: Tensors


def examples() -> list[Example]:
    odd = [small.example(f"odd {at}", *row) for at, row in enumerate(ODD_ANSWERS)]
    return small.examples() + odd


@pytest.fixture(scope="module")
def marker() -> Marker:
    loaded = small.loaded()
    # Before the adapter is put on, which renames them.
    base = {name: weight.numpy().copy() for name, weight in loaded.model.state_dict().items()}
    return Marker(loaded, small.network(loaded), base)


@pytest.fixture(scope="module")
def expected(marker: Marker) -> Floats:
    questions = gather(examples(), Tokenize(marker.loaded))
    return read(marker.network, questions, len(examples()))


@pytest.fixture(scope="module")
def merged(marker: Marker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    folder = tmp_path_factory.mktemp("adapter")
    save_adapter(marker.network.encoder, marker.loaded, folder)
    yield from opened(marker, adapters.merge(marker.base, folder), folder / "merged.gguf")


@pytest.fixture(scope="module")
def bare(marker: Marker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    yield from opened(marker, marker.base, tmp_path_factory.mktemp("base") / "bare.gguf")


def opened(marker: Marker, weights: Tensors, path: Path) -> Iterator[Encoder]:
    """Write the tensors as a user's build does, from files, and open the result."""
    folder = path.parent
    vocabulary = marker.loaded.tokenizer.get_vocab()
    (folder / "config.json").write_text(json.dumps(marker.loaded.model.config.to_dict()), "utf-8")
    tiny_models.write_safetensors(folder / "model.safetensors", dict(weights))
    bert.write(
        path,
        bert.About("tiny", "Apache-2.0", "https://example.org/tiny"),
        bert.read_shape(folder / "config.json"),
        sorted(vocabulary, key=vocabulary.__getitem__),
        safetensors.load(folder / "model.safetensors"),
    )
    with Encoder.open(path, threads=1) as encoder:
        yield encoder


def features(encoder: Encoder) -> Floats:
    return Features(encoder).right_wrong([example.item() for example in examples()])


def test_the_runtime_reads_what_the_network_reads(expected: Floats, merged: Encoder) -> None:
    np.testing.assert_allclose(features(merged), expected, atol=CLOSE)


def test_without_the_adapter_it_would_read_something_else(expected: Floats, bare: Encoder) -> None:
    assert np.abs(features(bare) - expected).max() > 10 * CLOSE


def test_both_split_text_alike(marker: Marker, merged: Encoder) -> None:
    tokenize = Tokenize(marker.loaded)
    for example in examples():
        for text in (example.question, example.reference or "", example.answer):
            assert merged.tokenizer.ids(text).tolist() == tokenize.bare(text).tolist()
    ours, theirs = Aligner(tokenize.bare), Aligner(merged.tokenizer.ids)
    assert ours.function.tolist() == theirs.function.tolist()


def test_merging_is_what_peft_does(marker: Marker, tmp_path: Path) -> None:
    save_adapter(marker.network.encoder, marker.loaded, tmp_path)
    ours = adapters.merge(marker.base, tmp_path)
    for name, module in marker.network.encoder.base_model.model.named_modules():
        if hasattr(module, "get_delta_weight"):
            change = module.get_delta_weight("default").detach()
            expected = torch.from_numpy(marker.base[f"{name}.weight"]) + change
            np.testing.assert_allclose(ours[f"{name}.weight"], expected, atol=1e-6)
