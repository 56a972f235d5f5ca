"""Measuring models: what comes out, in a process of its own, and what stops it."""

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import ModelError
from runtime.judge.measure.classroom import ClassSize
from runtime.judge.measure.decoders import Effort, measure_decoder
from runtime.judge.measure.results import Result, meaning
from runtime.judge.measure.running import Measured, Run, every, measured
from runtime.judge.measure.spread import Spread, percentile
from runtime.judge.measure.tuned import Tuned
from runtime.judge.measure.worker import Task, measure

SMALL = Effort(2, 32, 4, 2, ClassSize(shared=24, answers=4, answer=8, feedback=4))
DECODER = "load pp32 tg4 pl8 pl30 class answers p50 p95 first_word feedback with_feedback".split()
ENCODER = "load p50 p95 class answers".split()


def named(results: list[Result]) -> list[str]:
    """Return the names of what any machine shows."""
    shown = [one.name.replace(" ", "_") for one in results]
    return [name for name in shown if name not in {"energy", "peak"}]


class TestDecoder:
    def test_everything_is_measured(self, probe: Path) -> None:
        found = list(measure_decoder(probe, SMALL, Tuned(1, 64)))
        assert named(found) == DECODER
        assert all(value > 0 for one in found for value in one.values)
        rounds = {one.name: len(one.values) for one in found}
        assert (rounds["pp32"], rounds["class"], rounds["p50"]) == (2, 2, 1)
        assert {meaning(one.name).unit for one in found} >= {"s", "ms", "tokens/s", "/min"}

    def test_in_a_process_of_its_own(self, probe: Path) -> None:
        [run] = every([("probe", probe, "q4_k_m")], [Tuned(1, 64)])
        done = Measured(run, list(measured(run, SMALL)))
        assert named(done.results) == DECODER
        peak = done.median("peak")
        assert peak is not None
        assert peak > 20
        assert done.median("nothing") is None

    def test_a_model_with_few_positions(self, probe: Path) -> None:
        results = measure_decoder(probe, SMALL._replace(read=10**9, repeats=1), Tuned(1, 512))
        assert named([next(results), next(results)]) == ["load", "pp4096"]

    def test_whoever_has_enough_stops_it(self, probe: Path) -> None:
        [run] = every([("probe", probe, "")], [Tuned(1, 64)])
        results = measured(run, SMALL)
        assert next(results).name == "load"
        results.close()


class TestEncoder:
    def test_everything_is_measured(self, tiny_gguf: Path) -> None:
        found = list(measure(Task(str(tiny_gguf), SMALL, Tuned(1, 64))))
        assert named(found) == ENCODER


class TestUnusable:
    @pytest.mark.parametrize("content", [None, b"", b"GGUF and nothing more"])
    def test_the_message_comes_through(self, content: bytes | None, tmp_path: Path) -> None:
        path = tmp_path / "x.gguf"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ModelError, match=r"x\.gguf"):
            list(measured(Run("x", str(path), "", 1, 16), SMALL))

    def test_a_process_that_dies(self, probe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", shutil.which("false"))
        with pytest.raises(ModelError, match=r"ended the process .* \(code"):
            list(measured(Run("x", str(probe), "", 1, 64), SMALL))


class TestSpread:
    def test_of_some(self) -> None:
        assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0, 3)

    @given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
    def test_percentiles_are_measurements(self, values: list[float]) -> None:
        found = [percentile(values, share) for share in (0.0, 0.5, 0.95, 1.0)]
        assert found == sorted(found)
        assert (found[0], found[-1]) == (min(values), max(values))
        assert set(found) <= set(values)
        assert sum(value <= found[1] for value in values) >= len(values) / 2
