"""Scores: the probabilities of labels are those of the network in numpy, however asked for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge.batches import Piece
from runtime.judge.context import Vectors
from runtime.judge.decoding.branches import BranchContext, BranchLimits, OutOfRoomError
from runtime.judge.decoding.scoring import Floats, ScoreRequest, distribution, score
from runtime.judge.decoding.sequences import Prompt, Sequences
from runtime.judge.engine import Model
from tests.runtime.judge.decoders import Files, some_ids
from tests.tiny_decoders import VOCABULARY, forward

LIMITS = BranchLimits(512, 8, step=64, threads=1, exact=True)
NEAR = 1e-5
SINGLE = ([3], [4], [5])
SCORES = ([1], [2], [1, 0], [7, 8, 9], [7, 8])
"""As digits: 1, 2 and 10; and a label that begins another one deep down."""


def request(number: int, labels: Sequence[Sequence[int]] = SINGLE) -> ScoreRequest:
    ids = np.array([*some_ids(30), *some_ids(3 + 4 * number, seed=number + 1)], np.int32)
    return ScoreRequest(Prompt(ids, 30), tuple(np.array(label, np.int32) for label in labels))


def expected(files: Files, asked: ScoreRequest) -> Floats:
    """Add up the rules in numpy: the logarithm of each label's probability."""
    labels = [[int(i) for i in label] for label in asked.labels]
    found = []
    for label in labels:
        total = 0.0
        for at, token in enumerate(label):
            total += log_probabilities(files, asked, label[:at])[token]
        longer = {other[len(label)] for other in labels if starts(other, label)}
        if longer:
            going_on = np.exp(log_probabilities(files, asked, label)[list(longer)]).sum()
            total += np.log1p(-going_on)
        found.append(total)
    return np.array(found)


def starts(other: list[int], label: list[int]) -> bool:
    return len(other) > len(label) and other[: len(label)] == label


def log_probabilities(files: Files, asked: ScoreRequest, more: list[int]) -> Floats:
    logits = forward(files.weights, [*(int(i) for i in asked.prompt.ids), *more]).logits[-1]
    return np.asarray(logits - np.log(np.exp(logits).sum()))


@contextmanager
def opened(model: Model, limits: BranchLimits = LIMITS) -> Iterator[Sequences]:
    with BranchContext(model, limits) as context, Sequences(context) as sequences:
        yield sequences


@pytest.fixture
def sequences(model: Model) -> Iterator[Sequences]:
    with opened(model) as found:
        yield found


class TestScore:
    @pytest.mark.parametrize("labels", [SINGLE, SCORES, ([299],)])
    def test_is_the_probability_of_each_label(
        self, sequences: Sequences, decoder: Files, labels: Sequence[Sequence[int]]
    ) -> None:
        requests = [request(number, labels) for number in range(12)]
        for asked, found in zip(requests, score(sequences, requests), strict=True):
            np.testing.assert_allclose(found, expected(decoder, asked), atol=NEAR)

    def test_one_token_labels_cost_no_token_more(self, sequences: Sequences) -> None:
        requests = [request(number) for number in range(12)]
        score(sequences, requests)
        assert sequences.read_tokens == 30 + sum(len(r.prompt.ids) - 30 for r in requests)

    def test_a_second_time_costs_a_token_each(self, sequences: Sequences) -> None:
        requests = [request(number) for number in range(4)]
        score(sequences, requests)
        before = sequences.read_tokens
        score(sequences, requests)
        assert sequences.read_tokens - before == 4

    def test_labels_of_all_tokens_add_up_to_one(self, sequences: Sequences) -> None:
        labels = [[i] for i in range(VOCABULARY)] + [[9, i] for i in range(0, VOCABULARY, 7)]
        [found] = score(sequences, [request(1, labels)])
        assert np.exp(found).sum() == pytest.approx(1)

    @given(
        st.lists(
            st.lists(st.integers(0, 2), min_size=1, max_size=3),
            min_size=1,
            max_size=6,
            unique_by=tuple,
        )
    )
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_labels_that_begin_each_other(
        self, sequences: Sequences, decoder: Files, labels: list[list[int]]
    ) -> None:
        asked = request(2, labels)
        [found] = score(sequences, [asked])
        np.testing.assert_allclose(found, expected(decoder, asked), atol=NEAR)
        assert np.exp(found).sum() <= 1 + NEAR

    def test_every_result_is_told_as_it_comes(self, sequences: Sequences) -> None:
        requests = [request(number) for number in range(12)]
        told: dict[int, Floats] = {}
        found = score(sequences, requests, done=told.__setitem__)
        assert sorted(told) == list(range(12))
        for number, one in told.items():
            np.testing.assert_array_equal(one, found[number])

    def test_no_requests_no_results(self, sequences: Sequences) -> None:
        assert score(sequences, []) == []

    @pytest.mark.parametrize("labels", [([3], []), ([3], [3])])
    def test_labels_that_cannot_be_told_apart(
        self, sequences: Sequences, labels: Sequence[Sequence[int]]
    ) -> None:
        with pytest.raises(ModelError, match="told apart"):
            score(sequences, [request(0, labels)])

    def test_nothing_is_held_afterwards(self, sequences: Sequences) -> None:
        score(sequences, [request(number, SCORES) for number in range(5)])
        assert (sequences.free, sequences.room) == (8, 512)


