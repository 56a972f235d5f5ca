"""Pages: whole, escaped, offline, the same bytes each time."""

import os
from pathlib import Path

import pytest

from runtime import words
from runtime.errors import BadInputError
from runtime.report import drawing
from runtime.report.comparison import Comparison
from runtime.report.page import Cell, Page, Section, Table, check_place, html, write_page
from runtime.report.plots import interval_plot, loss_plot, margin_plot
from runtime.report.sections import (
    agreement_section,
    lead,
    score_sections,
    terms_section,
    verdict_sections,
    worst_section,
)
from runtime.report.tables import groups_table
from runtime.report.worst import Disagreement
from tests.runtime.report.examples import Read, scores, verdicts

HOSTILE = '</dd><script>alert(1)</script><img src="x">{{ 7*7 }}&'


def page(found: Comparison) -> Page:
    parts = verdict_sections if found.kind == "verdict" else score_sections
    case = Disagreement(
        id="<b>", question=HOSTILE, answer=HOSTILE, label="correct", given="no", confidence=0.9
    )
    return Page(
        title="A report",
        lead=lead(found, "Kindmark"),
        sections=(
            agreement_section(found, "Kindmark"),
            *parts(found),
            Section(heading="Groups", tables=(groups_table({HOSTILE: found}),)),
            *worst_section([case]),
            terms_section(list(found.measures)),
        ),
        foot="Keep it safe.",
    )


@pytest.fixture(params=[verdicts, scores], ids=["verdicts", "scores"], scope="module")
def written(request: pytest.FixtureRequest) -> str:
    return html(page(request.param()))


class TestPage:
    def test_it_is_whole(self, written: str) -> None:
        read = Read(written)
        assert read.open == []
        assert len(set(read.ids)) == len(read.ids)
        assert {"html", "h1", "table", "caption"} <= set(read.names)

    def test_it_needs_nothing_else(self, written: str) -> None:
        read = Read(written)
        assert not {"script", "link", "img", "iframe", "image"} & set(read.names)
        assert all(address.startswith("#") for address in read.addresses)
        assert "http" not in written
        assert "@import" not in written

    def test_what_children_wrote_is_text(self, written: str) -> None:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
        assert "{{ 7*7 }}&amp;" in written

    def test_a_long_essay_is_cut(self) -> None:
        case = Disagreement(
            id="1", question="q", answer="word " * 1000, label="5", given="0", confidence=0.5
        )
        written = html(Page(title="t", lead="", sections=worst_section([case])))
        assert 200 < written.count("word ") < 400
        assert "…" in written

    def test_the_same_figures_give_the_same_bytes(self, written: str) -> None:
        assert written in {html(page(verdicts())), html(page(scores()))}

    def test_dark_and_paper_are_thought_of(self, written: str) -> None:
        assert "prefers-color-scheme: dark" in written
        assert "@media print" in written


class TestPlots:
    @pytest.fixture(autouse=True)
    def _matplotlib(self) -> None:
        pytest.importorskip("matplotlib")

    def test_each_says_in_words_what_it_shows(self, written: str) -> None:
        read = Read(written)
        assert read.names.count("svg") == len(read.labels) >= 3
        assert all(len(label) > 20 for label in read.labels)

    def test_their_colours_are_those_of_the_page(self, written: str) -> None:
        assert "var(--accent)" in written[written.index("<svg") :]
        assert not [colour for colour in (drawing.INK, drawing.ACCENT) if colour in written]

    def test_their_letters_are_text(self) -> None:
        plot = interval_plot("p", "kappa <1", verdicts().measures, "")
        assert "kappa &lt;1" in plot.svg
        assert "accuracy" in plot.svg

    def test_margins_before_and_after(self) -> None:
        plot = margin_plot("p", [0.0, 0.0], [-1.0, 1.0, 2.0, 3.0])
        assert "before" in plot.svg
        assert plot.alt == "The better answer is ahead in 75\u00a0% of the comparisons."
        assert "before" not in margin_plot("p", [], [1.0, 1.0]).svg

    def test_losses(self) -> None:
        plot = loss_plot("p", ([1, 2], [3.0, 1.0]), ([1, 2], [3.0, 2.0]))
        assert plot.alt == "The training loss went from 3.000 to 2.000 in 2 steps."


class TestWithoutMatplotlib:
    def test_tables_stay_and_the_remedy_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drawing, "find_spec", lambda name: None)
        written = html(page(verdicts()))
        assert "<svg" not in written
        assert "pip install &#39;kindmark[plots]&#39;" in written
        assert written.count("<table>") >= 4


class TestTables:
    def test_shade_and_tone(self) -> None:
        rows = (("row", (Cell("1", shade=0.5), Cell("2", tone="bad"), Cell("3"))),)
        table = Table(caption="Figures.", head=("a", "b", "c"), rows=rows)
        one = Page(title="t", lead="", sections=(Section(heading="h", tables=(table,)),))
        written = html(one)
        assert '<td style="--shade: 0.50">1</td><td class="bad">2</td><td>3</td>' in written
        assert '<th scope="row">row</th>' in written


class TestWriting:
    def test_only_the_page_is_left(self, tmp_path: Path) -> None:
        path = tmp_path / "report.html"
        write_page(Page(title="é \ud800", lead="", sections=()), path)
        assert "<title>é ?</title>" in path.read_text("utf-8")
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            (".", "is a folder."),
            ("report.jsonl", "does not end in .html"),
            ("none/report.html", "there is no folder"),
        ],
    )
    def test_places_it_cannot_stand_in(self, tmp_path: Path, name: str, said: str) -> None:
        with pytest.raises(BadInputError, match=said):
            check_place(tmp_path / name)

    def test_a_folder_one_may_not_write_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(BadInputError, match="permission denied"):
            check_place(tmp_path / "report.html")

    def test_a_full_disk_leaves_the_old_page(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "report.html"
        path.write_text("old", "utf-8")

        def full(*_: object, **__: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_text", full)
        with pytest.raises(BadInputError, match="No space left on device"):
            write_page(Page(title="t", lead="", sections=()), path)
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def test_a_page_says_which_language_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Page(title="Classe 4b", lead="", sections=())
    assert '<html lang="en">' in html(empty)
    monkeypatch.setattr(words, "_current", "it")
    assert '<html lang="it">' in html(empty)
