"""What the heads of the embedded default look at: words compared, and token vectors aligned.

The reference is aligned with the answer token by token through the encoder's vectors, as
BERTScore does (Zhang et al., ICLR 2020); tokens that the question gives count for less
(Sultan et al., NAACL 2016). ``train`` computes the very same features to fit a head.
"""

import string
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.judge.encoder import TokenVectors
from runtime.marking.writing.overlap import Overlap
from runtime.marking.writing.words import FUNCTION_WORDS

Floats = NDArray[np.float64]

FUNCTION_WEIGHT = 0.2
"""A function word ("the", "of") counts a fifth of a content word, not nothing: "on" and "off" are
function words too."""

NOVELTY_FLOOR = 1e-3
"""What a token still counts that the question gives: weights must not all be nothing."""

ALIGNMENT = (
    "answer_reference",
    "answer_question",
    "reference_question",
    "beyond_question",
    "reference_mean",
    "reference_min",
    "reference_low",
    "answer_mean",
    "answer_min",
    "answer_low",
    "reference_new",
    "answer_new",
    "answer_echo",
    "reference_all",
    "answer_all",
)
"""Names of the alignment features, in order: cosines of whole texts first, then of tokens."""

RIGHT_WRONG = (*Overlap.__struct_fields__, *ALIGNMENT)
"""Names of the features of a right-or-wrong head, in order."""


class Aligned(msgspec.Struct, frozen=True):
    """A text ready for alignment: unit token vectors ``(n, width)`` without [CLS] and [SEP],
    which of them carry content ``(n,)``, and the unit sentence vector ``(width,)``."""

    vectors: NDArray[np.float32]
    content: NDArray[np.bool_]
    sentence: NDArray[np.float32]


class Aligner:
    """Knows which token ids are function words or punctuation in one vocabulary."""

    def __init__(self, ids: Callable[[str], NDArray[np.int32]]) -> None:
        """Keep the ids that ``ids`` gives for function words and punctuation marks."""
        found = (ids(word) for word in (*FUNCTION_WORDS, *string.punctuation))
        self.function = np.array(sorted({int(i[0]) for i in found if len(i) == 1}), np.int32)

    def prepare(self, text: TokenVectors) -> Aligned:
        """Return the text with unit vectors; all tokens count where none carries content."""
        inner = text.vectors[1:-1]
        content = ~np.isin(text.tokens[1:-1], self.function)
        sentence = text.vectors.mean(axis=0)
        return Aligned(
            _unit(inner),
            content if content.any() else np.ones_like(content),
            sentence / max(float(np.linalg.norm(sentence)), 1e-12),
        )


def alignment(question: Aligned, reference: Aligned, answer: Aligned) -> list[float]:
    """Return the features named in ``ALIGNMENT``; those of tokens are 0 where a text is empty."""
    whole = [
        float(answer.sentence @ reference.sentence),
        float(answer.sentence @ question.sentence),
        float(reference.sentence @ question.sentence),
        _beyond(question, reference, answer),
    ]
    cosines = reference.vectors @ answer.vectors.T
    echo = _best(answer, question)
    tokens = [0.0] * (len(ALIGNMENT) - len(whole))
    if cosines.size:
        to_answer, to_reference = cosines.max(axis=1), cosines.max(axis=0)
        known = _best(reference, question)
        tokens = [
            *_summary(to_answer[reference.content]),
            *_summary(to_reference[answer.content]),
            _weighted(to_answer, _novelty(known, reference.content)),
            _weighted(to_reference, _novelty(echo, answer.content)),
            float(echo[answer.content].mean()),
            float(to_answer.mean()),
            float(to_reference.mean()),
        ]
    return whole + tokens


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-12)
    return unit


def _best(left: Aligned, right: Aligned) -> Floats:
    """For every token of ``left``, the cosine of the nearest token of ``right``."""
    if not len(right.vectors):
        return np.zeros(len(left.vectors))
    return np.asarray((left.vectors @ right.vectors.T).max(axis=1), np.float64)


def _summary(similarity: NDArray[np.float32]) -> list[float]:
    low = float(np.quantile(similarity, 0.25))
    return [float(similarity.mean()), float(similarity.min()), low]


def _novelty(known: Floats, content: NDArray[np.bool_]) -> Floats:
    weights: Floats = (1 - np.clip(known, 0, 1)) * np.where(content, 1.0, FUNCTION_WEIGHT)
    return weights + NOVELTY_FLOOR


def _weighted(similarity: NDArray[np.float32], weights: Floats) -> float:
    return float((similarity * weights).sum() / weights.sum())


def _beyond(question: Aligned, reference: Aligned, answer: Aligned) -> float:
    """Cosine of what answer and reference say beyond the question."""
    asked = question.sentence
    left, right = (t.sentence - (t.sentence @ asked) * asked for t in (answer, reference))
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    # Below this the answer is the question over again, and only rounding is left.
    return float(left @ right) / size if size > 1e-6 else 0.0
