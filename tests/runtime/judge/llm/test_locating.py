"""From a name to files: what is here, what is missing, and the command that mends it."""

import shutil
from pathlib import Path

import msgspec
import pytest

from runtime.errors import BadInputError, ModelError
from runtime.judge.catalogue import Entry, Trained
from runtime.judge.llm.locating import located
from runtime.judge.shelf import put
from tests.runtime.judge.llm.judging import chat_path
from tests.tiny_decoders import write_lora

__all__ = ["chat_path"]


def entry(name: str, file: Path, **fields: object) -> Entry:
    values = {
        "name": name,
        "kind": "base",
        "title": name,
        "licence": "Apache-2.0",
        "source": "ours",
        "file": [{"name": file.name, "bytes": file.stat().st_size}],
    }
    return msgspec.convert(values | fields, Entry)


@pytest.fixture
def store(tmp_path: Path, chat_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base, an adapter on it, and a head on that."""
    monkeypatch.setenv("KINDMARK_MODELS", str(tmp_path))
    base, lora, head = (tmp_path / name for name in ("base.gguf", "maths.gguf", "head.json"))
    shutil.copyfile(chat_path, base)
    write_lora(lora, 2)
    head.write_text("{}")
    trained = Trained(purpose="causal", prompt="mark_maths")
    adapter = entry("maths", lora, kind="adapter", base="base")
    put(
        tmp_path,
        [
            entry("base", base),
            msgspec.structs.replace(adapter, trained=trained),
            entry("grades", head, kind="head", base="maths"),
        ],
    )
    return tmp_path


@pytest.mark.parametrize("name", ["", "minilm-marker"])
def test_the_embedded_default_is_no_language_model(name: str) -> None:
    assert located(name) is None


def test_a_base_comes_with_its_adapters(store: Path) -> None:
    found = located("base")
    assert found
    assert found.path == store / "base.gguf"
    assert [one.entry.name for one in found.adapters] == ["maths"]


def test_an_adapter_comes_with_its_base(store: Path) -> None:
    found = located("maths")
    assert found
    assert (found.path, found.entry and found.entry.name) == (store / "base.gguf", "base")
    assert [one.entry.name for one in found.adapters] == ["maths"]


def test_a_base_does_without_an_adapter_that_is_gone(store: Path) -> None:
    (store / "maths.gguf").unlink()
    found = located("base")
    assert found
    assert found.adapters == ()


def test_an_adapter_that_is_gone_is_missed_by_its_name(store: Path) -> None:
    (store / "maths.gguf").unlink()
    with pytest.raises(ModelError) as caught:
        located("maths")
    assert caught.value.message == "The model 'maths' is not on this machine."
    assert "kindmark models add" in caught.value.remedy


def test_a_file_of_another_size_is_damaged(store: Path) -> None:
    (store / "base.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelError) as caught:
        located("base")
    assert caught.value.remedy == "See: kindmark models verify base"


def test_a_head_is_no_model(store: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        located("grades")
    assert "'maths'" in caught.value.remedy


def test_a_base_nobody_fetched(store: Path) -> None:
    with pytest.raises(ModelError) as caught:
        located("qwen2.5-1.5b")
    assert caught.value.remedy == "Bring it with: kindmark models pull qwen2.5-1.5b"


def test_a_name_that_is_none(store: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        located("qwen2.5-1.5")
    assert "qwen2.5-1.5b" in caught.value.remedy


def test_a_file_by_its_path(chat_path: Path, tmp_path: Path) -> None:
    found = located(str(chat_path))
    assert found
    assert (found.path, found.entry, found.adapters) == (chat_path, None, ())
    with pytest.raises(BadInputError, match="no model file"):
        located(str(tmp_path / "none.gguf"))
