"""Builds the marker's network on a base, and reads answers with it.

network = build(loaded, adapter, questions=108, rank=0.5, seed=7)
network.start_from(frozen_head(network, questions))
features = read(network, questions, rows=len(examples))
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from runtime.judge.encoder import WINDOW_TOKENS
from runtime.judge.features import RIGHT_WRONG, Aligner, Floats
from train.bases import Loaded, apply_adapter
from train.marker.alignment import Reader
from train.marker.network import MarkerNetwork
from train.marker.questions import Ids, Question, whole
from train.recipe import Adapter
from train.right_wrong import Weights, fit_weights


class Tokenize:
    """Turns texts into at most ``longest`` ids; by default as many as the runtime reads at once."""

    def __init__(self, loaded: Loaded, longest: int = WINDOW_TOKENS + 2) -> None:
        self._loaded, self._inner = loaded, longest - 2
        tokenizer = loaded.tokenizer
        self._first, self._last = tokenizer.cls_token_id, tokenizer.sep_token_id

    def __call__(self, text: str) -> Ids:
        """Return the ids of ``text``. "[SEP]" in it is plain text."""
        inner = self._loaded.encode(text, special=False)[: self._inner]
        return (self._first, *inner, self._last)

    def bare(self, text: str) -> NDArray[np.int32]:
        """Return the ids of ``text`` alone."""
        return np.array(self._loaded.encode(text, special=False), np.int32)


def build(
    loaded: Loaded, adapter: Adapter, questions: int, rank: float, seed: int
) -> MarkerNetwork:
    """Return a network that marks as the bare base would; ``seed`` draws its new layers."""
    function = Aligner(Tokenize(loaded).bare).function.tolist()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        encoder = apply_adapter(loaded, adapter)
        reader = Reader(encoder, function, len(loaded.tokenizer))
        network = MarkerNetwork(encoder, reader, questions, rank)
    return network.to(encoder.device)


def frozen_head(network: MarkerNetwork, questions: Sequence[Question]) -> Weights:
    """Fit the linear head to the answers' features as they are before training."""
    network.eval()
    asked = [whole(question) for question in questions]
    features = np.concatenate([network.features(one) for one in asked])
    labels = np.concatenate([one.right for one in asked]).astype(np.int64)
    return fit_weights(features, labels)


def read(network: MarkerNetwork, questions: Sequence[Question], rows: int) -> Floats:
    """Return the runtime's features of every answer, ``(rows, len(RIGHT_WRONG))``; zeros where none
    was asked."""
    features = np.zeros((rows, len(RIGHT_WRONG)))
    network.eval()
    for question in questions:
        features[list(question.places)] = network.features(whole(question))
    return features
