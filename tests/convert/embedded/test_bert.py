import json
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader

from convert.embedded import bert, wordpiece
from convert.merge import safetensors
from runtime.errors import ModelError
from runtime.judge.catalogue import sha256
from tests import tiny_models

ABOUT = bert.About("tiny", "Apache-2.0", "https://example.org")


def test_same_input_gives_same_bytes(tiny_sources: Path, tiny_gguf: Path, tmp_path: Path) -> None:
    again = tiny_models.write_gguf(tmp_path / "again.gguf", tiny_sources)
    assert sha256(again) == sha256(tiny_gguf)


def test_matrices_are_half_precision_and_the_rest_is_exact(
    tiny_sources: Path, tiny_gguf: Path
) -> None:
    weights = safetensors.load(tiny_sources / "model.safetensors")
    found = {t.name: t.data for t in GGUFReader(tiny_gguf).tensors}
    assert found["blk.0.attn_q.weight"].dtype == np.float16
    assert found["position_embd.weight"].dtype == np.float32
    bias = weights["encoder.layer.1.output.dense.bias"]
    np.testing.assert_array_equal(found["blk.1.ffn_down.bias"], bias)
    assert not [name for name in found if "pooler" in name or name.startswith("cls")]


class TestWrongSources:
    def test_a_tensor_of_another_shape(self, tiny_sources: Path, tmp_path: Path) -> None:
        shape = bert.read_shape(tiny_sources / "config.json")._replace(vocab_size=9)
        tensors = safetensors.load(tiny_sources / "model.safetensors")
        with pytest.raises(ModelError, match="word_embeddings"):
            bert.write(tmp_path / "m", ABOUT, shape, tiny_models.VOCABULARY, tensors)

    def test_missing_and_unknown_tensors(self, tiny_sources: Path, tmp_path: Path) -> None:
        shape = bert.read_shape(tiny_sources / "config.json")
        tensors = dict(safetensors.load(tiny_sources / "model.safetensors"))
        moved = tensors.pop("encoder.layer.1.output.dense.bias")
        with pytest.raises(ModelError, match=r"lack 1 .* blk\.1\.ffn_down\.bias"):
            bert.write(tmp_path / "m", ABOUT, shape, tiny_models.VOCABULARY, tensors)
        with pytest.raises(ModelError, match="surprise"):
            more = tensors | {"surprise": moved}
            bert.write(tmp_path / "m", ABOUT, shape, tiny_models.VOCABULARY, more)

    @pytest.mark.parametrize(
        "change", [{"model_type": "roberta"}, {"hidden_act": "relu"}, {"hidden_size": None}]
    )
    def test_other_networks(
        self, tiny_sources: Path, tmp_path: Path, change: dict[str, object]
    ) -> None:
        config = json.loads((tiny_sources / "config.json").read_text()) | change
        (tmp_path / "config.json").write_text(json.dumps(config))
        with pytest.raises(ModelError, match=r"config\.json"):
            bert.read_shape(tmp_path / "config.json")

    @pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"model_type": "bert"}', "null"])
    def test_configs_that_are_none(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(ModelError, match="BERT"):
            bert.read_shape(tmp_path / "config.json")


class TestVocabulary:
    def test_words_get_a_phantom_space_and_continuations_lose_their_mark(self) -> None:
        assert wordpiece.phantom("walk") == "▁walk"
        assert wordpiece.phantom("##ing") == "ing"

    @pytest.mark.parametrize(
        ("tokens", "because"), [(["a", "b"], "lacks"), ([*tiny_models.VOCABULARY, "sun"], "twice")]
    )
    def test_unusable_ones(self, tmp_path: Path, tokens: list[str], because: str) -> None:
        (tmp_path / "vocab.txt").write_text("\n".join(tokens))
        with pytest.raises(ModelError, match=because):
            wordpiece.read_vocabulary(tmp_path / "vocab.txt")

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            ('{"normalizer": {"lowercase": false, "strip_accents": null}}', "cased"),
            ('{"normalizer": null}', "BERT tokenizer"),
            ("no json", "BERT tokenizer"),
        ],
    )
    def test_cased_and_other_tokenizers(self, tmp_path: Path, text: str, because: str) -> None:
        (tmp_path / "tokenizer.json").write_text(text)
        with pytest.raises(ModelError, match=because):
            wordpiece.check_normalizer(tmp_path / "tokenizer.json")
