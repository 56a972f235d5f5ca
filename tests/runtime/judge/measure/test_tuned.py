"""What was measured is found again on the same machine, and nothing stored can do harm."""

from pathlib import Path

import pytest

from runtime.judge.causal import STEP_TOKENS
from runtime.judge.engine import Model
from runtime.judge.measure import tuned as module
from runtime.judge.measure import tuning
from runtime.judge.measure.machine import machine_id
from runtime.judge.measure.tuned import Tuned, keep, tuned
from runtime.judge.measure.tuning import best, thread_counts, tune

DEFAULTS = Tuned(None, STEP_TOKENS)


class TestKept:
    def test_nothing_measured(self) -> None:
        assert tuned() == DEFAULTS

    def test_what_was_kept_is_found(self, state: Path) -> None:
        assert keep(Tuned(1, 256)) == state
        assert tuned() == Tuned(1, 256)
        keep(Tuned(1, 128))
        assert tuned() == Tuned(1, 128)

    def test_another_machine_has_its_own(
        self, state: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(Tuned(1, 256))
        with monkeypatch.context() as patch:
            patch.setattr(module, "machine_id", lambda: "other")
            assert tuned() == DEFAULTS
            keep(Tuned(1, 512))
        assert tuned() == Tuned(1, 256)
        assert state.read_text("utf-8").count("threads") == 2

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "not toml [",
            "machine = 3",
            "[machine]\nID = 3",
            "[machine.ID]\nthreads = 0\nstep = 512",
            "[machine.ID]\nthreads = 1_000_000\nstep = 512",
            "[machine.ID]\nthreads = 1\nstep = 1",
            "[machine.ID]\nthreads = 1\nstep = 100_000",
            '[machine.ID]\nthreads = "1"\nstep = 512',
            "[machine.ID]\nthreads = true\nstep = 512",
            "[machine.ID]\nthreads = 1",
            "\ufeff\x00",
        ],
    )
    def test_a_damaged_file_leaves_the_defaults(self, text: str, state: Path) -> None:
        state.parent.mkdir()
        state.write_text(text.replace("ID", machine_id()), "utf-8")
        assert tuned() == DEFAULTS
        keep(Tuned(1, 256))
        assert tuned() == Tuned(1, 256)

    def test_a_folder_in_its_place(self, state: Path) -> None:
        state.mkdir(parents=True)
        assert tuned() == DEFAULTS
        with pytest.raises(OSError):
            keep(Tuned(1, 256))
        assert list(state.parent.iterdir()) == [state]


class TestChosen:
    @pytest.mark.parametrize(
        ("cores", "expected"), [(1, [1]), (2, [2]), (4, [2, 3, 4]), (16, [8, 12, 16])]
    )
    def test_thread_counts(self, cores: int, expected: list[int]) -> None:
        assert thread_counts(cores) == expected

    def test_the_fastest(self, probe_model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
        times = {128: 2.0, 256: 1.0, 512: 1.5}
        monkeypatch.setattr(tuning, "_seconds", lambda _, way: times[way.step])
        ways = [Tuned(1, step) for step in times]
        assert best(probe_model, ways, rounds=3).step == 256

    def test_a_smaller_step_that_is_nearly_as_fast(
        self, probe_model: Model, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        times = {128: 1.02, 256: 1.0}
        monkeypatch.setattr(tuning, "_seconds", lambda _, way: times[way.step])
        assert best(probe_model, [Tuned(1, step) for step in times], rounds=1).step == 128

    def test_on_a_model(self, probe_model: Model) -> None:
        said: list[str] = []
        found = tune(probe_model, said.append, rounds=1)
        assert found.step in tuning.STEPS
        assert found.threads
        assert said[-1] == "trying steps of 128, 256, 512, 1024 tokens"
