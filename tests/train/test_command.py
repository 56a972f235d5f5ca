"""The training commands: recipes, and the essay head and calibration on made-up sets, with a
tiny real encoder."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.errors import BadInputError
from runtime.judge.embedded import MODEL_FILE, QUALITY
from runtime.judge.heads import load_head
from tests import tiny_models
from train import runner as training
from train.command import main
from train.recipe import Recipe, recipe_names

WORDS = "the sun water plant light air grow cold warm big small cats dogs run".split()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    sources = tiny_models.write_sources(tmp_path_factory.mktemp("sources"))
    tiny_models.write_gguf(folder / MODEL_FILE, sources)
    return folder


@pytest.fixture(autouse=True)
def _tiny_model(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KINDMARK_MODELS", str(store))
    yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """6 essays and 30 sums."""
    folder = tmp_path_factory.mktemp("data")
    rng = random.Random(0)
    essays = [row(i, "essay", " ".join(rng.choices(WORDS, k=60)) + ".") for i in range(6)]
    write(folder / "prometheus-rubric/vicuna_eval.jsonl", essays)
    sums = [row(i, "math", "12", reference="12", label="correct") for i in range(30)]
    write(folder / "gsm8k-model-solutions/data.jsonl", sums)
    write(folder / "math-verify-cases/data.jsonl", sums[:1])
    return folder


def row(number: int, task: str, answer: str, **fields: str) -> dict[str, str]:
    return {"id": str(number), "task": task, "question": "What?", "answer": answer, **fields}


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def test_the_essay_head_is_fitted_written_and_measured(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("train.jobs.SIMULATED", {"summaries": 90})
    assert main(["essays", "--data", str(data), "--out", str(tmp_path / "new")]) == 0
    head = load_head(tmp_path / "new/essay-quality.json", "quality", QUALITY)
    assert "prometheus-rubric" in head.trained_on
    assert "| summaries | " in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError) as caught:
        main(["calibrate", "--data", str(data), "--out", str(tmp_path / "file")])
    assert str(tmp_path / "file") in caught.value.message


def test_the_calibration_is_measured_and_written(data: Path, tmp_path: Path) -> None:
    assert main(["calibrate", "--data", str(data), "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "calibration.json").read_text())
    assert found["maths"].keys() == {"equal"}


def test_without_the_training_half_it_says_what_to_install(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("sklearn", "train."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delattr("train.jobs", raising=False)
    with pytest.raises(BadInputError) as caught:
        main(["calibrate", "--data", str(data), "--out", str(tmp_path)])
    assert caught.value.remedy == "Install it with: pip install 'kindmark[train]'"


class Runner:
    """Stands in for ``train.runner``: keeps what it is asked to train."""

    Options = training.Options

    def __init__(self) -> None:
        self.asked: list[tuple[Recipe, training.Options]] = []

    def train(self, recipe: Recipe, options: training.Options) -> None:
        self.asked.append((recipe, options))


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    stand_in = Runner()
    monkeypatch.setitem(sys.modules, "train.runner", stand_in)
    monkeypatch.setattr("train.runner", stand_in, raising=False)
    return stand_in


def test_a_recipe_is_trained_as_asked(runner: Runner, tmp_path: Path) -> None:
    arguments = ["gemma3n-math", "--data", str(tmp_path), "--tiny", "--stage", "solve", "mark"]
    assert main([*arguments, "--max-steps", "3", "--seed", "7", "--runs", "out"]) == 0
    ((recipe, options),) = runner.asked
    assert recipe.name == "gemma3n-math"
    assert (options.data, options.runs) == (tmp_path, Path("out"))
    assert (options.tiny, options.stages) == (True, ("solve", "mark"))
    assert (options.max_steps, options.seed) == (3, 7)


def test_the_base_is_read_from_a_folder_and_keeps_its_name(runner: Runner, tmp_path: Path) -> None:
    main(["qwen2.5-judge", "--base", str(tmp_path)])
    ((recipe, _),) = runner.asked
    assert (recipe.base.folder, recipe.base.hub) == (str(tmp_path), "Qwen/Qwen2.5-1.5B-Instruct")


def test_by_default_every_stage_is_trained_in_full(runner: Runner) -> None:
    main(["qwen2.5-judge"])
    ((_, options),) = runner.asked
    wanted = {"stages": (), "max_steps": 0, "seed": None, "tiny": False, "resume": False}
    assert {name: getattr(options, name) for name in wanted} == wanted


def test_the_list_has_every_recipe_with_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == recipe_names()
    assert all(len(line.split()) > 5 for line in lines)


def test_a_dry_run_trains_nothing(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gemma3n-essay", "--dry-run", "--stage", "mark", "--seed", "5"]) == 0
    printed = capsys.readouterr().out
    assert runner.asked == []
    assert "stage mark" in printed
    assert "stage prefer" not in printed
    assert "seed      5" in printed


def test_a_dry_run_of_several_processes_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "0")
    main(["qwen3-reasoning-it", "--dry-run"])
    assert "x 4 devices" in capsys.readouterr().out
    monkeypatch.setenv("RANK", "1")
    main(["qwen3-reasoning-it", "--dry-run"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (["gema3n-math"], "There is no recipe 'gema3n-math'.", "Is 'gemma3n-math' meant?"),
        (["gemma3n-math", "--stage", "mrk"], "has no stage 'mrk'", "Is 'mark' meant?"),
        (["gemma3n-math", "--data", "nowhere"], "no folder nowhere", "Correct --data."),
        (["gemma3n-math", "--base", "nowhere"], "no folder nowhere", "Correct --base."),
    ],
)
def test_what_does_not_exist_is_answered_with_the_nearest(
    arguments: list[str], message: str, remedy: str, runner: Runner
) -> None:
    with pytest.raises(BadInputError) as caught:
        main(arguments)
    assert message in caught.value.message
    assert caught.value.remedy == remedy
    assert runner.asked == []


@pytest.mark.parametrize("value", ["-1", "many", "1.5"])
def test_a_number_is_a_number(value: str) -> None:
    with pytest.raises(BadInputError, match=r"--max-steps: .* is no whole number from 0"):
        main(["gemma3n-math", f"--max-steps={value}"])


def test_a_recipe_needs_the_training_half(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("train.runner")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delattr("train.runner", raising=False)
    with pytest.raises(BadInputError) as caught:
        main(["gemma3n-math", "--tiny"])
    assert caught.value.message == "Training needs torch, which is not installed."


def test_as_a_module_errors_are_sentences() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "train.command", "gema3n-math"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Is 'gemma3n-math' meant?" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_list_is_quick_to_have() -> None:
    code = (
        "import sys; from train.command import main; main(['list']);"
        "assert not {'torch', 'transformers', 'numpy', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
