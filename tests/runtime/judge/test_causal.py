"""Decoders: every number against the same network in numpy."""

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge.causal import ROWS, STEP_TOKENS, CausalContext, CausalLimits
from runtime.judge.engine import Model
from tests.runtime.judge.decoders import NEAR, Files, some_ids
from tests.tiny_decoders import VOCABULARY, forward, write_decoder


class TestLogits:
    @pytest.mark.parametrize("count", [1, ROWS - 1, ROWS, ROWS + 1, 3 * ROWS])
    def test_are_those_of_the_network(
        self, context: CausalContext, decoder: Files, count: int
    ) -> None:
        ids = some_ids(count)
        np.testing.assert_allclose(
            context.logits(ids), forward(decoder.weights, ids).logits, atol=NEAR
        )

    @pytest.mark.parametrize("first", [1, 17, 89])
    def test_only_where_they_are_wanted(
        self, context: CausalContext, decoder: Files, first: int
    ) -> None:
        ids = some_ids(90)
        expected = forward(decoder.weights, ids).logits[first:]
        np.testing.assert_allclose(context.logits(ids, first), expected, atol=NEAR)

    def test_come_a_few_at_a_time(self, context: CausalContext) -> None:
        pieces = [len(piece) for piece in context.pieces(some_ids(2 * ROWS + 5))]
        assert pieces == [ROWS, ROWS, 5]

    def test_behind_a_long_prompt(self, context: CausalContext, decoder: Files) -> None:
        ids = some_ids(STEP_TOKENS + 100)
        expected = forward(decoder.weights, ids).logits[-3:]
        np.testing.assert_allclose(context.logits(ids, len(ids) - 3), expected, atol=NEAR)

    def test_as_marking_reads_they_are_near(self, model: Model, decoder: Files) -> None:
        ids = some_ids(70)
        with CausalContext(model, CausalLimits(256, threads=1)) as usual:
            found = usual.logits(ids)
        # Keys and values in half precision move a logit a little, and nothing more.
        np.testing.assert_allclose(found, forward(decoder.weights, ids).logits, atol=0.02)

    def test_ids_may_be_an_array(self, context: CausalContext) -> None:
        ids = some_ids(8)
        assert np.array_equal(context.logits(np.array(ids, np.int32)), context.logits(ids))


class TestLast:
    @pytest.mark.parametrize("count", [1, 2, 60, STEP_TOKENS + 1])
    def test_is_the_hidden_state_after_the_final_norm(
        self, context: CausalContext, decoder: Files, count: int
    ) -> None:
        ids = some_ids(count)
        expected = forward(decoder.weights, ids).hidden[-1]
        np.testing.assert_allclose(context.last(ids), expected, atol=NEAR)

    def test_nothing_is_left_over_from_other_calls(self, context: CausalContext) -> None:
        ids = some_ids(40)
        vector, logits = context.last(ids), context.logits(ids)
        context.continued(some_ids(9, seed=1), 5)
        assert np.array_equal(context.last(ids), vector)
        context.last(some_ids(70, seed=2))
        assert np.array_equal(context.logits(ids), logits)


def test_continued_takes_the_likeliest_each_time(context: CausalContext, decoder: Files) -> None:
    ids = some_ids(12)
    expected = list(ids)
    for _ in range(6):
        expected.append(int(forward(decoder.weights, expected).logits[-1].argmax()))
    assert context.continued(ids, 6) == expected[12:]


class TestRefused:
    def test_nothing_to_read(self, context: CausalContext) -> None:
        with pytest.raises(ModelError, match="0 tokens"):
            context.last([])

    def test_more_than_there_is_room_for(self, context: CausalContext) -> None:
        with pytest.raises(ModelError, match="1025 tokens does not fit; 1024"):
            context.logits(some_ids(1025))
        with pytest.raises(ModelError, match="1025 tokens"):
            context.continued(some_ids(1020), 5)

    def test_more_than_the_model_knows_positions_for(self, model: Model) -> None:
        with (
            CausalContext(model, CausalLimits(8192, threads=1)) as roomy,
            pytest.raises(ModelError, match="4097 tokens does not fit; 4096"),
        ):
            roomy.last(some_ids(4097))

    @pytest.mark.parametrize("strange", [VOCABULARY, -1])
    def test_what_is_no_token(self, context: CausalContext, strange: int) -> None:
        with pytest.raises(ModelError, match="could not read"):
            context.logits([1, strange])
        assert context.logits([1]).shape == (1, VOCABULARY)

    def test_an_encoder(self, tiny_gguf: Path) -> None:
        with Model(tiny_gguf) as encoder, pytest.raises(ModelError, match="is an encoder"):
            CausalContext(encoder, CausalLimits(64))


def test_memory_is_not_context_times_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "wide.gguf"
    write_decoder(path, 1, vocabulary=32_000)
    command = [sys.executable, "-m", "convert.compare.measure", str(path)]
    command += ["--tokens", "4000", "--reply", "1", "--threads", "1"]
    found = msgspec.json.decode(subprocess.run(command, capture_output=True, check=True).stdout)
    # A row of logits for every token of the prompt alone would be 512 MB.
    assert 0 < found["peak_mb"] - found["before_mb"] < 150
