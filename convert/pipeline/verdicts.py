"""What a GGUF file says of answers: the label it gives each, as marking would take it.

    asked = Asked.of(stage, items)
    said = read_verdicts(job, job.file("Q8_0"), asked)
    said.labels, said.outputs

One number a label: a head's logits, the log-probability of the reply that says the label, or for a
head over features the log-odds. A reward has one number and no label: pairs of answers have.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convert.pipeline.job import Job
from convert.pipeline.run_stage import RunStage
from convert.pipeline.stage_prompts import Encoder, Ids, Labelled, encoder_of, prompt_ids, replies
from convert.verify.tally import log_softmax
from convert.verify.ways import Way, judging, opened
from runtime.errors import BadInputError
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.embedded import Features
from runtime.judge.encoder import Encoder as SentenceEncoder
from runtime.judge.features import RIGHT_WRONG
from runtime.judge.heads import load_head
from runtime.judge.side_head import load_side_head

Floats = NDArray[np.float64]

BETTER = ("second", "first")
"""The labels of a pair: which of two answers to one question is the better."""
MOST = 2_000
"""Answers that are read at most: the interval of an agreement of 99 % is half a percent then."""


class Asked(NamedTuple):
    """Labelled answers, their prompts as ids, and the labels to choose between."""

    items: tuple[Labelled, ...]
    prompts: tuple[Ids, ...]
    labels: tuple[str, ...]
    replies: tuple[Ids, ...]

    @classmethod
    def of(cls, stage: RunStage, items: Sequence[Labelled]) -> "Asked":
        """Tokenize what the stage's model is asked; answers that are too long are left out.

        Raises ``BadInputError`` if no answer fits or the stage gives no verdict.
        """
        encoder = encoder_of(stage.adapter)
        prompts = prompt_ids(stage.prompt, [one.item for one in items], encoder)
        both = [
            (item, ids)
            for item, ids in zip(items, prompts, strict=True)
            if len(ids) <= stage.max_tokens
        ][:MOST]
        if not both:
            raise BadInputError(
                f"None of {len(items)} answers fits into {stage.max_tokens} tokens.",
                "Give shorter answers with --items.",
            )
        labels, said = _labels(stage, encoder)
        kept, ids = zip(*both, strict=True)
        return cls(tuple(kept), tuple(ids), labels, tuple(said))


class Verdicts(NamedTuple):
    """``outputs`` ``(answers, labels)``; ``given`` is the place of each answer's label, and for
    rewards ``(answers, 1)`` that of each pair's.
    """

    outputs: Floats
    given: tuple[int, ...]


def read_verdicts(job: Job, gguf: Path, asked: Asked) -> Verdicts:
    """Return what a file says of every answer."""
    outputs = np.array(_outputs(job, gguf, asked), np.float64).reshape(len(asked.items), -1)
    if job.stage.origin.purpose == "prefer":
        return Verdicts(outputs, tuple(_better(outputs[:, 0], a, b) for a, b in pairs(asked)))
    return Verdicts(outputs, tuple(int(at) for at in outputs.argmax(axis=1)))


def pairs(asked: Asked) -> list[tuple[int, int]]:
    """Return the places of every two answers to one question, ``MOST`` at most."""
    questions = [one.item.question for one in asked.items]
    both = ((a, b) for a, b in combinations(range(len(questions)), 2))
    found = [(a, b) for a, b in both if questions[a] == questions[b]]
    return found[:MOST]


def true_places(stage: RunStage, asked: Asked) -> list[int | None]:
    """Return the place of each answer's (or pair's) own label; None where it has none of ours."""
    given = [one.label.strip() for one in asked.items]
    if stage.origin.purpose == "prefer":
        worth = [_worth(label) for label in given]
        return [_known_better(worth[a], worth[b]) for a, b in pairs(asked)]
    return [asked.labels.index(label) if label in asked.labels else None for label in given]


def _outputs(job: Job, gguf: Path, asked: Asked) -> list[Sequence[float]]:
    if job.head_kind == "features":
        return _over_features(job, gguf, asked)
    adapter = job.lora if job.with_adapter else None
    with opened(gguf, adapter) as way:
        if not job.head_kind:
            return _over_replies(way, asked)
        side = load_side_head(job.head) if job.head_kind == "beside" else None
        with judging(way, side, max(map(len, asked.prompts))) as judge:
            return [judge.logits(ids).tolist() for ids in asked.prompts]


def _over_replies(way: Way, asked: Asked) -> list[Sequence[float]]:
    longest = max(map(len, asked.prompts)) + max(map(len, asked.replies))
    with CausalContext(way.model, CausalLimits(longest)) as context:
        context.use(way.adapters)
        return [[_likelihood(context, ids, one) for one in asked.replies] for ids in asked.prompts]


def _likelihood(context: CausalContext, prompt: Ids, reply: Ids) -> float:
    """Return the log-probability of a reply after a prompt."""
    rows = context.logits([*prompt, *reply[:-1]], first=len(prompt) - 1).astype(np.float64)
    return float(log_softmax(rows)[np.arange(len(reply)), reply].sum())


def _over_features(job: Job, gguf: Path, asked: Asked) -> list[Sequence[float]]:
    head = load_head(job.stage.folder / "right-wrong.json", "right_wrong", RIGHT_WRONG)
    with SentenceEncoder.open(gguf) as encoder:
        rows = Features(encoder).right_wrong([one.item for one in asked.items])
    return [[0.0, float(logit)] for logit in head.logits(rows)]


def _labels(stage: RunStage, encoder: Encoder) -> tuple[tuple[str, ...], list[Ids]]:
    """Return the labels a stage chooses between, and the replies that say them if it writes."""
    purpose, prompt = stage.origin.purpose, stage.prompt
    if purpose == "prefer":
        return BETTER, []
    if purpose == "embed":
        return ("incorrect", "correct"), []
    if purpose == "classify":
        return stage.labels, []
    said = replies(prompt)
    if not said:
        raise BadInputError(
            f"Stage {stage.name} writes ({prompt or 'no prompt'}) and gives no verdict.",
            "Leave out --items, or convert the stage that marks.",
        )
    return tuple(said), [encoder.encode(text, False) for text in said.values()]


def _better(rewards: Floats, a: int, b: int) -> int:
    return int(rewards[a] > rewards[b])


def _worth(label: str) -> float | None:
    known = {"incorrect": 0.0, "partial": 0.5, "correct": 1.0}
    try:
        found = known[label] if label in known else float(label)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _known_better(a: float | None, b: float | None) -> int | None:
    return None if a is None or b is None or a == b else int(a > b)
