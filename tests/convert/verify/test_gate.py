"""The mark gate: what passes, what does not, and real quantizations before it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convert.quantize.quantize import quantize
from convert.verify.gate import FEWEST, LIMITS, GateResult, gate
from convert.verify.ways import judging, opened
from runtime.judge.catalogue import Limits
from runtime.judge.side_head import SideHead, rows
from tests.tiny_decoders import VOCABULARY, WIDTH, write_decoder

LABELS = ("incorrect", "partial", "correct")
Places = list[int]


def places(count: int, seed: int = 0) -> Places:
    return [int(place) for place in np.random.default_rng(seed).integers(3, size=count)]


def turned(given: Places, count: int) -> Places:
    """Return the verdicts with the first ``count`` made others."""
    return [(place + 1) % 3 if at < count else place for at, place in enumerate(given)]


class TestPasses:
    def test_the_same_verdicts(self) -> None:
        found = gate(places(200), places(200, 1), places(200, 1), LABELS)
        assert found.passed
        assert found.agreement == 1.0
        assert found.kappa_change == 0.0
        assert found.qwk_change is None

    def test_as_many_others_as_are_allowed(self) -> None:
        teachers = places(1000)
        found = gate(teachers, teachers, turned(teachers, 10), LABELS)
        assert found.agreement == 0.99
        assert found.passed

    def test_getting_better(self) -> None:
        teachers = places(200)
        found = gate(teachers, turned(teachers, 4), teachers, LABELS, scale=True)
        assert found.passed
        assert found.kappa_change > 0
        assert found.qwk_change is not None
        assert found.qwk_change > 0


class TestFails:
    def test_more_others_than_are_allowed(self) -> None:
        reference = places(1000, 1)
        found = gate(places(1000), reference, turned(reference, 31), LABELS)
        assert not found.passed
        assert "31 of 1000 verdicts are others" in found.faults[0]

    def test_a_loss_against_the_teachers(self) -> None:
        teachers = places(1000)
        found = gate(teachers, teachers, turned(teachers, 25), LABELS)
        assert found.faults == (f"Kappa falls by {-found.kappa_change:.3f}; 0.02 is allowed.",)

    def test_a_loss_on_the_scale_alone(self) -> None:
        # Few verdicts turn, but from one end of the scale to the other.
        teachers = [0] * 500 + [2] * 500
        low = [*teachers[:-20], *[0] * 20]
        found = gate(teachers, teachers, low, LABELS, scale=True, limits=limits_of(0.9, 1.0, 0.01))
        assert [fault.startswith("QWK falls by") for fault in found.faults] == [True]

    def test_too_few_answers_to_tell(self) -> None:
        few = places(FEWEST - 1)
        assert "too few" in gate(few, few, few, LABELS).faults[0]
        assert gate(few, few, few, LABELS, fewest=10).passed

    def test_none_at_all(self) -> None:
        with np.errstate(all="ignore"):
            found = gate([], [], [], LABELS, fewest=0)
        assert not found.passed

    def test_what_is_no_verdict(self) -> None:
        with pytest.raises(ValueError, match="3 is no place"):
            gate([0, 1], [0, 3], [0, 1], LABELS)
        with pytest.raises(ValueError, match="one verdict"):
            gate([0, 1], [0], [0, 1], LABELS)


@given(st.integers(0, 60), st.integers(0, 5))
def test_what_is_allowed_is_what_the_limits_say(count: int, seed: int) -> None:
    reference = places(300, seed)
    found = gate(places(300, 9), reference, turned(reference, count), LABELS)
    allowed = 1 - count / 300 >= LIMITS.agreement and -found.kappa_change <= LIMITS.kappa_loss
    assert found.passed == allowed


def test_a_catalogue_may_be_stricter() -> None:
    teachers = places(1000)
    once = turned(teachers, 1)
    assert gate(teachers, teachers, once, LABELS).passed
    assert not gate(teachers, teachers, once, LABELS, limits=limits_of(1.0, 0.0, 0.0)).passed


class TestQuantizations:
    def test_eight_bits_pass_and_four_are_refused(self, tmp_path: Path) -> None:
        plain = tmp_path / "plain.gguf"
        write_decoder(plain, 1)
        head = SideHead(
            name="head",
            base="tiny",
            labels=LABELS,
            weights=rows(np.random.default_rng(5).normal(size=(3, WIDTH))),
            bias=(0.0, 0.0, 0.0),
        )
        reference = _verdicts(plain, head)
        results: dict[str, GateResult] = {}
        for quant in ("Q8_0", "Q4_0"):
            path = tmp_path / f"{quant}.gguf"
            quantize(plain, path, quant)
            # The 16-bit verdicts stand for the teachers': what turns is surely worse.
            results[quant] = gate(reference, reference, _verdicts(path, head), LABELS)
        assert results["Q8_0"].passed
        assert len(results["Q4_0"].faults) == 2


def _verdicts(path: Path, head: SideHead) -> Places:
    prompts = np.random.default_rng(3).integers(VOCABULARY, size=(300, 12))
    with opened(path) as way, judging(way, head, 12) as judge:
        return [head.verdict(judge.logits(ids)) for ids in prompts]


def limits_of(agreement: float, kappa: float, qwk: float) -> Limits:
    return Limits(agreement=agreement, kappa_loss=kappa, qwk_loss=qwk)
