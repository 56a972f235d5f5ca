"""A small trained network that compares an answer with its reference token by token.

Each token is held against what it aligns with on the other side (a mean over the other text's
tokens, weighted by cosine), as in the decomposable attention model (Parikh et al. 2016), in both
directions: is it said, and does what is said belong there? The scores are averaged, a token
counting by its novelty (see ``features``) and a learned importance. ``train`` fits it together
with the adapter.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.judge.features import Aligned, Alignment

Floats = NDArray[np.float64]
Numbers = tuple[float, ...]
Rows = tuple[Numbers, ...]

SHARPNESS = 10.0
"""Cosines are multiplied by this before the softmax: the nearest few tokens count."""

SCALE = 4.0
"""The mean score is multiplied by this: it starts at 0 and is to move the logit soon."""


class Direction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One direction for projections of ``k`` numbers: ``hidden`` is ``(k, 3 k)``, ``score`` and
    ``importance`` are ``(k,)``; each has its bias."""

    hidden: Rows
    hidden_bias: Numbers
    score: Numbers
    score_bias: float
    importance: Numbers
    importance_bias: float


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole network: ``projection`` is ``(k, width)``."""

    projection: Rows
    wanted: Direction
    said: Direction


class Comparer:
    """A comparison ready to run, for token vectors of ``width`` numbers."""

    def __init__(self, network: Comparison) -> None:
        """Raise ``ValueError`` if the shapes of ``network`` do not fit each other."""
        size, self.width = len(network.projection), max(map(len, network.projection), default=0)
        if not self.width:
            raise ValueError("the projection is empty")
        self._projection = _array(network.projection, size, self.width)
        self._wanted, self._said = (_Scorer(d, size) for d in (network.wanted, network.said))

    def logit(self, reference: Aligned, answer: Aligned, alignment: Alignment) -> float:
        """Return what the comparison adds to the logit of being right; 0 for an empty text."""
        cosines = alignment.cosines
        if not cosines.size:
            return 0.0
        wanted, said = (text.vectors @ self._projection.T for text in (reference, answer))
        to_answer, to_reference = _attention(cosines), _attention(cosines.T)
        return SCALE * (
            self._wanted.mean(wanted, to_answer @ said, alignment.reference_weights)
            + self._said.mean(said, to_reference @ wanted, alignment.answer_weights)
        )


class _Scorer:
    """One direction as arrays."""

    def __init__(self, direction: Direction, size: int) -> None:
        self._hidden = _array(direction.hidden, size, 3 * size)
        self._hidden_bias = _array(direction.hidden_bias, size)
        self._score = _array(direction.score, size)
        self._importance = _array(direction.importance, size)
        self._biases = direction.score_bias, direction.importance_bias

    def mean(self, tokens: Floats, aligned: Floats, novelty: Floats) -> float:
        """Return the weighted mean score of ``tokens`` ``(n, k)`` beside what they align with."""
        beside = np.concatenate([tokens, aligned, np.abs(tokens - aligned)], axis=1)
        hidden = np.maximum(beside @ self._hidden.T + self._hidden_bias, 0)
        scores = hidden @ self._score + self._biases[0]
        importance = _sigmoid(tokens @ self._importance + self._biases[1])
        weights = novelty * importance
        return float(scores @ weights / max(float(weights.sum()), 1e-9))


def _array(numbers: Numbers | Rows, *shape: int) -> Floats:
    found = np.array(numbers, np.float64)
    if found.shape != shape:
        raise ValueError(f"an array is {found.shape} and not {shape}")
    return found


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), np.float64)


def _attention(cosines: NDArray[np.float32]) -> Floats:
    """Return for each row the softmax over its cosines, shape as given."""
    scaled = SHARPNESS * np.asarray(cosines, np.float64)
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float64)
