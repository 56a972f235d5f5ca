from pathlib import Path

import pytest
from msgspec.structs import replace

from runtime.desk import Desk, Scope
from runtime.desk.alike import by_meaning
from runtime.desk.analysis import Analysis, analyse
from runtime.errors import ModelError
from runtime.marking.mark import Verdict
from runtime.records.store import Store
from tests.runtime.desk.fakes import FakeWorker, products
from tests.runtime.desk.making import line, lines, marked, short, sums, taken

_SECONDS = 30


@pytest.fixture
def class_id(store: Store) -> int:
    return store.classes.add("4b").id


def analysed(desk: Desk, scope: Scope) -> Analysis:
    return desk.analyse(scope).result(_SECONDS)


class TestQuestions:
    def test_counts_and_facility(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        rows = sums(["7/12", "7/12", "2/7", "5/12"])
        (found,) = analysed(desk, marked(desk, tmp_path, rows, class_id)).questions
        assert (found.answers, found.correct, found.incorrect) == (4, 2, 2)
        assert found.facility == pytest.approx(0.5)
        assert found.discrimination is None

    def test_the_hardest_comes_first(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        rows = [short("90 yes", 9), *sums(["2/7"])]
        found = analysed(desk, marked(desk, tmp_path, rows, class_id))
        assert [one.facility for one in found.questions] == [0.0, 1.0]

    def test_a_question_that_parts_the_good_from_the_others_discriminates(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = [
            short(f"{90 if learner < 3 else 10} x", learner, id=f"{q}.{learner}", question=q)
            for q in ("One?", "Two?", "Three?")
            for learner in range(6)
        ]
        odd = [
            short(f"{10 if n < 3 else 90} x", n, id=f"odd.{n}", question="Odd?") for n in range(6)
        ]
        scope = marked(desk, tmp_path, [*rows, *odd], class_id)
        by_name = {one.question: one.discrimination for one in analysed(desk, scope).questions}
        assert by_name["One?"] is not None
        assert by_name["Odd?"] == pytest.approx(-1.0)
        assert by_name["One?"] > 0

    def test_the_teachers_word_counts(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        scope = marked(desk, tmp_path, sums(["2/7", "7/12"]), class_id)
        desk.change(line(desk, scope, "2/7").answer_id, verdict=Verdict.PARTIAL)
        found = analysed(desk, scope)
        assert (found.questions[0].partial, found.overridden) == (1, 1)
        assert found.share == pytest.approx(0.75)

    def test_what_is_not_marked_yet_is_counted_as_such(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        session = taken(desk, tmp_path, sums(["2/7"]), class_id).session
        found = analysed(desk, Scope(session_id=session.id))
        assert (found.pending, found.questions[0].unmarked, found.share) == (1, 1, None)

    def test_nothing_at_all_is_no_trouble(self, store: Store, class_id: int) -> None:
        found = analyse(store, Scope(class_id=class_id))
        assert (found.answers, found.questions, found.title) == (0, (), "4b")


class TestMistakes:
    def test_wrong_answers_in_maths_are_put_together_by_value(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = sums(["2/7", "I say 2/7", "2 / 7", "5/12", "7/12", ""])
        (found,) = analysed(desk, marked(desk, tmp_path, rows, class_id)).questions
        assert [(one.what, one.answers) for one in found.mistakes] == [("2/7", 3), ("5/12", 1)]
        assert found.mistakes[0].learners == ("Learner 0", "Learner 1", "Learner 2")
        assert found.mistakes[0].kind == "value"

    def test_a_wrong_answer_stands_as_most_have_written_it(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = sums(["I say 4/12", "4/12", "4/12", "7/12"])
        (found,) = analysed(desk, marked(desk, tmp_path, rows, class_id)).questions
        assert [(one.what, one.answers) for one in found.mistakes] == [("4/12", 3)]

    def test_the_same_wrong_answer_with_a_wrong_line_above_it_is_told_apart(
        self, store: Store, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        rows = sums(["2/7", "1/3 + 1/4 = 1/7\n2/7"])
        scope = marked(desk, tmp_path, rows, class_id)
        with_line = next(one for one in lines(desk, scope) if "\n" in one.text)
        (stored,) = store.marks.history(with_line.answer_id)
        store.marks.add(
            with_line.answer_id,
            replace(stored.mark, first_wrong_step=0, provenance={"made_by": "another"}),
        )
        (found,) = analysed(desk, scope).questions
        assert {one.what for one in found.mistakes} == {"2/7"}
        assert {one.words for one in found.mistakes} == {
            "2/7",
            "2/7 (a line of the working is wrong)",
        }

    def test_wrong_answers_in_words_by_meaning(
        self, desk: Desk, class_id: int, tmp_path: Path
    ) -> None:
        texts = ["10 it is cold today", "10 it is cold here", "10 boats carry ice", "90 right"]
        rows = [short(text, n) for n, text in enumerate(texts)]
        (found,) = analysed(desk, marked(desk, tmp_path, rows, class_id)).questions
        assert [one.answers for one in found.mistakes] == [2, 1]

    def test_without_an_encoder_by_the_same_words(
        self,
        desk: Desk,
        worker: FakeWorker,
        class_id: int,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        rows = [short(text, n) for n, text in enumerate(["10 cold", "10  Cold.", "10 ice"])]
        scope = marked(desk, tmp_path, rows, class_id)

        def missing(*_texts: object) -> None:
            raise ModelError("There is no model.")

        monkeypatch.setattr(FakeWorker, "compare", missing)
        (found,) = analysed(desk, scope).questions
        assert [one.answers for one in found.mistakes] == [2, 1]

    def test_equal_words_are_never_parted(self) -> None:
        texts = ["a b", "c", "a b", "a b d"]
        assert by_meaning(texts, products(texts)) == [[0, 2, 3], [1]]


class TestLearners:
    def test_each_has_a_line(self, desk: Desk, class_id: int, tmp_path: Path) -> None:
        rows = [short("90 x", 1, id="a"), short("10 x", 2, id="b"), short("9 x", 3, learner=None)]
        scope = marked(desk, tmp_path, rows, class_id)
        found = analysed(desk, scope).learners
        assert [one.nickname for one in found] == ["Learner 1", "Learner 2", ""]
        assert [one.share for one in found] == [1.0, 0.0, 0.0]
        assert found[1].missed == (lines(desk, scope)[0].item_id,)
