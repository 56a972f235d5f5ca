"""Degraded texts, the work that the essay head is fitted to, and the head that orders it."""

import random

import numpy as np
import pytest

from runtime.judge.embedded import QUALITY
from runtime.judge.features import Floats
from runtime.marking.item import Item, Task
from runtime.marking.judgement import Case
from train.degrade import degrade
from train.essay_quality import SIGNS, fit_head, held_out, table
from train.essay_work import OFF_TOPIC, Work, degraded, simulated

TEXT = (
    "Bees matter to everyone. They carry pollen between flowers, so that fruit can grow. "
    "Without them, farmers would harvest far less. Therefore we should protect their homes."
)


def essay(number: int, question: str = "Why do bees matter?", reference: str | None = None) -> Item:
    return Item(
        id=str(number), task=Task.ESSAY, question=question, answer=TEXT, reference=reference
    )


def test_the_same_draw_gives_the_same_version() -> None:
    assert degrade(TEXT, 200, random.Random(4)) == degrade(TEXT, 200, random.Random(4))


@pytest.mark.parametrize("seed", range(30))
def test_quality_falls_with_what_is_lost(seed: int) -> None:
    worse = degrade(TEXT, len(TEXT), random.Random(seed))
    assert 0 < worse.quality <= 1
    if worse.text == TEXT:
        # A small rate of errors may hit no word.
        assert worse.quality > 0.95
    if len(worse.text) < len(TEXT) / 2:
        assert worse.quality < 0.7


def test_a_text_that_says_less_than_another_is_worse_as_it_stands() -> None:
    alone = degrade(TEXT, len(TEXT), random.Random(3))
    beside = degrade(TEXT, 4 * len(TEXT), random.Random(3))
    assert alone.text == beside.text
    assert beside.quality < alone.quality


def test_every_text_gives_a_version_and_some_stand_under_another_question() -> None:
    items = [essay(i, f"Question {i}?") for i in range(4 * OFF_TOPIC)]
    found = list(degraded(items, seed=1))
    strays = [w for w in found if w.quality == 0]
    assert len(found) - len(strays) == len(items)
    assert 0 < len(strays) <= len(items) / OFF_TOPIC
    assert found == list(degraded(items, seed=1))


def test_an_essay_with_a_reference_is_shown_without_it_too() -> None:
    given, bare = degraded([essay(1, reference=TEXT)])
    assert (given.case.item.reference, bare.case.item.reference) == (TEXT, None)
    assert given.quality == bare.quality
    assert given.part != bare.part


def test_simulated_work_keeps_its_scores_as_shares() -> None:
    found = list(simulated({"summaries": 6, "essays": 6}))
    assert [w.quality for w in found[:6]] == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert {w.part for w in found} == {"summaries", "essays", "essays, reference given"}
    assert all(w.case.item.source for w in found[:6])
    assert not any(w.case.item.reference for w in found if w.part == "summaries")


@pytest.fixture(scope="module")
def work() -> list[Work]:
    """300 texts of two parts on 30 questions: the longest words are worth the most."""
    rng = random.Random(0)
    case = Case(essay(1), ())
    return [
        Work(f"part {i % 2}", f"question {i % 30}", case, rng.choice((0, 0.2, 0.4, 0.6, 0.8, 1)))
        for i in range(300)
    ]


def features_of(work: list[Work], name: str, way: float) -> Floats:
    """Noise, but for one feature, which follows the quality the given way."""
    features = np.random.default_rng(0).normal(size=(len(work), len(QUALITY)))
    features[:, QUALITY.index(name)] += way * 5 * np.array([w.quality for w in work])
    return features


def test_every_feature_has_its_sign() -> None:
    assert tuple(SIGNS) == QUALITY


def test_the_head_learns_the_order(work: list[Work]) -> None:
    features = features_of(work, "said", 1)
    head = fit_head(features, work, ("made-up",))
    quality = [w.quality for w in work]
    assert np.corrcoef(head.probabilities(features), quality)[0, 1] > 0.8
    assert head.trained_on == ("made-up",)


@pytest.mark.parametrize("name", QUALITY)
def test_no_weight_leaves_its_sign(name: str, work: list[Work]) -> None:
    head = fit_head(features_of(work, name, -SIGNS[name]), work, ())
    assert head.weights[QUALITY.index(name)] == 0
    assert all(w * SIGNS[n] >= 0 for n, w in zip(QUALITY, head.weights, strict=True))


def test_the_level_of_a_question_does_not_reach_the_weights(work: list[Work]) -> None:
    features = features_of(work, "said", 1)
    lifted = features.copy()
    lifted[:, 0] += np.array([float(w.group.split()[1]) for w in work])
    weights = [np.array(fit_head(f, work, ()).weights) for f in (features, lifted)]
    assert weights[0] == pytest.approx(weights[1], abs=1e-4)


def test_a_part_weighs_the_same_however_many_texts_it_has(work: list[Work]) -> None:
    features = features_of(work, "said", 1)
    twice = [*work, *(w for w in work if w.part == "part 0")]
    rows = np.array([w.part == "part 0" for w in work])
    more = fit_head(np.vstack([features, features[rows]]), twice, ())
    # The penalty weighs less beside more texts.
    assert more.weights == pytest.approx(fit_head(features, work, ()).weights, rel=0.05, abs=0.01)


def test_what_is_held_out_is_ordered_by_what_tells(work: list[Work]) -> None:
    orders = held_out(features_of(work, "said", 1), work)
    assert [(o.part, o.texts, o.questions) for o in orders] == [
        ("part 0", 150, 15),
        ("part 1", 150, 15),
    ]
    assert all(o.head > 0.7 for o in orders)
    # All texts are as long.
    assert all(o.word_count == 0 for o in orders)
    assert "| part 0 | 150 | 15 |" in table(orders)


def test_a_question_is_never_ordered_by_a_head_that_saw_it(work: list[Work]) -> None:
    """Noise that a head knows by heart tells nothing of other questions."""
    noise = np.random.default_rng(3).normal(size=(len(work), len(QUALITY)))
    orders = held_out(noise, work)
    assert all(abs(o.head) < 0.25 for o in orders)
