"""Fits the essay head of the embedded default: which of two versions of a text is the better one.

Trained on degraded texts (see ``degrade``), never on graded essays; so its scores order essays,
and their level on a school's scale is only a first guess until a teacher has marked a few.
"""

import random
from collections import defaultdict

import msgspec
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from runtime.judge.embedded import BASE, QUALITY, Features
from runtime.judge.features import Floats
from runtime.judge.heads import Head
from runtime.marking import writing
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case
from train.degrade import degrade

VERSIONS = 2
"""Versions a text; more repeat the same texts."""

PENALTY = 10.0
"""Ridge penalty over standardized features: enough that correlated counts share their weight."""


def degraded_cases(items: list[Item], seed: int = 0) -> tuple[list[Case], Floats]:
    """Return cases and their quality ``(n,)``: ``VERSIONS`` of every text."""
    rng = random.Random(seed)
    fullest: dict[str, int] = defaultdict(int)
    for item in items:
        fullest[item.question] = max(fullest[item.question], len(item.text))
    cases, qualities = [], []
    for item in items:
        for _ in range(VERSIONS):
            worse = degrade(item.text, fullest[item.question], rng)
            essay = msgspec.structs.replace(item, task=Task.ESSAY, answer=worse.text, steps=())
            cases.append(Case(essay, writing.examine(essay).evidence))
            qualities.append(worse.quality)
    return cases, np.array(qualities)


def fit_head(features: Floats, quality: Floats, sets: tuple[str, ...]) -> Head:
    """Fit a ridge regression to the logit of ``quality`` ``(n,)`` in 0..1."""
    scaler = StandardScaler().fit(features)
    spread = np.where(scaler.scale_ > 0, scaler.scale_, 1.0)
    model = Ridge(alpha=PENALTY).fit(scaler.transform(features), np.log(quality / (1 - quality)))
    return Head(
        name="essay-quality",
        kind="quality",
        base=BASE,
        features=QUALITY,
        center=_rounded(scaler.mean_),
        spread=_rounded(spread),
        weights=_rounded(model.coef_),
        bias=round(float(model.intercept_), 6),
        trained_on=sets,
    )


def prepare(items: list[Item], features: Features, seed: int = 0) -> tuple[Floats, Floats]:
    """Return features ``(n, len(QUALITY))`` and quality ``(n,)`` of degraded versions."""
    cases, quality = degraded_cases(items, seed)
    return features.quality(cases), quality


def _rounded(numbers: Floats) -> tuple[float, ...]:
    return tuple(round(float(number), 6) for number in numbers)
