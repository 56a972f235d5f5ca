"""The command: a tiny run from random weights to figures, resumed, and refused."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    TrainerCallback,
    TrainerState,
)

from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from tests.train.scratch.conftest import TINY
from train.command import main
from train.scratch import training
from train.scratch.class_sets import ClassSets
from train.scratch.classes import held_out
from train.scratch.measuring import Figures, figures, fitted, measure, probabilities, table


class Losses(TrainerCallback):  # type: ignore[misc]  # transformers ships no types
    """Keeps what the trainer logs."""

    def __init__(self) -> None:
        self.found: list[float] = []

    def on_log(self, *_: object, logs: dict[str, float], **__: object) -> None:
        if "loss" in logs:
            self.found.append(logs["loss"])


class Killed(TrainerCallback):  # type: ignore[misc]  # as above
    """Dies in the middle of a run."""

    def on_step_end(self, _: object, state: TrainerState, *__: object, **___: object) -> None:
        if state.global_step == 4:
            raise KeyboardInterrupt


def test_a_tiny_run_writes_a_model_and_figures(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["practice-judge", "--out", str(folder), "--tiny", "--quiet"]) == 0
    assert "| kappa |" in capsys.readouterr().out
    found = json.loads((folder / "figures.json").read_text())
    assert found["answers"] == 20
    tokenizer = AutoTokenizer.from_pretrained(folder / "model")
    model = AutoModelForCausalLM.from_pretrained(folder / "model")
    assert model.config.vocab_size == len(tokenizer)


def test_the_loss_falls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LOG_EVERY", 1)
    losses = Losses()
    settings = msgspec.structs.replace(TINY, drills=30, steps=2)
    training.train(folder, settings, quiet=True, callbacks=[losses])
    drills = losses.found[:30]
    assert np.mean(drills[-3:]) < np.mean(drills[:3]) - 0.5


def test_a_run_that_was_stopped_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LOG_EVERY", 1)
    monkeypatch.setattr(training, "SAVE_EVERY", 3)
    settings = msgspec.structs.replace(TINY, drills=6, steps=2)
    with pytest.raises(KeyboardInterrupt):
        training.train(folder, settings, quiet=True, callbacks=[Killed()])
    after = Losses()
    training.train(folder, settings, quiet=True, callbacks=[after])
    assert len(after.found) == settings.marking + settings.words - 3


def test_a_folder_of_another_run_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    with pytest.raises(BadInputError, match="other settings"):
        training.train(folder, TINY, quiet=True)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="cannot be used"):
        main(["practice-judge", "--out", str(tmp_path / "file" / "run"), "--tiny", "--quiet"])


def test_the_help_imports_no_torch() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["practice-judge", "--help"])
    assert ended.value.code == 0


def test_verdicts_are_read_after_the_whole_prompt(
    sets: ClassSets, network: PreTrainedModel
) -> None:
    found = measure(network, sets, held_out(12, 3))
    assert found.answers >= 4
    assert 0 <= found.accuracy <= 1
    assert sum(map(sum, found.confusion)) == found.answers


def test_a_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.5, (4000, 3))
    odds = probabilities(honest, 1.0)
    labels = np.array([rng.choice(3, p=row) for row in odds])
    assert fitted(honest * 3, labels) == pytest.approx(3.0, rel=0.1)
    assert figures(honest * 3, labels, 3.0).calibration_error < 0.03


def test_figures_of_perfect_verdicts() -> None:
    labels = np.array([0, 1, 2, 2])
    found = figures(np.eye(3)[labels] * 20, labels, 1.0)
    assert (found.accuracy, found.kappa, found.majority) == (1.0, 1.0, 0.5)
    assert found.confusion == ((1, 0, 0), (0, 1, 0), (0, 0, 2))
    assert all(verdict in table(found) for verdict in Verdict if verdict is not Verdict.UNMARKED)
    assert isinstance(found, Figures)
