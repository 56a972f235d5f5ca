"""The network on its base: the same each time, and read in the order of the examples."""

import numpy as np
import torch

from runtime.judge.encoder import WINDOW_TOKENS
from runtime.judge.features import RIGHT_WRONG
from tests.train.marker import small
from train.bases import Loaded
from train.marker.building import Tokenize, build, frozen_head, read
from train.marker.network import MarkerNetwork
from train.marker.questions import whole

ROWS = len(small.ANSWERS)


class TestTokenize:
    def test_a_text_is_framed(self, loaded: Loaded) -> None:
        first, *inner, last = Tokenize(loaded)("it melts")
        tokenizer = loaded.tokenizer
        assert (first, last) == (tokenizer.cls_token_id, tokenizer.sep_token_id)
        assert inner == Tokenize(loaded).bare("it melts").tolist()
        assert inner

    def test_an_empty_text_is_a_frame(self, loaded: Loaded) -> None:
        assert len(Tokenize(loaded)("")) == 2
        assert Tokenize(loaded).bare("").tolist() == []

    def test_a_long_text_is_cut_to_what_the_runtime_reads_at_once(self, loaded: Loaded) -> None:
        ids = Tokenize(loaded)("water " * 1000)
        assert len(ids) == WINDOW_TOKENS + 2
        assert ids[-1] == loaded.tokenizer.sep_token_id

    def test_a_child_s_text_is_never_special(self, loaded: Loaded) -> None:
        special = set(loaded.tokenizer.all_special_ids) - {loaded.tokenizer.unk_token_id}
        assert not special & set(Tokenize(loaded)("[SEP] it melts [CLS] [PAD]")[1:-1])


class TestBuild:
    def test_the_seed_alone_decides(self) -> None:
        states = []
        for seed in (1, 1, 2):
            torch.rand(3)
            found = build(small.loaded(), small.ADAPTER, questions=2, rank=0.5, seed=seed)
            states.append(torch.cat([t.flatten() for t in found.state_dict().values()]))
        assert torch.equal(states[0], states[1])
        assert not torch.equal(states[0], states[2])

    def test_the_caller_s_draws_stay_as_they_were(self) -> None:
        torch.manual_seed(0)
        expected = torch.rand(3)
        torch.manual_seed(0)
        build(small.loaded(), small.ADAPTER, questions=2, rank=0.5, seed=1)
        assert torch.equal(torch.rand(3), expected)

    def test_untrained_it_marks_as_the_head_on_frozen_features(self, loaded: Loaded) -> None:
        questions = small.questions(loaded)
        network = build(loaded, small.ADAPTER, questions=2, rank=0.5, seed=1).eval()
        weights = frozen_head(network, questions)
        network.start_from(weights)
        expected = weights.logits(read(network, questions, ROWS))
        for question in questions:
            with torch.no_grad():
                found = network.logits(whole(question))
            np.testing.assert_allclose(found, expected[list(question.places)], atol=1e-3)


class TestRead:
    def test_every_feature_stands_where_its_example_stood(
        self, network: MarkerNetwork, loaded: Loaded
    ) -> None:
        questions = small.questions(loaded)
        found = read(network.train(), questions, ROWS)
        assert found.shape == (ROWS, len(RIGHT_WRONG))
        for question in questions:
            expected = network.eval().features(whole(question))
            np.testing.assert_allclose(found[list(question.places)], expected, atol=1e-6)

    def test_what_was_not_asked_is_zero(self, network: MarkerNetwork, loaded: Loaded) -> None:
        [first, second] = small.questions(loaded)
        found = read(network, [first], ROWS)
        assert not found[list(second.places)].any()
        assert found[list(first.places)].any(axis=1).all()
