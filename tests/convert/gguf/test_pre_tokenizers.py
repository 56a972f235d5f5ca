import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convert.gguf.pre_tokenizers import pre_tokenizer, read_tokenizer
from runtime.errors import ModelError
from train.bases.tokenizers import LLAMA3_SPLIT, tiny_tokenizer
from train.recipe import Architecture

Json = dict[str, Any]


def tokenizer_json(architecture: Architecture) -> Json:
    found: Json = json.loads(tiny_tokenizer(architecture).backend_tokenizer.to_str())
    return found


@pytest.fixture(scope="module")
def llama() -> Json:
    return tokenizer_json("llama")


def changed(tokenizer: Json, change: Callable[[Json], None]) -> Json:
    found = copy.deepcopy(tokenizer)
    change(found)
    return found


@pytest.mark.parametrize(
    ("architecture", "name"),
    [("qwen2", "qwen2"), ("qwen3", "qwen2"), ("llama", "dbrx"), ("bert", "jina-v2-en")],
)
def test_each_rule_has_its_name(architecture: Architecture, name: str) -> None:
    assert pre_tokenizer(tokenizer_json(architecture)) == name


def test_words_that_pass_unmerged_are_another_rule(llama: Json) -> None:
    whole = changed(llama, lambda t: t["model"].update(ignore_merges=True))
    assert pre_tokenizer(whole) == "llama-bpe"


def test_byte_level_alone_is_that_of_gpt2(llama: Json) -> None:
    rule = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}
    assert pre_tokenizer({**llama, "pre_tokenizer": rule}) == "gpt-2"


def split(llama: Json) -> Json:
    found: Json = llama["pre_tokenizer"]["pretokenizers"][0]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda t: split(t)["pattern"].update(Regex=LLAMA3_SPLIT.replace("{1,3}", "{1,4}")),
        lambda t: split(t)["pattern"].update(Regex=""),
        lambda t: split(t).update(pattern={"String": " "}),
        lambda t: split(t).update(behavior="Removed"),
        lambda t: split(t).update(invert=True),
        lambda t: t["pre_tokenizer"]["pretokenizers"][1].update(add_prefix_space=True),
        lambda t: t["pre_tokenizer"]["pretokenizers"].insert(0, {"type": "Digits"}),
        lambda t: t.update(pre_tokenizer=None),
        lambda t: t.update(pre_tokenizer="?"),
        lambda t: t.update(normalizer={"type": "Lowercase"}),
        lambda t: t["model"].update(type="Unigram"),
        lambda t: t["model"].update(byte_fallback=True),
        lambda t: t["model"].update(end_of_word_suffix="</w>"),
        lambda t: t["model"].update(type="WordPiece"),
    ],
)
def test_any_other_rule_is_refused_not_guessed(llama: Json, change: Callable[[Json], None]) -> None:
    with pytest.raises(ModelError, match="no pre-tokenizer that is known"):
        pre_tokenizer(changed(llama, change))


def test_the_rule_is_named(llama: Json) -> None:
    other = changed(llama, lambda t: split(t)["pattern"].update(Regex="[a-z]+"))
    with pytest.raises(ModelError, match=r"\[a-z\]\+"):
        pre_tokenizer(other)


def test_a_folder_without_one(tmp_path: Path) -> None:
    assert read_tokenizer(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": 3}', '{"model": {"vocab": 1}}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokenizer.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not a tokenizer"):
        read_tokenizer(tmp_path)
