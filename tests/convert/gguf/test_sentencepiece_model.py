"""Gemma from a folder that has ``tokenizer.model`` alone, as bases of the hub may."""

import io
import json
import shutil
from pathlib import Path

import pytest
import sentencepiece

from convert.gguf.to_gguf import to_gguf
from convert.gguf.tokens import SAMPLE, ids
from runtime.judge.engine import Model
from tests.convert.gguf.conftest import Tiny
from tests.convert.gguf.reading import quiet
from train.bases.texts import training_texts

SIZE = 2048


@pytest.fixture(scope="module")
def model_file() -> bytes:
    """Return a SentencePiece model of Gemma's kind, trained on texts of ours."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(training_texts()),
        model_writer=written,
        model_type="bpe",
        vocab_size=SIZE,
        byte_fallback=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        split_digits=True,
        pad_id=0,
        eos_id=1,
        bos_id=2,
        unk_id=3,
        control_symbols=["<start_of_turn>", "<end_of_turn>"],
        minloglevel=2,
    )
    return written.getvalue()


def test_it_is_read_as_sentencepiece_reads_it(
    model_file: bytes, tiny: Tiny, llama_cpp: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "gemma"
    shutil.copytree(tiny("gemma"), folder)
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.model").write_bytes(model_file)
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": SIZE}), "utf-8")
    to_gguf(folder, tmp_path / "gemma.gguf", "f16", llama_cpp, say=quiet)
    reference = sentencepiece.SentencePieceProcessor(model_proto=model_file)
    with Model(tmp_path / "gemma.gguf") as model:
        for text in SAMPLE:
            assert ids(model, text, special=False) == reference.encode(text)
