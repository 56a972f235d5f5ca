"""Adapters at run time beside merged ones, and heads beside transformers' own classifiers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from convert.gguf.lora import lora_to_gguf
from convert.gguf.to_gguf import GgufHead, to_gguf
from convert.merge.adapters import SETTINGS
from convert.verify.hugging_face import read_reference, round_alike
from convert.verify.tally import Difference, Tally, log_softmax
from convert.verify.ways import judging, opened, reading
from runtime.errors import ModelError
from runtime.judge import gguf_header
from tests.convert.verify.conftest import ALL, LABELS, Tiny

EXACT = 5e-3
"""The bar for logits; Gemma and BERT come nearest to it, as llama.cpp rounds GELU to 16 bits."""


def differs(tiny: Tiny, folder: Path, adapter: Path | None) -> Difference:
    """Hold the base's GGUF, with an adapter on it or not, against a folder."""
    tally = Tally()
    with opened(tiny.gguf, adapter, exact=True) as way, reading(way, 256) as read:
        for ids, wanted in zip(tiny.prompts, read_reference(folder, tiny.prompts), strict=True):
            given = np.concatenate(list(read(ids)))
            if wanted.logits is None:
                tally.add_hidden(wanted.hidden, given)
            else:
                tally.add_logits(wanted.logits, given)
    return tally.result()


class TestAdapter:
    @pytest.mark.parametrize("architecture", ALL)
    def test_is_the_merged_model(self, tiny: Callable[[str], Tiny], architecture: str) -> None:
        one = tiny(architecture)
        with_it = differs(one, one.merged, one.lora)
        without = differs(one, one.merged, None)
        assert with_it.max_diff <= EXACT
        assert without.max_diff > 100 * EXACT
        assert with_it.top1 in {None, 1.0}

    def test_in_half_precision_stays_near(
        self, tiny: Callable[[str], Tiny], source: Path, tmp_path: Path
    ) -> None:
        one = tiny("qwen2")
        path = tmp_path / "half.gguf"
        lora_to_gguf(one.adapter, one.base, path, source, print)
        assert path.stat().st_size < 0.6 * one.lora.stat().st_size
        found = differs(one, one.merged, path)
        assert found.max_diff < 0.05
        assert found.kl is not None
        assert found.kl < 1e-5

    def test_rank_stabilized_it_is_scaled_by_the_root_of_its_rank(
        self, tiny: Callable[[str], Tiny]
    ) -> None:
        settings = json.loads((tiny("qwen3").adapter / SETTINGS).read_bytes())
        assert settings["use_rslora"]
        # llama.cpp divides by the rank, 4; it should be by its root.
        alpha = gguf_header.read(tiny("qwen3").lora).metadata["adapter.lora.alpha"]
        assert alpha == pytest.approx(8 * 4 / 2)


class TestRefusedAdapter:
    def test_of_another_shape(self, tiny: Callable[[str], Tiny], tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="for another base"):
            lora_to_gguf(
                tiny("qwen2").adapter, tiny("qwen3").base, tmp_path / "x.gguf", Path(), print
            )
        assert not list(tmp_path.iterdir())

    def test_of_another_tokenizer(self, tiny: Callable[[str], Tiny], tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="for another base"):
            lora_to_gguf(
                tiny("llama").adapter, tiny("qwen2").base, tmp_path / "x.gguf", Path(), print
            )

    def test_a_converter_that_fails_is_quoted_and_leaves_nothing(
        self, tiny: Callable[[str], Tiny], tmp_path: Path
    ) -> None:
        one = tiny("qwen2")
        script = tmp_path / "convert_lora_to_gguf.py"
        script.write_text("raise SystemExit('no such tensor')")
        with pytest.raises(ModelError, match="no such tensor"):
            lora_to_gguf(one.adapter, one.base, tmp_path / "out" / "x.gguf", tmp_path, print)
        assert not list((tmp_path / "out").iterdir())

    def test_a_converter_that_drops_a_change_is_caught(
        self, tiny: Callable[[str], Tiny], tmp_path: Path
    ) -> None:
        one = tiny("qwen2")
        # What it writes is a sound adapter, of another one of fewer layers.
        (tmp_path / "convert_lora_to_gguf.py").write_text(
            "import pathlib, shutil, sys\n"
            "out = pathlib.Path(sys.argv[sys.argv.index('--outfile') + 1])\n"
            f"shutil.copyfile({str(tiny('bert').lora)!r}, out)\n"
        )
        with pytest.raises(ModelError, match="of the 14 changes"):
            lora_to_gguf(one.adapter, one.base, tmp_path / "x.gguf", tmp_path, print)


class TestSideHead:
    @pytest.mark.parametrize("architecture", ALL)
    def test_is_transformers_classifier(
        self, tiny: Callable[[str], Tiny], architecture: str
    ) -> None:
        one = tiny(architecture)
        expected = classes(one)
        with opened(one.gguf, one.lora, exact=True) as way, judging(way, one.side, 256) as judge:
            found = np.array([judge.logits(ids) for ids in one.prompts])
        assert judge.labels == LABELS
        assert expected.std() > 0.2
        assert np.abs(found - expected).max() <= EXACT
        assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


class TestHeadInside:
    @pytest.mark.parametrize("architecture", ["bert", "qwen3"])
    def test_is_transformers_classifier(
        self, tiny: Callable[[str], Tiny], source: Path, tmp_path: Path, architecture: str
    ) -> None:
        one, path = tiny(architecture), tmp_path / "head.gguf"
        to_gguf(one.merged, path, "f32", source, head=GgufHead(LABELS, one.head), say=print)
        expected = classes(one)
        with opened(path, exact=True) as way, judging(way, None, 256) as judge:
            found = np.array([judge.logits(ids) for ids in one.prompts])
        assert judge.labels == LABELS
        if judge.softmaxed:
            expected = log_softmax(expected)
        assert np.abs(found - expected).max() <= EXACT


def classes(one: Tiny) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return transformers' class logits for every prompt, each read by itself."""
    model = one.classifier()
    round_alike(model)
    with torch.inference_mode():
        found = [model(torch.tensor([ids])).logits[0].numpy() for ids in one.prompts]
    return np.array(found, np.float64)
