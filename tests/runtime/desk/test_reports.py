import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from runtime.desk import Desk, Scope
from runtime.errors import BadInputError
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from runtime.words import use
from tests.runtime.desk.making import line, lines, marked, short

HOSTILE = (
    '10 <script>alert("x")</script>',
    "10 </style><img src=http://evil.example/x onerror=alert(1)>",
    "10 {{ 7 * 7 }} {% raw %} &lt;b&gt;",
    "10 \x1b[31m\u202eright\u202c\x07",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "+1+1",
)
_SECONDS = 30


@pytest.fixture
def scope(store: Store, desk: Desk, tmp_path: Path) -> Scope:
    """Hostile answers by learners with hostile names, to a hostile question."""
    rows = [
        short(
            text,
            n,
            task="math",
            reference="7/12",
            question="<b>Why?</b> {{ page }}",
            learner=f"=<i>{n}</i>",
        )
        for n, text in enumerate(HOSTILE)
    ]
    return marked(desk, tmp_path, rows, store.classes.add("<u>4b</u>").id)


class Tags(HTMLParser):
    """Lists the tags of a page and whatever its attributes load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "onerror"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def checked(page: str) -> Tags:
    found = Tags(page)
    assert not found.tags & {"script", "img", "link", "iframe", "i", "b", "u"}
    assert found.loaded == []
    assert not re.search(r"url\(|@import|https?://", page.replace("http://evil.example", ""))
    assert "@media print" in page
    return found


class TestPages:
    def test_a_class_report_shows_hostile_text_as_text(
        self, desk: Desk, scope: Scope, tmp_path: Path
    ) -> None:
        path = tmp_path / "class.html"
        desk.write_report(desk.analyse(scope).result(_SECONDS), path)
        words = " ".join(checked(path.read_text("utf-8")).words)
        assert "<b>Why?</b> {{ page }}" in words
        assert HOSTILE[2] in words
        assert "=<i>3</i>" in words

    def test_a_learners_report_shows_what_was_written_and_nobody_elses(
        self, desk: Desk, scope: Scope, tmp_path: Path
    ) -> None:
        for one in lines(desk, scope):
            path = tmp_path / "learner.html"
            assert one.learner_id is not None
            desk.write_learner_report(scope, one.learner_id, path)
            words = " ".join(checked(path.read_text("utf-8")).words)
            assert one.text.strip() in words
            others = [text for text in HOSTILE if text not in one.text]
            assert not any(text in words for text in others if len(text) > 10)

    def test_it_speaks_the_language_in_use(self, desk: Desk, scope: Scope, tmp_path: Path) -> None:
        use("it")
        try:
            learner = lines(desk, scope)[0].learner_id
            assert learner is not None
            desk.write_learner_report(scope, learner, tmp_path / "it.html")
        finally:
            use("en")
        assert '<html lang="it">' in (tmp_path / "it.html").read_text("utf-8")

    def test_words_about_a_mark_the_teacher_changed_are_left_out(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        class_id = store.classes.add("4c").id
        scope = marked(desk, tmp_path, [short("10 cold", 1)], class_id)
        one = line(desk, scope, "10 cold")
        said = desk.sheet(one.answer_id).mark
        assert said
        assert one.learner_id is not None
        desk.change(one.answer_id, verdict=Verdict.CORRECT, comment="Well put.")
        desk.write_learner_report(scope, one.learner_id, tmp_path / "l.html")
        words = " ".join(checked((tmp_path / "l.html").read_text("utf-8")).words)
        assert "Well put." in words
        assert said.feedback not in words

    def test_a_mark_that_needs_review_is_not_handed_out_as_a_sure_one(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        scope = marked(desk, tmp_path, [short("52 cold", 1)], store.classes.add("4c").id)
        one = line(desk, scope, "52 cold")
        assert one.needs_review
        assert one.learner_id is not None
        told = self._report(desk, scope, one.learner_id, tmp_path)
        said = desk.sheet(one.answer_id).mark
        assert said
        assert "your teacher still looks at this one" in told
        assert "Your teacher still looks at 1 answer." in told
        assert said.feedback not in told
        assert "points" not in told
        desk.accept(one.answer_id)
        told = self._report(desk, scope, one.learner_id, tmp_path)
        assert "still looks" not in told
        assert "points" in told

    @staticmethod
    def _report(desk: Desk, scope: Scope, learner_id: int, folder: Path) -> str:
        desk.write_learner_report(scope, learner_id, folder / "l.html")
        return " ".join(checked((folder / "l.html").read_text("utf-8")).words)

    def test_a_learner_without_answers_is_said_so(
        self, store: Store, desk: Desk, scope: Scope, tmp_path: Path
    ) -> None:
        stranger = store.learners.add("Leo", "owl")
        with pytest.raises(BadInputError):
            desk.write_learner_report(scope, stranger.id, tmp_path / "l.html")
        assert not (tmp_path / "l.html").exists()


class TestTable:
    def test_no_cell_is_a_formula(self, desk: Desk, scope: Scope, tmp_path: Path) -> None:
        path = tmp_path / "class.csv"
        assert desk.write_csv(scope, path) == len(HOSTILE)
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        assert len(rows) == len(HOSTILE) + 1
        live = [cell for row in rows for cell in row if cell.lstrip()[:1] in set("=+-@")]
        assert live == []
        assert {row[2].removeprefix("'") for row in rows[1:]} == set(HOSTILE)

    def test_an_italian_table_is_one_for_italian_spreadsheets_and_can_be_taken_in_again(
        self, store: Store, desk: Desk, tmp_path: Path
    ) -> None:
        scope = marked(
            desk, tmp_path, [short("52 a; b", 1, scale=[0, 2.5])], store.classes.add("4c").id
        )
        path = tmp_path / "class.csv"
        use("it")
        try:
            desk.write_csv(scope, path)
        finally:
            use("en")
        head, row = csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
        cells = dict(zip(head, row, strict=True))
        assert cells["risposta"] == "52 a; b"
        assert "2,5" in row
        assert {"sì", "no"} & set(row)
        again = desk.look_at(str(path), None)
        assert [one.item.answer for one in again.rows if one.item] == ["52 a; b"]

    @pytest.mark.parametrize("place", ["missing/class.csv", "."])
    def test_a_place_that_cannot_be_written_is_said_so(
        self, desk: Desk, scope: Scope, tmp_path: Path, place: str
    ) -> None:
        with pytest.raises(BadInputError) as raised:
            desk.write_csv(scope, tmp_path / place)
        assert raised.value.remedy

    def test_a_table_that_was_there_stays_if_the_disk_is_full(
        self, desk: Desk, scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "class.csv"
        desk.write_csv(scope, path)
        before = path.read_bytes()

        def full(*_anything: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(BadInputError, match="No space"):
            desk.write_csv(scope, path)
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.glob("class.csv*")] == ["class.csv"]
