"""Near ties: what another layout of a batch may turn is flagged, and nothing else turns.

The first half moves probabilities by all that was ever measured; the second half is a quantized
model, whose logits do move with the answers beside one.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.shapes import SHAPES, write_half
from benchmarks.vocabulary import learn
from convert.quantize.quantize import quantize
from runtime.judge.decoding.scoring import TOLERANCE
from runtime.judge.llm.asking import Asked, ask
from runtime.judge.llm.fits import Scaling
from runtime.judge.llm.judge import LlmJudge
from runtime.judge.llm.reading import Put
from runtime.judge.llm.subjects import Group, Subject
from runtime.marking.item import Item
from runtime.marking.judgement import Case, Distribution, Judgement
from runtime.marking.scores import Weighed, weigh_scores, weigh_verdicts
from tests.runtime.judge.llm.judging import cases, essay, opened, short

MOST = TOLERANCE / 2
"""How far one probability may move: where two do so against each other, the lead moves twice."""

Shares = list[float]


def mark(item: Item, found: Judgement) -> Weighed:
    if found.verdicts:
        return weigh_verdicts(item, found.verdicts, found.cuts)
    assert found.scores
    return weigh_scores(item, found.scores, found.cuts)


def judged(item: Item, asked: Asked, shares: Shares, scaling: Scaling) -> Judgement:
    group = Group(Subject(""), "mark_short_answer", (0,), scaling)
    return Put(0, item, (asked,), ()).judged(group, [np.log(np.array(shares))])


def only_flagged_turn(item: Item, both: tuple[Shares, Shares], scaling: Scaling) -> None:
    main = ask(item, (), 4000, len)[0]
    one, other = (judged(item, main, shares, scaling) for shares in both)
    before, after = mark(item, one), mark(item, other)
    assert one.near_tie or (before.verdict, before.score) == (after.verdict, after.score)


@st.composite
def moved(draw: st.DrawFn, labels: int) -> tuple[Shares, Shares]:
    """Probabilities, and the same after another layout."""
    drawn = draw(st.lists(st.floats(0.01, 1), min_size=labels, max_size=labels))
    shares = np.array(drawn) / sum(drawn)
    steps = np.array(draw(st.lists(st.floats(-1, 1), min_size=labels, max_size=labels)))
    steps -= steps.mean()
    most = np.abs(steps).max()
    assume(most > 0)
    after = shares + steps / most * MOST * draw(st.floats(0, 0.999))
    assume(after.min() > 0)
    return shares.tolist(), after.tolist()


class TestMoved:
    @given(moved(3), st.floats(0.05, 20))
    @settings(max_examples=300, deadline=None)
    def test_a_verdict_at_any_temperature(
        self, both: tuple[Shares, Shares], temperature: float
    ) -> None:
        only_flagged_turn(short("It dries."), both, Scaling(temperature))

    @given(moved(6), st.floats(0.2, 20))
    @settings(max_examples=300, deadline=None)
    def test_a_score_at_any_temperature(
        self, both: tuple[Shares, Shares], temperature: float
    ) -> None:
        only_flagged_turn(essay("Bees fly."), both, Scaling(temperature))

    @given(moved(6), st.floats(0.2, 20))
    @settings(max_examples=300, deadline=None)
    def test_a_score_by_cuts(self, both: tuple[Shares, Shares], temperature: float) -> None:
        item = essay("Bees fly.")
        labels = ask(item, (), 4000, len)[0].values
        cuts = (0.8, 1.9, 2.4, 3.3, 4.6)
        only_flagged_turn(item, both, Scaling(temperature, cuts, labels))

    def test_a_low_temperature_hides_no_tie(self) -> None:
        item = short("It dries.")
        main = ask(item, (), 4000, len)[0]
        found = judged(item, main, [0.49, 0.08, 0.43 + 0.01], Scaling(0.2))
        assert found.verdicts
        assert found.verdicts.margin > TOLERANCE
        assert found.near_tie


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("ties")
    shape = SHAPES["tiny"]
    write_half(
        folder / "half.gguf", shape, learn(("a word of water in the sun",), shape.vocabulary)
    )
    quantize(folder / "half.gguf", folder / "quantized.gguf", "Q4_K_M")
    return folder / "quantized.gguf"


@pytest.fixture(scope="module")
def judge(path: Path) -> Iterator[LlmJudge]:
    with opened(path) as found:
        yield found


WORDS = "the sun dried up all of that water and then it went into a cloud".split()
ANSWERS = [
    " ".join(random.Random(at).choices(WORDS, k=random.Random(at).randint(1, 12)))
    for at in range(24)
]


@pytest.fixture(scope="module")
def alone(path: Path) -> list[Judgement]:
    """Every answer in a class of its own, of which nothing was read before."""
    found = []
    for answer in ANSWERS:
        with opened(path) as judge:
            found += judge.judge(cases(answer))
    return found


def verdict(found: Judgement) -> Distribution:
    assert found.verdicts
    return found.verdicts


class TestQuantized:
    @pytest.mark.parametrize("size", [2, 3, 5, 8, 24])
    @pytest.mark.parametrize("order", [0, 1])
    def test_only_flagged_verdicts_differ_from_single_marking(
        self, judge: LlmJudge, alone: Sequence[Judgement], size: int, order: int
    ) -> None:
        places = list(range(len(ANSWERS)))
        random.Random(order).shuffle(places)
        for start in range(0, len(places), size):
            chosen = places[start : start + size]
            found = judge.judge([Case(short(ANSWERS[at], at)) for at in chosen])
            for at, one in zip(chosen, found, strict=True):
                shift = np.subtract(verdict(one).probabilities, verdict(alone[at]).probabilities)
                assert abs(shift).max() < MOST
                assert one.near_tie or verdict(one).mode == verdict(alone[at]).mode

    def test_not_everything_is_a_tie(self, alone: Sequence[Judgement]) -> None:
        assert not all(one.near_tie for one in alone)
