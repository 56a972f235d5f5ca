"""Degraded texts and the head that orders them."""

import random

import numpy as np
import pytest

from runtime.judge.embedded import QUALITY
from runtime.marking.item import Item, Task
from train.degrade import MAX_QUALITY, MIN_QUALITY, degrade
from train.essay_quality import VERSIONS, degraded_cases, fit_head

TEXT = (
    "Bees matter to everyone. They carry pollen between flowers, so that fruit can grow. "
    "Without them, farmers would harvest far less. Therefore we should protect their homes."
)


def test_the_same_draw_gives_the_same_version() -> None:
    assert degrade(TEXT, 200, random.Random(4)) == degrade(TEXT, 200, random.Random(4))


@pytest.mark.parametrize("seed", range(30))
def test_quality_falls_with_what_is_lost(seed: int) -> None:
    worse = degrade(TEXT, len(TEXT), random.Random(seed))
    assert MIN_QUALITY <= worse.quality <= MAX_QUALITY
    if worse.text == TEXT:
        assert worse.quality == MAX_QUALITY
    if len(worse.text) < len(TEXT) / 2:
        assert worse.quality < 0.7


def test_a_text_that_says_less_than_another_is_worse_as_it_stands() -> None:
    alone = degrade(TEXT, len(TEXT), random.Random(3))
    beside = degrade(TEXT, 4 * len(TEXT), random.Random(3))
    assert alone.text == beside.text
    assert beside.quality < alone.quality


def test_every_text_gives_its_versions() -> None:
    essay = Item(id="1", task=Task.ESSAY, question="Why do bees matter?", answer=TEXT)
    cases, quality = degraded_cases([essay], seed=1)
    assert len(cases) == len(quality) == VERSIONS


def test_the_head_learns_the_order() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, len(QUALITY)))
    quality = 1 / (1 + np.exp(-features[:, 0] + 0.1 * rng.normal(size=200)))
    head = fit_head(features, quality, ("made-up",))
    assert np.corrcoef(head.probabilities(features), quality)[0, 1] > 0.95
