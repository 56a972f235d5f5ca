"""What cannot be converted, and what is left behind then: nothing."""

import json
import shutil
from pathlib import Path

import pytest

from convert.gguf.to_gguf import to_gguf
from runtime.errors import ModelError
from tests.convert.gguf.conftest import Tiny
from tests.convert.gguf.reading import quiet
from train.recipe import Architecture


def with_config(tiny: Tiny, target: Path, architecture: Architecture, **changes: object) -> Path:
    shutil.copytree(tiny(architecture), target)
    config = json.loads((target / "config.json").read_bytes())
    (target / "config.json").write_text(json.dumps(config | changes), "utf-8")
    return target


def test_an_unknown_architecture_is_named_with_the_nearest(
    tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    folder = with_config(tiny, tmp_path / "odd", "qwen2", architectures=["Qwen2ForCausalLMM"])
    with pytest.raises(ModelError, match=r"'Qwen2ForCausalLMM'.*'Qwen2ForCausalLM'"):
        to_gguf(folder, tmp_path / "x.gguf", "f16", llama_cpp, say=quiet)


def test_a_failure_shows_what_was_said_last_and_keeps_the_old_file(
    tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(tiny("qwen2"), folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    target = tmp_path / "model.gguf"
    target.write_bytes(b"the old one")
    with pytest.raises(ModelError, match=r"(?s)exit code 1.*\|.*Error"):
        to_gguf(folder, target, "f16", llama_cpp, say=quiet)
    assert target.read_bytes() == b"the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "model.gguf"]


def test_what_a_kill_left_is_cleared_away(tiny: Tiny, llama_cpp: Path, tmp_path: Path) -> None:
    left = tmp_path / ".model.gguf.part"
    left.mkdir()
    (left / "model.gguf").write_bytes(b"half")
    said: list[str] = []
    to_gguf(tiny("llama"), tmp_path / "model.gguf", "bf16", llama_cpp, say=said.append)
    assert [path.name for path in tmp_path.iterdir()] == ["model.gguf"]
    assert said == ["Converting llama to GGUF (bf16) ..."]


def test_the_same_input_gives_the_same_bytes(tiny: Tiny, llama_cpp: Path, tmp_path: Path) -> None:
    for name in "ab":
        to_gguf(tiny("gemma"), tmp_path / name, "f16", llama_cpp, name="gemma", say=quiet)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
