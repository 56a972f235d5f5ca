"""The marker as one module: what it starts from, what it learns by, what it keeps."""

import math

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor

from tests.train.marker import small
from train.bases import Loaded
from train.marker.building import build
from train.marker.network import FEATURES, MarkerNetwork, parameter_groups
from train.marker.questions import Asked, whole
from train.right_wrong import Weights


@pytest.fixture
def asked(loaded: Loaded) -> Asked:
    return whole(small.questions(loaded)[0])


@pytest.fixture
def weights() -> Weights:
    random = np.random.default_rng(0)
    center, spread, linear = random.normal(size=(3, FEATURES))
    return Weights(center, np.abs(spread) + 0.5, linear, 0.25)


def untrained(loaded: Loaded) -> MarkerNetwork:
    return build(loaded, small.ADAPTER, questions=2, rank=small.SETTINGS.rank, seed=1).eval()


def logits(network: MarkerNetwork, asked: Asked) -> Tensor:
    with torch.no_grad():
        return network.logits(asked)


def loss(network: MarkerNetwork, *asked: Asked) -> float:
    with torch.no_grad():
        return float(network(list(asked))["loss"])


def saying(network: MarkerNetwork, said: Tensor, monkeypatch: pytest.MonkeyPatch) -> MarkerNetwork:
    monkeypatch.setattr(network, "logits", lambda _: said)
    return network


class TestStart:
    def test_it_marks_as_the_linear_head(
        self, loaded: Loaded, asked: Asked, weights: Weights
    ) -> None:
        network = untrained(loaded)
        network.start_from(weights)
        expected = weights.logits(network.features(asked))
        np.testing.assert_allclose(logits(network, asked), expected, atol=1e-4)
        assert np.ptp(expected) > 0.1

    def test_features_are_of_the_runtime_s_kind(self, network: MarkerNetwork, asked: Asked) -> None:
        found = network.features(asked)
        assert found.shape == (len(asked.answers), FEATURES)
        np.testing.assert_allclose(found[:, : asked.overlap.shape[1]], asked.overlap, rtol=1e-6)


class TestLoss:
    def test_an_intercept_is_the_question_s_own_and_does_not_mark(
        self, network: MarkerNetwork, loaded: Loaded
    ) -> None:
        one, other = map(whole, small.questions(loaded))
        marked, losses = logits(network, one), (loss(network, one), loss(network, other))
        with torch.no_grad():
            network.intercepts[one.row] += 1
        assert torch.equal(logits(network, one), marked)
        assert loss(network, one) != losses[0]
        assert loss(network, other) == losses[1]

    def test_it_is_the_mean_over_questions(self, network: MarkerNetwork, loaded: Loaded) -> None:
        one, other = map(whole, small.questions(loaded))
        expected = (loss(network, one) + loss(network, other)) / 2
        assert loss(network, one, other) == pytest.approx(expected)

    def test_ranking_costs_less_in_the_right_order(
        self, loaded: Loaded, asked: Asked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        right = torch.from_numpy(asked.right)
        ranked, unranked = (small.network(small.loaded(), rank) for rank in (1.0, 0.0))

        def cost(said: Tensor) -> float:
            pair = [loss(saying(n, said, monkeypatch), asked) for n in (ranked, unranked)]
            return pair[0] - pair[1]

        assert cost(2 * right) < cost(0 * right) < cost(-2 * right)
        assert cost(0 * right) == pytest.approx(math.log(2), rel=1e-4)
        # A level that all answers share is the cross-entropy's to find.
        assert cost(2 * right + 3) == pytest.approx(cost(2 * right), rel=1e-4)

    @pytest.mark.parametrize("right", [0.0, 1.0])
    def test_answers_that_are_all_alike_have_no_order(
        self, network: MarkerNetwork, asked: Asked, right: float
    ) -> None:
        alike = replace(asked, right=np.full_like(asked.right, right))
        assert math.isfinite(loss(network, alike))

    def test_gradients_are_finite_even_of_empty_texts(
        self, network: MarkerNetwork, asked: Asked
    ) -> None:
        empty = asked.question[0], asked.question[-1]
        network.train()
        network([asked, replace(asked, reference=empty), replace(asked, question=empty)])[
            "loss"
        ].backward()
        found = small.gradients(network)
        trained = {name for name, one in network.named_parameters() if one.requires_grad}
        assert found.keys() == trained
        assert all(torch.isfinite(gradient).all() for gradient in found.values())
        assert all(gradient.any() for gradient in found.values())

    def test_a_few_steps_lower_it(self, loaded: Loaded, asked: Asked) -> None:
        network = untrained(loaded).train()
        before = loss(network.eval(), asked)
        optimizer = torch.optim.AdamW(parameter_groups(network, 1e-3, 0.01))
        for _ in range(8):
            network([asked])["loss"].backward()
            optimizer.step()
            optimizer.zero_grad()
        assert loss(network.eval(), asked) < before - 0.05


class TestState:
    def test_it_holds_what_is_trained_and_no_base(self, network: MarkerNetwork) -> None:
        state = network.state_dict()
        trained = {name for name, one in network.named_parameters() if one.requires_grad}
        assert state.keys() == trained | {"center", "spread"}
        adapter = [name for name in state if ".lora_" in name]
        # Two matrices for four targets in six layers.
        assert len(adapter) == 2 * 4 * 6
        assert all(".lora_" in name for name in state if name.startswith("encoder."))

    def test_loading_it_gives_the_same_logits(
        self, network: MarkerNetwork, asked: Asked, weights: Weights
    ) -> None:
        network.start_from(weights)
        other = untrained(small.loaded())
        assert not torch.allclose(logits(other, asked), logits(network, asked), atol=1e-2)
        other.load_state_dict(network.state_dict())
        assert torch.equal(logits(other, asked), logits(network, asked))

    def test_the_trainer_finds_nothing_missing(self, network: MarkerNetwork) -> None:
        # It loads without strictness, and takes what it is told is missing for a fault.
        found = network.load_state_dict(network.state_dict(), strict=False)
        assert found.missing_keys == []
        assert found.unexpected_keys == []

    @pytest.mark.parametrize("name", ["center", "head.weight", "intercepts"])
    def test_half_a_state_is_refused(self, network: MarkerNetwork, name: str) -> None:
        state = network.state_dict()
        del state[name]
        with pytest.raises(RuntimeError, match=name):
            network.load_state_dict(state)

    def test_another_number_of_questions_is_refused(self, network: MarkerNetwork) -> None:
        other = build(small.loaded(), small.ADAPTER, questions=3, rank=0.5, seed=1)
        with pytest.raises(RuntimeError, match="intercepts"):
            other.load_state_dict(network.state_dict())


def test_every_weight_is_in_one_group(network: MarkerNetwork) -> None:
    groups = list(parameter_groups(network, rate=1e-3, decay=0.01))
    grouped = [id(weight) for group in groups for weight in group["params"]]
    trained = [id(weight) for weight in network.parameters() if weight.requires_grad]
    assert sorted(grouped) == sorted(trained)
    [decay] = [g["weight_decay"] for g in groups if g["params"][0] is network.intercepts]
    assert decay == 0
