"""Heads inside a GGUF file. BERT's is tested where it is converted, in tests/convert/verify."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.causal import CausalLimits
from runtime.judge.classes import ClassContext
from runtime.judge.engine import Model
from runtime.judge.lora import LoraAdapter
from tests.runtime.judge.decoders import NEAR, Files, some_ids
from tests.tiny_decoders import Floats, Weights, added, forward, write_decoder

LIMITS = CausalLimits(256, threads=1, exact=True)
# More than ten, whose numbers as text would sort 0, 1, 10, 11, 2.
MANY = tuple(f"score {i}" for i in range(13))


def expected(weights: Weights, ids: list[int]) -> Floats:
    logits = weights["cls.output.weight"].astype(np.float64) @ forward(weights, ids).hidden[-1]
    found: Floats = logits - np.log(np.exp(logits).sum())
    return found


@pytest.fixture
def many(tmp_path: Path) -> Iterator[tuple[Model, Weights]]:
    weights = write_decoder(tmp_path / "many.gguf", 4, labels=MANY)
    with Model(tmp_path / "many.gguf") as model:
        yield model, weights


@pytest.mark.parametrize("count", [1, 2, 50, 200])
def test_outputs_are_log_probabilities(many: tuple[Model, Weights], count: int) -> None:
    model, weights = many
    ids = some_ids(count)
    with ClassContext(model, LIMITS) as context:
        assert context.softmaxed
        np.testing.assert_allclose(context.outputs(ids), expected(weights, ids), atol=NEAR)


def test_labels_keep_their_order(many: tuple[Model, Weights]) -> None:
    with ClassContext(many[0], LIMITS) as context:
        assert context.labels == MANY


def test_two_labels_survive(tmp_path: Path) -> None:
    write_decoder(tmp_path / "two.gguf", 1, labels=("incorrect", "correct"))
    with Model(tmp_path / "two.gguf") as model, ClassContext(model, LIMITS) as context:
        assert context.labels == ("incorrect", "correct")
        assert np.exp(context.outputs([1, 2, 3])).sum() == pytest.approx(1, abs=1e-5)


def test_what_was_read_before_does_not_count(many: tuple[Model, Weights]) -> None:
    with ClassContext(many[0], LIMITS) as context:
        found = context.outputs(some_ids(30))
        context.outputs(some_ids(80, seed=5))
        assert np.array_equal(context.outputs(some_ids(30)), found)


def test_an_adapter_changes_what_the_head_reads(
    many: tuple[Model, Weights], decoder: Files
) -> None:
    model, weights = many
    ids = some_ids(30)
    with (
        LoraAdapter.open(model, decoder.loras[1]) as adapter,
        ClassContext(model, LIMITS) as context,
    ):
        context.use([(adapter, 1.0)])
        merged = added(weights, (decoder.changes[1], 1.0))
        np.testing.assert_allclose(context.outputs(ids), expected(merged, ids), atol=NEAR)
        context.use([])
        np.testing.assert_allclose(context.outputs(ids), expected(weights, ids), atol=NEAR)


class TestRefused:
    def test_a_model_without_a_head(self, decoder: Files) -> None:
        with Model(decoder.path) as model, pytest.raises(ModelError, match="no classification"):
            ClassContext(model, LIMITS)

    def test_an_encoder_without_a_head(self, tiny_gguf: Path) -> None:
        with Model(tiny_gguf) as model, pytest.raises(ModelError, match="no classification"):
            ClassContext(model, LIMITS)

    def test_one_label_under_a_softmax(self, tmp_path: Path) -> None:
        write_decoder(tmp_path / "one.gguf", 1, labels=("reward",))
        with (
            Model(tmp_path / "one.gguf") as model,
            pytest.raises(ModelError, match="always makes 1"),
        ):
            ClassContext(model, LIMITS)

    def test_a_text_that_is_too_long(self, many: tuple[Model, Weights]) -> None:
        with ClassContext(many[0], LIMITS) as context:
            for ids in ([], some_ids(257)):
                with pytest.raises(ModelError, match="does not fit; 256"):
                    context.outputs(ids)
