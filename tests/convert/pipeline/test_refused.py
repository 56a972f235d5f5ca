"""What cannot be converted is refused through the command line: a sentence, a way out, no file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from convert.pipeline.stage_prompts import read_items
from runtime.errors import BadInputError, ExitCode
from tests.convert.pipeline.conftest import Convert, Runs

Spoil = Callable[[Path], None]


@pytest.fixture
def run(runs: Runs, tmp_path: Path) -> Path:
    """A run of its own, to be spoilt."""
    shutil.copytree(runs("qwen2"), tmp_path / "run", ignore=lambda *_: ["convert"])
    return tmp_path / "run"


def weights(run: Path) -> Path:
    return run / "base" / "model.safetensors"


def cut_short(run: Path) -> None:
    weights(run).write_bytes(weights(run).read_bytes()[:-999])


def lose_a_shard(run: Path) -> None:
    tensors = load_file(weights(run))
    index = {"weight_map": dict.fromkeys(tensors, "model-00001-of-00002.safetensors")}
    index["weight_map"]["model.norm.weight"] = "model-00002-of-00002.safetensors"
    weights(run).rename(weights(run).with_name("model-00001-of-00002.safetensors"))
    (run / "base" / "model.safetensors.index.json").write_text(json.dumps(index))


def put_in_nan(run: Path) -> None:
    tensors = load_file(weights(run))
    tensors["model.layers.1.mlp.up_proj.weight"][3, 4] = np.nan
    save_file(tensors, weights(run), metadata={"format": "pt"})


def change_config(**values: object) -> Spoil:
    def change(run: Path) -> None:
        path = run / "base" / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


def other_shape(run: Path) -> None:
    path = run / "mark" / "adapter" / "adapter_model.safetensors"
    found = load_file(path)
    name = next(name for name in found if ".lora_A." in name)
    found[name] = found[name][:, :-8].copy()
    save_file(found, path)


def lose(*parts: str) -> Spoil:
    def remove(run: Path) -> None:
        path = run.joinpath(*parts)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

    return remove


def spoil(*parts: str) -> Spoil:
    def write(run: Path) -> None:
        run.joinpath(*parts).write_text("{")

    return write


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        (cut_short, "model.safetensors", ExitCode.MODEL_UNUSABLE),
        (lose_a_shard, "model-00002-of-00002.safetensors", ExitCode.MODEL_UNUSABLE),
        (put_in_nan, "model.layers.1.mlp.up_proj.weight", ExitCode.MODEL_UNUSABLE),
        (change_config(model_type="llama"), "on a qwen2 base", ExitCode.MODEL_UNUSABLE),
        (other_shape, "adapter", ExitCode.MODEL_UNUSABLE),
        (lose("base"), "no folder 'base'", ExitCode.BAD_INPUT),
        (lose("recipe.toml"), "is no training run", ExitCode.BAD_INPUT),
        (lose("run.json"), "run.json is missing", ExitCode.BAD_INPUT),
        (lose("mark", "adapter", "base.json"), "no finished stage 'mark'", ExitCode.BAD_INPUT),
        (spoil("mark", "adapter", "base.json"), "is damaged", ExitCode.MODEL_UNUSABLE),
        (spoil("recipe.toml"), "is no recipe of a run", ExitCode.BAD_INPUT),
        (
            lose("mark", "adapter", "adapter_model.safetensors"),
            "adapter_model.safetensors",
            ExitCode.MODEL_UNUSABLE,
        ),
    ],
)
def test_a_spoilt_run_says_what_is_wrong(
    *,
    run: Path,
    store: Path,
    convert: Convert,
    capsys: pytest.CaptureFixture[str],
    change: Spoil,
    said: str,
    code: ExitCode,
) -> None:
    change(run)
    assert convert(run, "--stage", "mark", "--quant", "Q8_0") == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert "defect" not in err
    assert not store.exists() or not list(store.iterdir())
    assert not list(run.rglob("*.gguf"))
    assert not list(run.rglob("merged"))


def test_an_unknown_architecture_is_named(
    runs: Runs, tmp_path: Path, convert: Convert, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs("qwen2"), run, ignore=lambda *_: ["convert"])
    change_config(model_type="qwen9", architectures=["Qwen9ForCausalLM"])(run)
    about = run / "mark" / "adapter" / "base.json"
    about.write_text(about.read_text().replace("qwen2", "qwen9"))
    assert convert(run, "--stage", "mark", "--quant", "Q8_0") == ExitCode.MODEL_UNUSABLE
    assert "Qwen9ForCausalLM" in capsys.readouterr().err
    assert not list(run.rglob("*.gguf"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--quant", "Q4_KM"], "Did you mean Q4_K_M?"),
        (["--quant", ","], "No quantization is named"),
        (["--keep", "output"], "TENSOR=TYPE"),
        (["--keep", "output=Q8"], "Did you mean Q8_0?"),
        (["--stage", "marks"], "Did you mean 'mark'?"),
        (["--step", "merg"], "Is 'merge' meant?"),
        (["--name", "right-wrong"], "another model of the name"),
        (["--name", "My Model"], "--name my-model"),
        (["--items", "none.jsonl"], "There is no file none.jsonl"),
        (["--base", "none"], "There is no folder none"),
        (["--head", "inside"], "cannot lie in the GGUF file"),
        (["--stage", "mark", "write", "--name", "a"], "One name cannot serve"),
        (["--qant", "Q8_0"], "Is '--quant' meant?"),
        (["--stage", "mark", "--step", "publish"], "needs what"),
    ],
)
def test_bad_usage(
    *,
    runs: Runs,
    store: Path,
    convert: Convert,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    assert convert(runs("llama"), *options) == ExitCode.BAD_INPUT
    assert said in capsys.readouterr().err
    assert not store.exists()


def test_a_full_disk_is_seen_before_anything_is_written(
    *,
    run: Path,
    store: Path,
    convert: Convert,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert convert(run, "--stage", "mark") == ExitCode.MODEL_UNUSABLE
    assert "are free" in capsys.readouterr().err
    assert not list(run.rglob("*.gguf"))
    assert not list(run.rglob("merged"))


def test_what_is_no_run(
    tmp_path: Path, convert: Convert, capsys: pytest.CaptureFixture[str]
) -> None:
    assert convert(tmp_path / "none") == ExitCode.BAD_INPUT
    assert "There is no run" in capsys.readouterr().err
    assert convert("qwen3-4b") == ExitCode.BAD_INPUT
    assert "kindmark models pull qwen3-4b --weights" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "line 2"),
        ("[1]", "line 2: it is no JSON object"),
        ('{"id": "1", "task": "short_answer", "question": "?"}', "line 2: the field 'answer'"),
    ],
)
def test_labelled_answers_that_cannot_be_read(
    *,
    tmp_path: Path,
    line: str,
    said: str,
) -> None:
    path = tmp_path / "items.jsonl"
    good = '{"id": "1", "task": "short_answer", "question": "?", "answer": "a", "label": 3}'
    path.write_text(f"{good}\n{line}\n")
    with pytest.raises(BadInputError, match=said):
        read_items(path)
    path.write_text(good)
    assert [one.label for one in read_items(path)] == ["3"]
