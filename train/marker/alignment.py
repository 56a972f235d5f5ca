"""The alignment features of ``runtime/judge/features.py`` in torch, so that gradients pass.

    reader = Reader(encoder, function_ids, len(tokenizer))
    question, reference, answers = (reader.read(texts) for texts in (...))
    align(question, reference, answers)      (answers, len(ALIGNMENT))

A test holds both to the same numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from peft import PeftModel
from torch import Tensor
from torch.nn.functional import normalize, pad

from runtime.judge.features import FUNCTION_WEIGHT, NOVELTY_FLOOR

TOGETHER = 8
"""Texts of similar length that go through the encoder at once: little is padding then."""

_ABSENT = -1.0
"""Stands for a cosine where there is no token: no true one is below it."""

_BEYOND = 2.0
"""Above every cosine: sorts what is masked to the end, and stays finite for the gradient."""


class Texts(NamedTuple):
    """Texts read: unit token vectors ``(n, longest, width)``, which places hold a token besides
    [CLS] and [SEP], which of these carry content (both ``(n, longest)``), and unit sentence
    vectors ``(n, width)``."""

    vectors: Tensor
    inner: Tensor
    content: Tensor
    sentence: Tensor


class Reader:
    """Reads token ids with an encoder; ``function`` holds the ids that carry no content."""

    def __init__(self, encoder: PeftModel, function: Sequence[int], vocabulary: int) -> None:
        self._encoder = encoder
        self._function = torch.zeros(vocabulary, dtype=torch.bool)
        self._function[list(function)] = True

    def read(self, texts: Sequence[Sequence[int]]) -> Texts:
        """Return the vectors of texts, each the ids of [CLS], its tokens and [SEP]."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        longest = len(texts[order[-1]])
        parts = [
            self._encode([texts[at] for at in order[start : start + TOGETHER]], longest)
            for start in range(0, len(order), TOGETHER)
        ]
        back = torch.from_numpy(np.argsort(order))
        hidden, present = (torch.cat(part)[back] for part in zip(*parts, strict=True))
        ids = torch.stack([_filled(text, longest) for text in texts])
        return self._texts(hidden, present, ids)

    def _encode(self, texts: Sequence[Sequence[int]], longest: int) -> tuple[Tensor, Tensor]:
        width = max(map(len, texts))
        ids = torch.stack([_filled(text, width) for text in texts])
        present = torch.tensor([[at < len(text) for at in range(width)] for text in texts])
        device = self._encoder.device
        hidden = self._encoder(
            input_ids=ids.to(device), attention_mask=present.long().to(device)
        ).last_hidden_state
        room = longest - width
        return pad(hidden, (0, 0, 0, room)), pad(present.to(device), (0, room))

    def _texts(self, hidden: Tensor, present: Tensor, ids: Tensor) -> Texts:
        counts = present.sum(1)
        inner = present.clone()
        inner[:, 0] = False
        inner[torch.arange(len(ids)), counts - 1] = False
        content = inner & ~self._function[ids].to(inner.device)
        bare = ~content.any(1)
        content[bare] = inner[bare]
        mean = (hidden * present[..., None]).sum(1) / counts[:, None]
        return Texts(normalize(hidden, dim=-1), inner, content, normalize(mean, dim=-1))


def _filled(ids: Sequence[int], length: int) -> Tensor:
    return pad(torch.tensor(list(ids), dtype=torch.long), (0, length - len(ids)))


def align(question: Texts, reference: Texts, answers: Texts) -> Tensor:
    """Return the features ``(n, 15)`` of ``n`` answers against the reference to a question (both of
    one text)."""
    count = len(answers.vectors)
    cosines = torch.einsum("rd,nad->nra", reference.vectors[0], answers.vectors)
    cosines = cosines.masked_fill(~answers.inner[:, None, :], _ABSENT)
    cosines = cosines.masked_fill(~reference.inner[0][None, :, None], _ABSENT)
    to_answer, to_reference = cosines.amax(2), cosines.amax(1)
    echo = _best(answers.vectors, question)
    known = _best(reference.vectors, question)
    wanted, present = (m.expand(count, -1) for m in (reference.content, reference.inner))
    reference_weights = _novelty(known, reference)
    answer_weights = _novelty(echo, answers)
    whole = [
        (answers.sentence * reference.sentence).sum(-1),
        (answers.sentence * question.sentence).sum(-1),
        (reference.sentence * question.sentence).sum(-1).expand(count),
        _beyond(question.sentence, reference.sentence, answers.sentence),
    ]
    tokens = [
        *_summary(to_answer, wanted),
        *_summary(to_reference, answers.content),
        _mean(to_answer, reference_weights.expand(count, -1)),
        _mean(to_reference, answer_weights),
        _mean(echo, answers.content),
        _mean(to_answer, present),
        _mean(to_reference, answers.inner),
    ]
    # Without a token on one side nothing aligns, and the runtime gives zeros.
    some = (answers.inner.any(1) & reference.inner.any(1)).to(cosines.dtype)
    return torch.stack([*whole, *(feature * some for feature in tokens)], dim=-1)


def _best(vectors: Tensor, other: Texts) -> Tensor:
    """For each token of ``vectors`` ``(n, t, d)``, the cosine of the nearest token of ``other``."""
    if not bool(other.inner.any()):
        return torch.zeros(vectors.shape[:2], device=vectors.device)
    cosines = torch.einsum("ntd,qd->ntq", vectors, other.vectors[0])
    return cosines.masked_fill(~other.inner[0], _ABSENT).amax(2)


def _novelty(known: Tensor, texts: Texts) -> Tensor:
    """How much each token counts: less if the question gives it, little for a function word."""
    weights = (1 - known.clamp(0, 1)) * torch.where(texts.content, 1.0, FUNCTION_WEIGHT)
    return (weights + NOVELTY_FLOOR) * texts.inner


def _mean(values: Tensor, weights: Tensor) -> Tensor:
    weights = weights.to(values.dtype)
    return (values * weights).sum(-1) / weights.sum(-1).clamp(min=1e-9)


def _summary(values: Tensor, mask: Tensor) -> list[Tensor]:
    """Mean, least and lower quartile (linear interpolation, as numpy) over ``mask``."""
    ordered = values.masked_fill(~mask, _BEYOND).sort(-1).values
    place = (mask.sum(-1) - 1).clamp(min=0) * 0.25
    below, above = (
        ordered.gather(-1, at.long()[:, None])[:, 0] for at in (place.floor(), place.ceil())
    )
    share = place - place.floor()
    return [_mean(values, mask), ordered[:, 0], below * (1 - share) + above * share]


def _beyond(asked: Tensor, reference: Tensor, answers: Tensor) -> Tensor:
    """Cosine of what answer and reference say beyond the question."""
    left, right = (t - (t * asked).sum(-1, keepdim=True) * asked for t in (answers, reference))
    size = left.norm(dim=-1) * right.norm(dim=-1)
    cosine = (left * right).sum(-1) / size.clamp(min=1e-6)
    return torch.where(size > 1e-6, cosine, torch.zeros_like(cosine))
