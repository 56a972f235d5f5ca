"""The practice judge's GGUF file: equal to its model, or not there."""

import tomllib
from pathlib import Path

import pytest

from convert import practice
from runtime.errors import BadInputError
from runtime.judge import gguf_header
from runtime.judge.catalogue import sha256
from train.bases.tiny import write_tiny


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_tiny("qwen3", 1, folder / "model")
    return folder


def test_a_run_becomes_a_file_and_its_entry(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice.main([str(run), "--out", str(tmp_path)]) == 0
    path = tmp_path / practice.FILE
    [entry] = tomllib.loads(capsys.readouterr().out)["entry"]
    assert entry["file"] == [
        {"name": practice.FILE, "bytes": path.stat().st_size, "sha256": sha256(path)}
    ]
    assert "<|im_start|>" in str(gguf_header.read(path).metadata["tokenizer.chat_template"])


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="holds no model"):
        practice.main([str(tmp_path)])
