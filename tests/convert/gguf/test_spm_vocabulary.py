"""SentencePiece-like vocabularies, random ones too, read by llama.cpp as ``tokenizers`` does."""

import ctypes
import json
import tempfile
from pathlib import Path
from typing import Any

import gguf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_cpp import llama_cpp as llama
from tokenizers import AddedToken, Tokenizer, models, normalizers
from transformers.convert_slow_tokenizer import generate_merges

from convert.gguf.spm_vocabulary import (
    BYTE,
    CONTROL,
    NORMAL,
    UNKNOWN,
    UNUSED,
    USER_DEFINED,
    SpmVocabulary,
    spm_vocabulary,
)
from runtime.errors import ModelError
from runtime.judge import engine

SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<turn>")
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
LETTERS = "▁abc<>\n"


def tokenizer_of(words: list[str], prefix: bool = False) -> Tokenizer:
    """Return a tokenizer over single letters and ``words``, with every merge SentencePiece has."""
    pieces = [*SPECIAL, *BYTES, *LETTERS, "<b>", *words]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    added = {*SPECIAL, *BYTES, "<b>"}
    merges = generate_merges(vocabulary, None, added)
    model = models.BPE(
        vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True
    )
    tokenizer = Tokenizer(model)
    replaced = normalizers.Replace(" ", "▁")
    prepended = normalizers.Sequence([normalizers.Prepend("▁"), replaced])
    tokenizer.normalizer = prepended if prefix else replaced
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.add_tokens([AddedToken("<b>", normalized=False)])
    return tokenizer


def as_json(tokenizer: Tokenizer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tokenizer.to_str())
    return found


def llama_ids(vocabulary: SpmVocabulary, texts: list[str]) -> list[list[int]]:
    """Return what llama.cpp makes of texts, from a file that holds the vocabulary alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vocabulary.gguf"
        writer = gguf.GGUFWriter(path, "llama")
        writer.add_tokenizer_model("llama")
        writer.add_token_list([token.text for token in vocabulary.tokens])
        writer.add_token_scores([token.score for token in vocabulary.tokens])
        writer.add_token_types([token.kind for token in vocabulary.tokens])
        writer.add_add_space_prefix(vocabulary.prefix)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        engine.start()
        params = llama.llama_model_default_params()
        params.vocab_only = True
        model = llama.llama_model_load_from_file(str(path).encode(), params)
    try:
        return [_ids(llama.llama_model_get_vocab(model), text) for text in texts]
    finally:
        llama.llama_model_free(model)


def _ids(vocab: object, text: str) -> list[int]:
    data = text.encode()
    room = (ctypes.c_int32 * (len(data) + 8))()
    count = llama.llama_tokenize(vocab, data, len(data), room, len(room), False, False)
    return list(room[:count])


def expected(tokenizer: Tokenizer, text: str) -> list[int]:
    tokenizer.encode_special_tokens = True
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


@settings(max_examples=60)
@given(
    words=st.lists(st.text(LETTERS, min_size=2, max_size=5), max_size=12),
    texts=st.lists(st.text("abc<> \né", max_size=20), min_size=5, max_size=10),
)
def test_random_vocabularies_are_read_alike(words: list[str], texts: list[str]) -> None:
    tokenizer = tokenizer_of(words)
    found = spm_vocabulary(as_json(tokenizer), 0)
    assert found is not None
    assert llama_ids(found, texts) == [expected(tokenizer, text) for text in texts]


def test_a_text_may_begin_with_a_space_of_its_own() -> None:
    tokenizer = tokenizer_of(["▁a", "ab"], prefix=True)
    found = spm_vocabulary(as_json(tokenizer), 0)
    assert found is not None
    assert found.prefix
    assert llama_ids(found, ["ab", " ab"]) == [expected(tokenizer, t) for t in ("ab", " ab")]


def test_special_text_of_a_child_stays_text() -> None:
    tokenizer = tokenizer_of([])
    found = spm_vocabulary(as_json(tokenizer), 0)
    assert found is not None
    special = {SPECIAL.index(token) for token in SPECIAL}
    for ids in llama_ids(found, list(SPECIAL)):
        assert not special & set(ids)


def test_kinds_and_filling() -> None:
    found = spm_vocabulary(as_json(tokenizer_of(["ab"])), 300)
    assert found is not None
    assert len(found.tokens) == 300
    kinds = {token.text: token.kind for token in found.tokens}
    assert (kinds["<bos>"], kinds["<unk>"], kinds["<b>"]) == (CONTROL, UNKNOWN, USER_DEFINED)
    assert (kinds["<0x0A>"], kinds["ab"], kinds["[PAD299]"]) == (BYTE, NORMAL, UNUSED)


def test_earlier_tokens_have_higher_scores() -> None:
    found = spm_vocabulary(as_json(tokenizer_of(["ab", "bc", "abc"])), 0)
    assert found is not None
    scores = {token.text: token.score for token in found.tokens}
    assert scores["ab"] > scores["bc"] > scores["abc"] > scores["a"]


def test_merges_as_they_were_written_before() -> None:
    new = as_json(tokenizer_of(["ab", "abc"]))
    old = {**new, "model": {**new["model"]}}
    old["model"]["merges"] = [" ".join(pair) for pair in new["model"]["merges"]]
    assert spm_vocabulary(old, 0) == spm_vocabulary(new, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Unigram"},
        {"byte_fallback": False},
    ],
)
def test_another_kind_is_left_alone(change: dict[str, Any]) -> None:
    tokenizer = as_json(tokenizer_of(["ab"]))
    tokenizer["model"].update(change)
    assert spm_vocabulary(tokenizer, 0) is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("normalizer", None),
        ("normalizer", {"type": "NFC"}),
        ("pre_tokenizer", {"type": "Metaspace"}),
        ("pre_tokenizer", {"type": "Split", "pattern": {"String": "▁"}}),
    ],
)
def test_text_that_is_prepared_in_another_way(part: str, value: object) -> None:
    assert spm_vocabulary({**as_json(tokenizer_of(["ab"])), part: value}, 0) is None


# All merges of "ab", "bc" and "abc" (two ways), with one missing or the two ways apart.
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 3), (0, 2, 1, 3)])
def test_other_merges_are_refused(order: tuple[int, ...]) -> None:
    tokenizer = as_json(tokenizer_of(["ab", "bc", "abc"]))
    merges = tokenizer["model"]["merges"]
    assert len(merges) == 4
    tokenizer["model"]["merges"] = [merges[i] for i in order]
    with pytest.raises(ModelError, match="other pairs than SentencePiece"):
        spm_vocabulary(tokenizer, 0)