class TestShortOfRoom:
    def test_batches_are_halved(self, model: Model, decoder: Files) -> None:
        requests = [request(number, SCORES) for number in range(12)]
        with opened(model, BranchLimits(256, 4, step=256, threads=1, exact=True)) as sequences:
            found = score(sequences, requests)
        for asked, one in zip(requests, found, strict=True):
            np.testing.assert_allclose(one, expected(decoder, asked), atol=NEAR)

    def test_memory_that_fails_in_the_middle_halves_too(
        self, sequences: Sequences, decoder: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = BranchContext.read

        def scarce(self: BranchContext, pieces: Sequence[Piece], *, fixed: bool = False) -> Vectors:
            if fixed and sum(piece.wanted for piece in pieces) > 2:
                raise OutOfRoomError("There is no room.")
            return read(self, pieces, fixed=fixed)

        monkeypatch.setattr(BranchContext, "read", scarce)
        requests = [request(number) for number in range(7)]
        for asked, one in zip(requests, score(sequences, requests), strict=True):
            np.testing.assert_allclose(one, expected(decoder, asked), atol=NEAR)

    def test_one_that_never_fits_says_the_numbers(self, sequences: Sequences) -> None:
        long = ScoreRequest(Prompt(np.array(some_ids(600), np.int32)), request(0).labels)
        with pytest.raises(OutOfRoomError, match="600 tokens"):
            score(sequences, [request(0), long])
        assert (sequences.free, sequences.room) == (8, 512)


class TestDistribution:
    @given(st.lists(st.floats(-1e4, 0), min_size=1, max_size=8), st.floats(0.05, 20))
    def test_adds_up_to_one_and_keeps_the_order(
        self, values: list[float], temperature: float
    ) -> None:
        found = distribution(np.array(values), temperature)
        assert found.sum() == pytest.approx(1)
        assert found[int(np.argmax(values))] == found.max()

    def test_is_the_softmax(self) -> None:
        found = distribution(np.log([0.1, 0.2, 0.1]))
        np.testing.assert_allclose(found, [0.25, 0.5, 0.25])

    def test_a_temperature_flattens(self) -> None:
        found = distribution(np.log([0.64, 0.04]), temperature=2)
        np.testing.assert_allclose(found, [0.8, 0.2])

    def test_an_impossible_label_has_none(self) -> None:
        np.testing.assert_array_equal(distribution(np.array([0.0, -np.inf])), [1, 0])

    def test_no_possible_label_is_refused(self) -> None:
        with pytest.raises(ModelError, match="none of the allowed replies"):
            distribution(np.array([-np.inf, -np.inf]))
