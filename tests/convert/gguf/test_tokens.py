"""What a folder and its GGUF file make of text, token for token."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convert.gguf.to_gguf import to_gguf
from convert.gguf.tokens import SAMPLE, token_differences
from runtime.errors import ModelError
from tests.convert.gguf.conftest import ALL, Converted, Tiny
from tests.convert.gguf.reading import quiet
from train.recipe import Architecture


@pytest.mark.parametrize("architecture", ALL)
def test_the_sample_is_split_alike(
    architecture: Architecture, tiny: Tiny, converted: Converted
) -> None:
    assert token_differences(tiny(architecture), converted(architecture, "f32")) == []


LETTERS = "abc the THE '’sé√½² \n\t0123456789.,<>|[]{}\\$我🙂и"


@pytest.mark.parametrize("architecture", ALL)
@settings(max_examples=10)
@given(data=st.data())
def test_any_text_is_split_alike(
    data: st.DataObject, architecture: Architecture, tiny: Tiny, converted: Converted
) -> None:
    letters = LETTERS if architecture == "bert" else LETTERS + "▁"
    texts = data.draw(st.lists(st.text(letters, max_size=60), min_size=10, max_size=40))
    assert token_differences(tiny(architecture), converted(architecture, "f32"), texts) == []


def test_another_tokenizer_is_noticed(tiny: Tiny, converted: Converted) -> None:
    found = token_differences(tiny("llama"), converted("qwen2", "f32"))
    assert len(found) > len(SAMPLE) / 2
    assert found[0].startswith(repr(SAMPLE[0]))


def test_one_swapped_pair_of_tokens_is_noticed(
    tiny: Tiny, converted: Converted, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    shutil.copytree(tiny("qwen2"), folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["1"], vocabulary["2"] = vocabulary["2"], vocabulary["1"]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")
    found = token_differences(folder, converted("qwen2", "f32"))
    assert any("from token" in line and "1/4" in line for line in found)


def test_composed_text_is_compared(tiny: Tiny, converted: Converted) -> None:
    # Qwen's own tokenizer composes the accent; llama.cpp would see two characters.
    assert token_differences(tiny("qwen2"), converted("qwen2", "f32"), ["cafe\u0301"]) == []


@pytest.mark.parametrize("text", ["1️⃣", "0▁0"])
def test_what_is_known_to_differ_in_wordpiece(text: str, tiny: Tiny, converted: Converted) -> None:
    # If this fails, llama.cpp reads it as BERT's own tokenizer does now: WORDPIECE_DIFFERS is out
    # of date.
    assert token_differences(tiny("bert"), converted("bert", "f32"), [text])


def change_tokenizer(tiny: Tiny, target: Path, architecture: Architecture, **model: object) -> Path:
    shutil.copytree(tiny(architecture), target)
    path = target / "tokenizer.json"
    tokenizer = json.loads(path.read_bytes())
    tokenizer["model"].update(model)
    path.write_text(json.dumps(tokenizer), "utf-8")
    return target


def test_whole_words_that_pass_unmerged_still_do(
    tiny: Tiny, tmp_path: Path, llama_cpp: Path
) -> None:
    folder = change_tokenizer(tiny, tmp_path / "llama3", "llama", ignore_merges=True)
    to_gguf(folder, tmp_path / "llama3.gguf", "f16", llama_cpp, say=quiet)
    assert token_differences(folder, tmp_path / "llama3.gguf") == []


def test_a_rule_that_llama_cpp_lacks_is_refused(
    tiny: Tiny, tmp_path: Path, llama_cpp: Path
) -> None:
    folder = change_tokenizer(tiny, tmp_path / "odd", "qwen2", ignore_merges=True)
    with pytest.raises(ModelError, match="no pre-tokenizer that is known"):
        to_gguf(folder, tmp_path / "odd.gguf", "f16", llama_cpp, say=quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["odd"]


def test_merges_that_sentencepiece_would_not_make_are_refused(
    tiny: Tiny, tmp_path: Path, llama_cpp: Path
) -> None:
    merges = json.loads((tiny("gemma") / "tokenizer.json").read_bytes())["model"]["merges"]
    folder = change_tokenizer(tiny, tmp_path / "odd", "gemma", merges=merges[:-1])
    with pytest.raises(ModelError, match="SentencePiece"):
        to_gguf(folder, tmp_path / "odd.gguf", "f16", llama_cpp, say=quiet)
