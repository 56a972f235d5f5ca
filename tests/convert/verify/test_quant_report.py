"""``kindmark convert compare`` from its files to its table, figures and page."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from convert import command
from convert.compare.measure import measure
from convert.compare.quality import quality
from convert.compare.report import least_quantized_first
from convert.compare.table import Row
from convert.quantize.quantize import quantize
from runtime.errors import BadInputError, ModelError
from runtime.judge.side_head import SideHead, rows, save_side_head
from tests.tiny_decoders import WIDTH, write_decoder

TEXTS = [f"the {word} thing is {i}" for i, word in enumerate(("thin", "other", "third", "thick"))]
QUICK = ["--tokens", "48", "--reply", "4", "--threads", "1"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three sizes of one model, the smallest first."""
    folder: Path = tmp_path_factory.mktemp("quants")
    plain = folder / "m-f32.gguf"
    write_decoder(plain, 1)
    for quant in ("Q8_0", "Q4_0"):
        quantize(plain, folder / f"m-{quant}.gguf", quant)
    return [folder / "m-Q4_0.gguf", folder / "m-Q8_0.gguf", plain]


@pytest.fixture
def head(tmp_path: Path) -> Path:
    weights = np.random.default_rng(5).normal(size=(2, WIDTH))
    path = tmp_path / "m.head.json"
    save_side_head(
        SideHead(name="h", base="m", labels=("no", "yes"), weights=rows(weights), bias=(0.0, 0.0)),
        path,
    )
    return path


class TestCommand:
    def test_table_figures_and_page(
        self, files: list[Path], head: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        figures, page, texts = (tmp_path / name for name in ("f.json", "r.html", "t.txt"))
        texts.write_text("\n".join(TEXTS))
        options = ["--json", str(figures), "--report", str(page), "--texts", str(texts)]
        arguments = ["compare", *map(str, files), "--head", str(head), *options, *QUICK]
        assert command.main(arguments) == 0
        said = capsys.readouterr()
        lines = said.out.splitlines()
        assert [line.split()[1] for line in lines[1:]] == ["F32", "Q8_0", "Q4_0"]
        assert {"MB", "KL"} <= set(lines[0].split())
        assert "same verdict" in lines[0]
        assert "Measuring m-Q8_0.gguf" in said.err
        found = msgspec.json.decode(figures.read_bytes(), type=list[Row])
        assert [row.measured.kind for row in found] == ["F32", "Q8_0", "Q4_0"]
        assert [row.change.verdicts is not None for row in found] == [True] * 3
        html = page.read_text()
        assert html.count("<svg") == 2
        assert "m-Q4_0.gguf" in html

    def test_what_is_no_model_is_named_before_anything_is_measured(
        self, files: list[Path], tmp_path: Path
    ) -> None:
        (tmp_path / "no.gguf").write_bytes(b"nothing")
        with pytest.raises(ModelError, match=r"no\.gguf"):
            command.main(["compare", str(files[0]), str(tmp_path / "no.gguf")])

    def test_a_page_that_cannot_be_written_too(self, files: list[Path], tmp_path: Path) -> None:
        with pytest.raises(BadInputError, match=r"\.html"):
            command.main(["compare", str(files[0]), "--report", str(tmp_path / "r.txt")])

    @pytest.mark.parametrize("content", [None, "", "\n\n"])
    def test_texts_that_are_none(
        self, files: list[Path], tmp_path: Path, content: str | None
    ) -> None:
        path = tmp_path / "texts.txt"
        if content is not None:
            path.write_text(content)
        with pytest.raises(BadInputError, match="texts"):
            command.main(["compare", str(files[0]), "--texts", str(path), *QUICK])


class TestMeasure:
    def test_every_figure_is_there(self, files: list[Path]) -> None:
        found = measure(files[2], tokens=64, reply=4, threads=1)
        assert found.kind == "F32"
        assert found.megabytes == round(files[2].stat().st_size / 1e6, 1)
        assert found.prefill > 0
        assert found.decode is not None
        assert found.decode > 0
        assert 0 < found.before_mb <= found.peak_mb

    def test_an_encoder_writes_nothing(self, tiny_gguf: Path) -> None:
        found = measure(tiny_gguf, tokens=512, reply=4, threads=1)
        assert found.decode is None
        assert found.prefill > 0


class TestQuality:
    def test_the_first_file_is_itself_and_fewer_bits_are_further(self, files: list[Path]) -> None:
        found = quality(files[::-1], TEXTS, None)
        lost = [change.difference.kl for change in found]
        assert lost[0] == 0.0
        assert lost == sorted(lost, key=lambda kl: kl or 0.0)
        assert found[2].difference.kl == max(kl or 0.0 for kl in lost) > 0
        assert [change.verdicts for change in found] == [None] * 3

    def test_files_of_two_models_are_refused(self, files: list[Path], tiny_gguf: Path) -> None:
        with pytest.raises(BadInputError, match="another model"):
            quality([files[2], tiny_gguf], TEXTS, None)


def test_files_are_ordered_by_their_bits(files: list[Path]) -> None:
    assert least_quantized_first(files) == files[::-1]
