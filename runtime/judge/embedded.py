"""The embedded default: MiniLM vectors from a GGUF file, and linear heads of ours.

with load_judge() as judge:
    judge.judge(cases)
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from runtime.closing import Closing
from runtime.errors import ModelError, reason_of
from runtime.judge.encoder import Encoder
from runtime.judge.features import RIGHT_WRONG, Aligned, Aligner, Floats, alignment
from runtime.judge.heads import Head, load_head
from runtime.locations import model_store, shipped_models
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case, Judgement
from runtime.marking.writing.overlap import compare
from runtime.marking.writing.style import Style, given, measure
from runtime.words import _

BASE = "minilm-marker"
MODEL_FILE = f"{BASE}-f16.gguf"
QUALITY = (*Style.__struct_fields__, "said", "on_topic")
"""Names of the features of an essay head, in order."""

ON_TOPIC = 0.4
"""Cosine of an essay with its topic from which on it counts as on the topic: nine in ten simulated
texts on another subject are below. Beside how much is said, SAF's scores do not rise with it."""


class EmbeddedJudge(Closing):
    """Judges short answers right or wrong, and places essays on a scale."""

    def __init__(self, encoder: Encoder, right_wrong: Head, quality: Head, digest: str) -> None:
        """Keep an open encoder, both heads, and the digest of the model file."""
        self._features = Features(encoder)
        self._encoder = encoder
        self._right_wrong, self._quality = right_wrong, quality
        heads = msgspec.json.encode((right_wrong, quality))
        self._provenance = {"model": digest, "head": hashlib.sha256(heads).hexdigest()}

    @property
    def provenance(self) -> dict[str, str]:
        """SHA-256 of the GGUF file and of both heads."""
        return self._provenance

    def judge(self, cases: Sequence[Case]) -> list[Judgement]:
        """Judge with the head that fits each item; without anything to judge by, no judgement."""
        judgements = [Judgement()] * len(cases)
        answers = [i for i, case in enumerate(cases) if has_reference(case.item)]
        essays = [i for i, case in enumerate(cases) if is_essay(case.item)]
        if answers:
            rows = self._features.right_wrong([cases[i].item for i in answers])
            for i, p in zip(answers, self._right_wrong.probabilities(rows), strict=True):
                judgements[i] = Judgement(probability=float(p))
        if essays:
            rows = self._features.quality([cases[i] for i in essays])
            for i, q in zip(essays, self._quality.probabilities(rows), strict=True):
                judgements[i] = Judgement(quality=float(q))
        return judgements

    def close(self) -> None:
        """Free the model."""
        self._encoder.close()


def has_reference(item: Item) -> bool:
    """Whether an answer can be compared with what is expected."""
    return item.task in {Task.SHORT_ANSWER, Task.RUBRIC} and bool(expected(item))


def is_essay(item: Item) -> bool:
    """Whether an answer is judged as a piece of writing."""
    return item.task is Task.ESSAY or (item.task is Task.RUBRIC and not expected(item))


def expected(item: Item) -> str:
    """Return what a right answer says: the reference, else the source of a short answer."""
    return item.reference or (item.source if item.task is Task.SHORT_ANSWER else "") or ""


class Features:
    """Features of answers; training fits heads to the very same numbers."""

    def __init__(self, encoder: Encoder) -> None:
        """Use an open ``encoder``."""
        self._encoder = encoder
        self._aligner = Aligner(encoder.tokenizer.ids)

    def right_wrong(self, items: Sequence[Item]) -> Floats:
        """Return shape ``(n, len(RIGHT_WRONG))``."""
        texts = [(item.question, expected(item), item.text) for item in items]
        known = self._prepare([text for triple in texts for text in triple])
        rows = [
            [
                *msgspec.structs.astuple(compare(q, r, a, item.language)),
                *alignment(known[q], known[r], known[a]),
            ]
            for item, (q, r, a) in zip(items, texts, strict=True)
        ]
        return np.array(rows).reshape(len(items), len(RIGHT_WRONG))

    def quality(self, cases: Sequence[Case]) -> Floats:
        """Return shape ``(n, len(QUALITY))``."""
        items = [case.item for case in cases]
        texts = [(given(item) or item.question, item.text) for item in items]
        known = self._prepare([text for pair in texts for text in pair])
        rows = [
            [
                *msgspec.structs.astuple(measure(case.item, case.evidence)),
                _said(known[topic], known[essay]) if given(case.item) else 0.0,
                min(ON_TOPIC, float(known[essay].sentence @ known[topic].sentence)),
            ]
            for case, (topic, essay) in zip(cases, texts, strict=True)
        ]
        return np.array(rows).reshape(len(items), len(QUALITY))

    def _prepare(self, texts: Sequence[str]) -> dict[str, Aligned]:
        distinct = sorted(set(texts))
        encoded = self._encoder.encode(distinct)
        return {t: self._aligner.prepare(v) for t, v in zip(distinct, encoded, strict=True)}


def _said(topic: Aligned, essay: Aligned) -> float:
    """Return the mean cosine of the topic's content tokens, each with the essay's nearest token."""
    cosines = topic.vectors[topic.content] @ essay.vectors.T
    return float(cosines.max(axis=1).mean()) if cosines.size else 0.0


def load_judge(threads: int | None = None) -> EmbeddedJudge:
    """Open the default model and its heads. Raises ``ModelError`` naming what mends it."""
    path = model_store() / MODEL_FILE
    right_wrong = load_head(shipped_models() / "right-wrong.json", "right_wrong", RIGHT_WRONG)
    quality = load_head(shipped_models() / "essay-quality.json", "quality", QUALITY)
    encoder = Encoder.open(path, threads)
    try:
        return EmbeddedJudge(encoder, right_wrong, quality, _digest(path))
    except ModelError:
        encoder.close()
        raise


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            _("{path} cannot be read: {reason}").format(path=path, reason=reason_of(error)),
            _("kindmark doctor"),
        ) from None
