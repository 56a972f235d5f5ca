"""``kindmark data`` as it is typed: data on stdout, the rest on stderr, plain words for faults."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.errors import ExitCode
from tests.train.data.makers import write_rows
from train.data.store import load_saved

RECIPE = """
name = "sums"
title = "Sums"
follows = "nobody"
seed = 7

[base]
hub = "none/none"
architecture = "qwen2"
licence = "Apache-2.0"

[quantization]
bits = 4

[adapter]
rank = 8
alpha = 16
dropout = 0.0
targets = ["q_proj"]

[[stage]]
name = "mark"
kind = "classify"
prompt = "mark_maths"
labels = ["incorrect", "correct"]
balance = true
held_out = 0.25

[stage.training]
epochs = 1
batch = 1
accumulation = 1
learning_rate = 1e-3
schedule = "constant"
optimizer = "adamw_torch"
max_tokens = 64

[[stage.data]]
kind = "simulator"
name = "sums"
count = 64
"""


@pytest.fixture(autouse=True)
def _here(sums: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> int:
    return main(["data", *words])


def test_the_simulators_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == ExitCode.DONE
    assert (
        capsys.readouterr().out
        == "sums  Sums, of four answers to each the first right and the others too high.\n"
    )


def test_a_data_set_is_made_twice_with_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("make", "sums", "--count", "40", "--seed", "5", "--held-out", "0.2", "--balance")
    assert run(*words, "-o", "one") == ExitCode.DONE
    captured = capsys.readouterr()
    assert captured.out == f"{load_saved(Path('one')).manifest.sha256}  one\n"
    assert "To balance 'train'" in captured.err
    assert run(*words, "--out=sub/two", "--quiet") == ExitCode.DONE
    assert capsys.readouterr().err == ""
    assert Path("one.zip").read_bytes() == Path("sub/two.zip").read_bytes()
    for path in [path for path in Path("one").rglob("*") if path.is_file()]:
        assert path.read_bytes() == (Path("sub/two") / path.relative_to("one")).read_bytes()
    command = "kindmark data make sums --count 40 --seed 5 --held-out 0.2 --balance -o DIR"
    assert f"    {command}\n" in Path("one/README.md").read_text()


def test_another_seed_gives_other_data() -> None:
    for seed in ("1", "2"):
        assert run("make", "sums", "--count", "8", "--seed", seed, "-o", seed) == ExitCode.DONE
    assert load_saved(Path("1")).manifest.sha256 != load_saved(Path("2")).manifest.sha256


def test_the_stage_of_a_recipe_is_made() -> None:
    Path("sums.toml").write_text(RECIPE)
    assert run("make", "--recipe", "sums.toml", "-o", "stage") == ExitCode.DONE
    saved = load_saved(Path("stage"))
    assert list(saved.parts) == ["train", "held_out"]
    assert len(saved.parts["held_out"]) == 16
    assert saved.manifest.seed == 7
    assert run("make", "--recipe", "sums.toml", "--stage", "nark", "-o", "x") == ExitCode.BAD_INPUT


def test_a_split_keeps_whose_work_it_is() -> None:
    row = {"task": "math", "question": "1?", "answer": "1", "mark": "good"}
    rows = [row | {"question": f"{n % 8}?", "mark": "good" if n % 3 else "bad"} for n in range(48)]
    write_rows(Path("work.jsonl"), *rows)
    reading = ["--field", "label=mark", "--label", "correct=good,fine", "--label", "incorrect=bad"]
    making = ["make", "work.jsonl", *reading, "--licence", "CC0, A. Teacher", "-o", "all"]
    assert run(*making) == ExitCode.DONE
    assert run("split", "all", "--parts", "a=2,b=1,c=1", "-o", "parts") == ExitCode.DONE
    saved = load_saved(Path("parts.zip"))
    assert {name: len(part) for name, part in saved.parts.items()} == {"a": 24, "b": 12, "c": 12}
    assert saved.manifest.sources[0].licence == "CC0, A. Teacher"
    assert run("split", "all", "-o", "halves") == ExitCode.DONE
    assert list(load_saved(Path("halves")).parts) == ["train", "held_out"]


def test_an_audit_is_a_table_or_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "sums", "--count", "12", "--quiet") == ExitCode.DONE
    assert "\nquestions " in capsys.readouterr().out
    assert run("check", "sums", "--count", "12", "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["examples"] == 12


def test_examples_are_shown_as_a_person_reads_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "sums", "--count", "8", "-n", "2") == ExitCode.DONE
    shown = capsys.readouterr().out
    assert shown.count("sums ") == 2
    assert (
        "  question    0 + 2?\n  reference   2\n  answer      2\n  label       correct\n" in shown
    )


def test_pairs_are_json_lines_on_stdout_or_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("pairs", "sums", "--count", "16", "--per-question", "2")
    assert run(*words) == ExitCode.DONE
    lines = capsys.readouterr().out
    assert {json.loads(line)["chosen"] for line in lines.splitlines()} == {"2", "3", "4", "5"}
    assert run(*words, "-o", "pairs.jsonl") == ExitCode.DONE
    assert Path("pairs.jsonl").read_text() == lines
    assert run(*words, "-o", "pairs.jsonl") == ExitCode.BAD_INPUT
    assert run(*words, "-o", "pairs.jsonl", "--force") == ExitCode.DONE
    assert run(*words, "-o", "none/pairs.jsonl") == ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mak"], "Is 'make' meant?"),
        (["make", "sums", "-o", "x", "--balence"], "Is '--balance' meant?"),
        (["make", "sums"], "required: -o/--out"),
        (["make", "-o", "x"], "There is no SOURCE to read."),
        (["make", "sums", "--recipe", "r", "-o", "x"], "either SOURCE or --recipe, not both"),
        (["make", "sum", "-o", "x"], "Is 'sums' meant?"),
        (["make", "none.jsonl", "-o", "x"], "There is no file none.jsonl."),
        (["make", "sums", "-o", "x", "--held-out", "2"], "'2' is no number between 0 and 1"),
        (["make", "sums", "-o", "x", "--parts", "a,b"], "not of the form train=0.9,held_out=0.1"),
        (["make", "sums", "-o", "x", "--parts", "../a=1"], "not of the form train=0.9"),
        (["check", "sums", "--count", "0"], "'0' is no whole number from 1"),
        (["check", "work.csv", "--field", "label"], "'label' is not of the form OURS=THEIRS"),
        (["make", "--recipe", "none", "-o", "x"], "There is no recipe 'none'."),
    ],
)
def test_bad_usage_says_what_is_meant(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == ExitCode.BAD_INPUT
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_a_recipe_with_several_stages_needs_one_named(capsys: pytest.CaptureFixture[str]) -> None:
    stage = RECIPE[RECIPE.index("[[stage]]") :].replace('"mark"', '"again"')
    Path("sums.toml").write_text(RECIPE + stage)
    assert run("make", "--recipe", "sums.toml", "-o", "x") == ExitCode.BAD_INPUT
    assert "Name one with --stage: mark, again." in capsys.readouterr().err


def test_without_datasets_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    monkeypatch.delitem(sys.modules, "train.data.columns", raising=False)
    assert run("make", "sums", "-o", "x") == ExitCode.BAD_INPUT
    assert "pip install 'kindmark[train]'" in capsys.readouterr().err


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        check=False,
        text=True,
    )


def test_help_and_reading_files_import_nothing_heavy() -> None:
    code = (
        "import sys; from runtime.cli.main import main; main(['data', 'make', '--help'])\n"
        "import train.data.actions\n"
        "print('\\n', {'datasets', 'torch', 'pyarrow', 'pandas'} & sys.modules.keys())"
    )
    done = python(code)
    assert done.stdout.splitlines()[-1].strip() == "set()", done.stderr


def test_offline_a_hub_dataset_is_asked_for_as_a_file(tmp_path: Path) -> None:
    code = (
        "import sys; from runtime.cli.main import main\n"
        "sys.exit(main(['data', 'check', 'hub:nobody/nothing', '--task', 'math', '--quiet']))"
    )
    done = python(code, HF_HUB_OFFLINE="1", HF_HOME=str(tmp_path))
    assert done.returncode == ExitCode.BAD_INPUT
    assert "The split 'train' of the hub dataset nobody/nothing cannot be fetched" in done.stderr
    assert "bring it as a JSONL file" in done.stderr
    assert "Traceback" not in done.stderr
