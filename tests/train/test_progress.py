"""Progress: what a person reads on stderr while a model trains, and how losses are drawn."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import TrainerControl, TrainerState, TrainingArguments

from train.loss_plot import draw_losses, losses, smoothed
from train.progress import Screen, in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45.2, "45 s"), (89, "89 s"), (720, "12 min"), (12_000, "3 h 20 min")],
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def shown(capsys: pytest.CaptureFixture[str], tmp_path: Path, *, quiet: bool) -> str:
    """Return what twenty steps write to stderr where it is no terminal; stdout stays empty."""
    arguments = TrainingArguments(output_dir=str(tmp_path), report_to="none", use_cpu=True)
    state, control = TrainerState(max_steps=20), TrainerControl()
    with Screen("mark", quiet=quiet) as screen:
        screen.on_train_begin(arguments, state, control)
        for step in range(1, 21):
            state.global_step = step
            screen.on_log(arguments, state, control, {"loss": 1 / step, "learning_rate": 1e-4})
        screen.on_log(arguments, state, control, {"train_runtime": 1.0})
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_a_file_gets_ten_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = shown(capsys, tmp_path, quiet=False).splitlines()
    assert len(lines) == 10
    assert lines[-1].startswith("mark: step 20/20, loss 0.0500, 0 s left")


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert shown(capsys, tmp_path, quiet=True) == ""


@given(st.lists(st.floats(-1e3, 1e3), min_size=1), st.floats(0.0, 0.99))
def test_a_smoothed_curve_stays_within_the_losses(values: list[float], weight: float) -> None:
    found = smoothed(values, weight)
    assert len(found) == len(values)
    assert found[0] == pytest.approx(values[0], abs=1e-6)
    assert min(values) - 1e-6 <= min(found) <= max(found) <= max(values) + 1e-6


def test_each_stage_has_its_curve(tmp_path: Path) -> None:
    entries = [{"stage": s, "step": n, "loss": 1 / n} for s in ("sft", "mark") for n in (1, 2, 3)]
    assert losses(entries) == {
        "sft": ([1, 2, 3], [1, 1 / 2, 1 / 3]),
        "mark": ([1, 2, 3], [1, 1 / 2, 1 / 3]),
    }
    draw_losses(entries, tmp_path / "one.png")
    draw_losses(entries, tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
