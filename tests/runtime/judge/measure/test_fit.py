"""Shapes read from files, probes that compute, and what is foreseen from them."""

from pathlib import Path

import numpy as np
import pytest

from runtime.errors import ModelError
from runtime.judge import gguf_header
from runtime.judge.decoding.branches import BranchContext, BranchLimits
from runtime.judge.engine import Model
from runtime.judge.measure.classroom import ClassSize, classroom
from runtime.judge.measure.fit import Pace, foresee, kind_of, measure_pace
from runtime.judge.measure.probe import KINDS, TINY, write_probe
from runtime.judge.measure.published import published
from runtime.judge.measure.shape import Shape, read_shape
from runtime.judge.measure.speed import pp, tg
from runtime.judge.measure.tuned import Tuned
from runtime.judge.shelf import model_shelf
from tests import tiny_decoders
from tests.runtime.judge.decoders import Files

CLASS = ClassSize(shared=400, answers=30, answer=80, feedback=60)


class TestShape:
    def test_of_a_decoder(self, decoder: Files) -> None:
        shape = read_shape(decoder.path)
        table = decoder.weights["token_embd.weight"].size
        total = sum(weight.size for weight in decoder.weights.values())
        assert shape.parameters == total
        # The final norm is neither in a layer nor in what makes the logits.
        assert shape.body == total - table - tiny_decoders.WIDTH
        assert (shape.output, shape.bits) == (table, 32)
        width = tiny_decoders.KV_HEADS * tiny_decoders.HEAD
        assert shape.cell_bytes == 2 * 2 * tiny_decoders.LAYERS * width
        assert shape.positions == tiny_decoders.POSITIONS

    def test_layers_that_use_the_keys_of_others(
        self, decoder: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain = read_shape(decoder.path)
        header = gguf_header.read(decoder.path)
        header.metadata["qwen3.attention.shared_kv_layers"] = 1
        monkeypatch.setattr(gguf_header, "read", lambda _: header)
        assert read_shape(decoder.path).kv == plain.kv // tiny_decoders.LAYERS

    def test_no_model(self, tmp_path: Path) -> None:
        (tmp_path / "x.gguf").write_bytes(b"GGUF")
        with pytest.raises(ModelError):
            read_shape(tmp_path / "x.gguf")

    def test_every_base_of_the_catalogue_is_published(self) -> None:
        """But for the embedded default, which is built and then measured."""
        fetched = [m.entry for m in model_shelf().models if m.entry.hub]
        assert fetched
        for entry in fetched:
            shape = published(entry.name, entry.file[0].name)
            assert shape is not None
            assert 1e9 < shape.parameters < 8e9

    def test_what_is_published_of_qwen(self) -> None:
        """The 1.54 billion weights and 28 KB a token of the technical report."""
        shape = published("qwen2.5-1.5b", "qwen2.5-1.5b-instruct-q4_k_m.gguf")
        assert shape is not None
        assert shape.parameters == pytest.approx(1.54e9, rel=0.01)
        assert shape.cell_bytes == 28_672
        # The file of the true shape has 983.5 MB.
        assert shape.file_bytes == pytest.approx(983.5e6, rel=0.01)

    @pytest.mark.parametrize("name", [("other", "x-q4_k_m.gguf"), ("gemma-2b", "gemma.gguf")])
    def test_unknown(self, name: tuple[str, str]) -> None:
        assert published(*name) is None


class TestProbe:
    @pytest.mark.parametrize("kind", KINDS)
    def test_it_computes(self, kind: str, tmp_path: Path) -> None:
        path = write_probe(tmp_path, kind, TINY)
        assert kind_of(read_shape(path)) == kind
        with Model(path) as model, BranchContext(model, BranchLimits(64, 4, threads=1)) as context:
            pp(context, 40)
            assert context.length(0) == 40
            tg(context, 3, 4)
            assert [context.length(s) for s in range(4)] == [3, 3, 3, 3]

    def test_the_pace_of_a_tiny_one(self, probe: Path) -> None:
        pace = measure_pace(probe, Tuned(1, 64), repeats=1)
        assert min(pace.read, pace.one, pace.thirty, pace.flops, pace.bandwidth) > 0
        assert 0 <= pace.copied <= 1


def shape_of(times: float, of: Shape) -> Shape:
    """Return a shape with so many times the weights."""
    return of._replace(
        body=times * of.body,
        body_bytes=times * of.body_bytes,
        output=int(times * of.output),
        output_bytes=int(times * of.output_bytes),
        file_bytes=int(times * of.file_bytes),
    )


class TestForeseen:
    @pytest.fixture
    def pace(self, probe: Path) -> Pace:
        return Pace(read_shape(probe), read=0.001, one=0.002, thirty=0.010, copied=0.0)

    def test_the_probe_itself(self, pace: Pace) -> None:
        shape = pace.shape
        found = foresee(shape, pace, CLASS)
        logits = shape.output / (shape.body + shape.output) * pace.thirty
        assert found.verdicts == pytest.approx(2.8 + logits)
        assert found.with_feedback - found.verdicts == pytest.approx(60 * 0.010)
        assert [found.read, found.write] == pytest.approx([1000, 500])

    def test_ten_times_the_weights_take_ten_times_as_long(self, pace: Pace) -> None:
        one, ten = (foresee(shape_of(n, pace.shape), pace, CLASS) for n in (1, 10))
        assert ten.verdicts == pytest.approx(10 * one.verdicts)
        assert ten.with_feedback == pytest.approx(10 * one.with_feedback)

    def test_one_answer_is_written_at_the_pace_of_one(self, pace: Pace) -> None:
        found = foresee(pace.shape, pace, CLASS._replace(answers=1))
        assert found.with_feedback - found.verdicts == pytest.approx(60 * 0.002)

    def test_what_is_laid_out_anew_lies_in_memory_twice(self, pace: Pace) -> None:
        plain, twice = (foresee(pace.shape, pace._replace(copied=c), CLASS) for c in (0.0, 1.0))
        assert twice.peak - plain.peak == int(pace.shape.body_bytes)
        assert plain.peak == plain.memory == twice.memory


def test_a_class() -> None:
    made = classroom(300, CLASS)
    lengths = [len(prompt.ids) - 400 for prompt in made.prompts]
    assert len(lengths) == 30
    assert (min(lengths), max(lengths)) == (40, 120)
    assert np.mean(lengths) == pytest.approx(80, abs=1)
    assert lengths != sorted(lengths)
    assert all(np.array_equal(p.ids[:400], made.prompts[0].ids[:400]) for p in made.prompts)
    assert {prompt.public for prompt in made.prompts} == {400}
