"""Simulated summaries and essays: scores follow from what is said and from the damage."""

import random
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.marking import agreement
from train.data.schema import Example
from train.simulate import essay, summary
from train.simulate.damage import COSTS, LEAST_SENTENCES, childlike, spoil

COUNT = 600


@pytest.fixture(scope="module")
def summed() -> list[Example]:
    return list(summary.summaries(COUNT, 1))


@pytest.fixture(scope="module")
def argued() -> list[Example]:
    return list(essay.essays(COUNT, 1))


def test_passages_are_as_long_as_they_should_be_and_have_five_points() -> None:
    found = summary.passages()
    assert len(found) >= 12
    for passage in found:
        assert 120 <= len(passage.text.split()) <= 220
        assert len(passage.point) == summary.SCALE[1]
        assert 30 < len(summary.good_summary(passage).split()) < len(passage.text.split())


def test_a_good_summary_copies_no_sentence() -> None:
    for passage in summary.passages():
        for point in passage.point:
            assert not any(says.rstrip(".") in passage.text for says in point.says)


def test_every_score_is_as_frequent(summed: list[Example], argued: list[Example]) -> None:
    for work in (summed, argued):
        assert set(Counter(e.score for e in work).values()) == {COUNT // 6}


def test_every_kind_of_damage_occurs(summed: list[Example], argued: list[Example]) -> None:
    damage = {kind for kind in COSTS if kind}
    assert {e.rule for e in summed} == damage | {
        "complete",
        "drops_key_points",
        "copies",
        "off_topic",
        "strays",
    }
    assert {e.rule for e in argued} == damage | {
        "complete",
        "bare_claims",
        "drops_parts",
        "off_topic",
        "strays",
    }


def test_what_the_rule_says_bounds_the_score(summed: list[Example]) -> None:
    for example in summed:
        assert example.score is not None
        assert example.rule is not None
        if example.rule in COSTS:
            assert example.score <= summary.SCALE[1] - COSTS[example.rule]
        elif example.rule == "copies":
            assert example.score in (1, 2)
            assert example.answer in " ".join((example.source or "").split())
        else:
            assert (example.score == summary.SCALE[1]) == (example.rule == "complete")


@pytest.mark.parametrize(
    ("points", "damage", "score"), [(5, "", 5), (4, "padded", 3), (1, "generic_words", 0)]
)
def test_score_of_a_summary(points: int, damage: str, score: int) -> None:
    assert summary.score_of(points, damage) == score


@pytest.mark.parametrize(
    ("parts", "damage", "score"),
    [((2, 2, 2, 2, 2), "", 5), ((1, 1, 1, 1, 1), "", 3), ((2, 2, 1, 0, 0), "shuffled", 2)],
)
def test_score_of_an_essay(parts: tuple[int, ...], damage: str, score: int) -> None:
    assert essay.score_of(parts, damage) == score


def test_length_alone_orders_summaries_only_roughly(summed: list[Example]) -> None:
    # A summary that says more is longer, for children as well; measured 0.58 on 1,500.
    lengths = np.array([len(e.answer.split()) for e in summed])
    scores = np.array([e.score for e in summed])
    assert agreement.spearman(scores, lengths) < 0.65


@given(
    st.sampled_from([kind for kind in COSTS if kind]),
    st.integers(LEAST_SENTENCES, 9),
    st.integers(0, 2**32),
)
def test_damage_changes_a_text(kind: str, size: int, seed: int) -> None:
    sentences = [f"Yellow elephant number {k} carries several large parcels." for k in range(size)]
    assert spoil(kind, sentences, random.Random(seed)) != sentences


@given(st.integers(0, 2**32))
def test_a_child_keeps_every_sentence(seed: int) -> None:
    sentences = [f"Point {k} says that the big dog starts because of it." for k in range(5)]
    written = childlike(sentences, random.Random(seed))
    assert sorted(text.split()[1] for text in written) == list("01234")


def test_damage_changes_short_texts_too() -> None:
    sentences = ["Cooking is healthy.", "You can learn it at home.", "So I want it."]
    for seed in range(50):
        for kind in ("misspelt", "generic_words"):
            found = spoil(kind, sentences, random.Random(seed))
            changed = zip(" ".join(found).split(), " ".join(sentences).split(), strict=True)
            assert sum(a != b for a, b in changed) >= 2


def test_one_text_has_one_score(summed: list[Example], argued: list[Example]) -> None:
    for work in (summed, argued):
        scores = defaultdict(set)
        for example in work:
            scores[example.group, example.answer].add(example.score)
        assert all(len(found) == 1 for found in scores.values())


def test_no_damage_is_no_change() -> None:
    assert spoil("", ["One.", "Two."], random.Random(0)) == ["One.", "Two."]
