"""The comparison of ``runtime/judge/comparison.py`` as a torch module, to be trained.

    module = ComparisonModule(width=384, size=32)
    module(reference, answers, aligned)         logits (answers,)
    module.exported()                           what the runtime reads

A test holds both to the same numbers.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from runtime.judge.comparison import SCALE, SHARPNESS, Comparison, Direction
from train.marker.alignment import Aligned, Texts

DIGITS = 5
"""Decimals kept of a weight: far finer than 16-bit vectors, and a readable file."""


class DirectionModule(nn.Module):
    """Scores each token beside what it aligns with; it starts by saying nothing."""

    def __init__(self, size: int, share: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(3 * size, size)
        self.score = nn.Linear(size, 1)
        self.importance = nn.Linear(size, 1)
        self._dropout = share
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, tokens: Tensor, aligned: Tensor, novelty: Tensor) -> Tensor:
        """Return the weighted mean score ``(n,)`` of tokens ``(n, t, k)``."""
        beside = torch.cat([tokens, aligned, (tokens - aligned).abs()], dim=-1)
        hidden = dropout(torch.relu(self.hidden(beside)), self._dropout, self.training)
        scores: Tensor = self.score(hidden)[..., 0]
        weights: Tensor = novelty * torch.sigmoid(self.importance(tokens)[..., 0])
        return (scores * weights).sum(-1) / weights.sum(-1).clamp(min=1e-9)

    def exported(self) -> Direction:
        """Return the weights as the runtime reads them."""
        return Direction(
            hidden=_rows(self.hidden.weight),
            hidden_bias=_numbers(self.hidden.bias),
            score=_numbers(self.score.weight[0]),
            score_bias=_numbers(self.score.bias)[0],
            importance=_numbers(self.importance.weight[0]),
            importance_bias=_numbers(self.importance.bias)[0],
        )


class ComparisonModule(nn.Module):
    """Both directions over one projection of the token vectors to ``size`` numbers."""

    def __init__(self, width: int, size: int, share: float) -> None:
        super().__init__()
        self.projection = nn.Linear(width, size, bias=False)
        self.wanted = DirectionModule(size, share)
        self.said = DirectionModule(size, share)

    def forward(self, reference: Texts, answers: Texts, found: Aligned) -> Tensor:
        """Return what is added to the logit of each answer, ``(n,)``."""
        count = len(answers.vectors)
        wanted = self.projection(reference.vectors).expand(count, -1, -1)
        said = self.projection(answers.vectors)
        scaled = SHARPNESS * found.cosines
        to_answer = _softmax(scaled, answers.inner[:, None, :])
        to_reference = _softmax(scaled.transpose(1, 2), reference.inner[:, None, :])
        novelty = found.reference_weights.expand(count, -1)
        logits: Tensor = self.wanted(wanted, to_answer @ said, novelty)
        logits = logits + self.said(said, to_reference @ wanted, found.answer_weights)
        some = answers.inner.any(1) & reference.inner.any(1)
        return SCALE * logits * some

    def exported(self) -> Comparison:
        """Return the weights as the runtime reads them."""
        return Comparison(
            _rows(self.projection.weight), self.wanted.exported(), self.said.exported()
        )


def _softmax(scaled: Tensor, present: Tensor) -> Tensor:
    # -1e4 and not infinity: a text without tokens has a row without any.
    return scaled.masked_fill(~present, -1e4).softmax(-1)


def _rows(weight: Tensor) -> tuple[tuple[float, ...], ...]:
    return tuple(_numbers(row) for row in weight)


def _numbers(weight: Tensor) -> tuple[float, ...]:
    return tuple(round(float(number), DIGITS) for number in weight.detach().cpu())
